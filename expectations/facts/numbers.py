"""Identity numbers of people and units: their forms, check digits and what they say.

Every function takes a Series of canonical identifiers (upper case, no separators) and judges all of
them at once over the bytes of the column; where the form is another one, the answer is False (or
``""``). Standards: GB 11643-1999 (居民身份证; 港澳台居民居住证 number alike), GB 32100-2015 (统一社会信用代码),
GB 11714-1997 (组织机构代码), GS 15-2006 (营业执照注册号), ISO 7064 for the check characters.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Without I, O, S, V and Z, which are misread."""

_ID_CARD = "^[0-9]{17}[0-9X]$"
_RESIDENCE_PERMIT = "^8[123]0000[0-9]{11}[0-9X]$"
_CREDIT_CODE = "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$"
_REGISTRY = (
    "^(?:1[1239]|2[19]|3[1-59]|4[19]|5[1239]|6[129]|7[129]|8[19]|9[123]|A[19]|N[1239]|Y1)"
    "(?:10|1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])"
)
"""Registries and their kinds of body (GB 32100-2015), then a province, or 10 for the whole state."""
_LICENCE = "^[0-9]{15}$"
_ORGANISATION_CODE = "^[0-9A-Z]{8}[0-9X]$"

# Provinces of the mainland, and 71 for people of Taiwan who live in it. 81, 82 and 83 stand in no
# identity card: they begin residence permits.
_REGIONS = np.zeros(100, dtype=bool)
_REGIONS[[*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71]] = True

_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)
_CREDIT_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_DAYS = np.array([0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def _values(alphabet: str) -> np.ndarray:
    table = np.zeros(256, dtype=np.int64)
    table[list(alphabet.encode())] = range(len(alphabet))
    return table


_CREDIT_VALUES = _values(CREDIT_CODE_ALPHABET)
_ORGANISATION_VALUES = _values("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def is_id_card_form(numbers: pd.Series) -> pd.Series:
    """17 digits and a check character; says nothing of their sense."""
    return _series(numbers, _matching(numbers, _ID_CARD))


def is_first_generation(numbers: pd.Series) -> pd.Series:
    """The 15 digits of identity cards that lost their validity on 2013-01-01."""
    plausible = _matching(numbers, _LICENCE)
    digits = _bytes(numbers, plausible, 15) - ord("0")
    real = _REGIONS[_number(digits[:, :2])] & _is_date(
        1900 + _number(digits[:, 6:8]), _number(digits[:, 8:10]), _number(digits[:, 10:12])
    )
    return _spread(numbers, plausible, real)


def is_residence_permit_form(numbers: pd.Series) -> pd.Series:
    """The number of a residence permit for people of Hong Kong (81), Macao (82) or Taiwan (83)."""
    return _series(numbers, _matching(numbers, _RESIDENCE_PERMIT))


def has_known_region(numbers: pd.Series) -> pd.Series:
    """Of identity-card form, and the first two digits are a province."""
    fitting = _matching(numbers, _ID_CARD)
    digits = _bytes(numbers, fitting, 18)[:, :2] - ord("0")
    return _spread(numbers, fitting, _REGIONS[_number(digits)])


def has_real_birth_date(numbers: pd.Series, as_of: date) -> pd.Series:
    """Of identity-card form, born since 1900 on a day that exists and is not after ``as_of``."""
    fitting = _matching(numbers, _ID_CARD)
    digits = _bytes(numbers, fitting, 18) - ord("0")
    year, month, day = _number(digits[:, 6:10]), _number(digits[:, 10:12]), _number(digits[:, 12:14])
    today = as_of.year * 10_000 + as_of.month * 100 + as_of.day
    return _spread(
        numbers,
        fitting,
        _is_date(year, month, day) & (year >= 1900) & (year * 10_000 + month * 100 + day <= today),
    )


def birth_date(numbers: pd.Series) -> pd.Series:
    """The birth date in a number of identity-card form as ISO text, real or not; else ``""``."""
    return numbers.where(is_id_card_form(numbers), "").str.replace(
        r"^[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2}).*$", r"\1-\2-\3", regex=True
    )


def is_id_card_check_right(numbers: pd.Series) -> pd.Series:
    """MOD 11-2, of identity cards and of residence permits."""
    fitting = _matching(numbers, _ID_CARD)
    characters = _bytes(numbers, fitting, 18)
    return _spread(
        numbers, fitting, _ID_CHECKS[((characters[:, :17] - ord("0")) @ _ID_WEIGHTS) % 11] == characters[:, 17]
    )


def is_credit_code_form(numbers: pd.Series) -> pd.Series:
    """18 characters of the code's alphabet with six digits of a division from the third."""
    return _series(numbers, _matching(numbers, _CREDIT_CODE))


def is_of_credit_code_registry(numbers: pd.Series) -> pd.Series:
    """The first four characters are those of a registry that gives out credit codes: no older number has them
    in 18 characters."""
    return _series(numbers, _matching(numbers, _CREDIT_CODE) & _matching(numbers, _REGISTRY))


def is_credit_code_check_right(numbers: pd.Series) -> pd.Series:
    """MOD 31 over the first 17 characters."""
    fitting = _matching(numbers, _CREDIT_CODE)
    values = _CREDIT_VALUES[_bytes(numbers, fitting, 18)]
    return _spread(numbers, fitting, (31 - (values[:, :17] @ _CREDIT_WEIGHTS) % 31) % 31 == values[:, 17])


def is_credit_code_organisation_right(numbers: pd.Series) -> pd.Series:
    """The organisation code within a credit code (characters 9–17) has its right check digit.

    Codes of the first pilots are legal though their 18th character fails; this one holds in them.
    """
    fitting = _matching(numbers, _CREDIT_CODE)
    return _spread(numbers, fitting, _organisation_checks(_bytes(numbers, fitting, 18)[:, 8:17]))


def is_organisation_code_form(numbers: pd.Series) -> pd.Series:
    """Eight characters and a check digit."""
    return _series(numbers, _matching(numbers, _ORGANISATION_CODE))


def is_organisation_code_check_right(numbers: pd.Series) -> pd.Series:
    """11 less the weighted sum modulo 11."""
    fitting = _matching(numbers, _ORGANISATION_CODE)
    return _spread(numbers, fitting, _organisation_checks(_bytes(numbers, fitting, 9)))


def is_licence_form(numbers: pd.Series) -> pd.Series:
    """The 15 digits of a business licence of before the credit code."""
    return _series(numbers, _matching(numbers, _LICENCE))


def is_licence_check_right(numbers: pd.Series) -> pd.Series:
    """MOD 11,10 over all 15 digits."""
    fitting = _matching(numbers, _LICENCE)
    digits = _bytes(numbers, fitting, 15) - ord("0")
    product = np.full(len(digits), 10)
    for place in range(14):
        total = (product + digits[:, place]) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    return _spread(numbers, fitting, (product + digits[:, 14]) % 10 == 1)


_MISREAD = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "U"}


def without_misread_letters(number: str) -> str:
    """``number`` with the letters a credit code never holds read as what they look like; an identity
    card's final 0 or 1 is left alone."""
    return "".join(_MISREAD.get(character, character) for character in number)


def _organisation_checks(codes: np.ndarray) -> np.ndarray:
    sums = _ORGANISATION_VALUES[codes[:, :8]] @ _ORGANISATION_WEIGHTS
    return np.frombuffer(b"0X987654321", dtype=np.uint8)[sums % 11] == codes[:, 8]


def _is_date(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = _DAYS[np.where(month <= 12, month, 0)] - ((month == 2) & ~leap)
    return (day >= 1) & (day <= days)


def _number(digits: np.ndarray) -> np.ndarray:
    return digits @ (10 ** np.arange(digits.shape[1] - 1, -1, -1))


def _array(numbers: pd.Series) -> pa.Array:
    array = pa.array(numbers, from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_string())


def _matching(numbers: pd.Series, pattern: str) -> np.ndarray:
    matching = pc.fill_null(pc.match_substring_regex(_array(numbers), pattern), False)
    return matching.to_numpy(zero_copy_only=False)


def _bytes(numbers: pd.Series, fitting: np.ndarray, width: int) -> np.ndarray:
    """The fitting numbers as a matrix of their ASCII codes, one row each."""
    chosen = _array(numbers).filter(pa.array(fitting))
    codes = np.frombuffer(chosen.buffers()[2] or b"", dtype=np.uint8)
    start = int(np.frombuffer(chosen.buffers()[1], dtype=np.int64)[chosen.offset]) if len(chosen) else 0
    return codes[start : start + len(chosen) * width].reshape(len(chosen), width).astype(np.int64)


def _spread(numbers: pd.Series, fitting: np.ndarray, verdict: np.ndarray) -> pd.Series:
    answer = np.zeros(len(numbers), dtype=bool)
    answer[fitting] = verdict
    return _series(numbers, answer)


def _series(numbers: pd.Series, verdict: np.ndarray) -> pd.Series:
    return pd.Series(verdict, index=numbers.index)
