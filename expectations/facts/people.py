"""Who is the same person: the legal representative, the two principals, an individual subject.

The certificate number decides where both numbers are given, else the name. The answer is text:
``same``, ``different``, or ``""`` where what was typed does not settle it (a namesake with a number of
another kind, a name in another script).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from expectations.cells.traditional import characters, simplified
from expectations.facts.numbers import is_id_card_check_right
from expectations.rows import Filings, derived

SAME, DIFFERENT, UNSETTLED = "same", "different", ""

HAN = "〇一-龥\u3400-\u4dbf\u9fa6-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U000323af"
"""Inside a character class: Chinese characters, rare ones and those of private use included, as they
stand in names on identity cards."""

UNIT_WORDS = "公司|合伙|集团|事务所|基金会|委员会|研究院|合作社|经营部|商行|...(?:中心|企业|大学|医院)$"
"""A name of a unit, not of a person: the executive partner of a partnership may be one."""

_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･.", "·"))
_LATIN = re.compile("[A-Za-z]")
_HAN = re.compile(f"[{HAN}]")


class Role(NamedTuple):
    """A person named in a filing: where the name, number and type of the certificate stand."""

    name: str
    number: str
    type: str = ""
    mobile: str = ""
    email: str = ""


REPRESENTATIVE = Role("legal_representative_name", "legal_representative_certificate_number")
PRINCIPAL = Role(
    "principal_name", "principal_certificate_number", "principal_certificate_type",
    "principal_mobile", "principal_email",
)  # fmt: skip
SITE_PRINCIPAL = Role(
    "site_principal_name", "site_principal_certificate_number", "site_principal_certificate_type",
    "site_principal_mobile", "site_principal_email",
)  # fmt: skip
SUBJECT = Role("subject_name", "subject_certificate_number", "subject_certificate_type")


def per_value(column: pd.Series, function: Callable[[str], object]) -> pd.Series:
    """``function`` of each distinct value, spread over the rows."""
    codes, values = pd.factorize(column)
    answers = [function(value) for value in values]
    kind = "str" if not answers or isinstance(answers[0], str) else type(answers[0])
    return pd.Series(pd.array(answers, dtype=kind).take(codes), index=column.index)


def _mended(column: pd.Series, odd: str, function: Callable[[str], str]) -> pd.Series:
    """``function`` of the values that match ``odd``; the others are right as they stand."""
    rows = column.str.contains(odd, regex=True).to_numpy(dtype=bool)
    if not rows.any():
        return column
    mended = column.copy()  # the frame's own must stay as it is
    mended[rows] = per_value(column[rows], function)
    return mended


def folded_name(name: str) -> str:
    """A name as compared: case, spaces, middle dots and traditional characters do not tell people apart."""
    return "".join(simplified(name.translate(_DOTS)).casefold().split())


def script(name: str) -> str:
    """``latin``, ``han``, both or neither."""
    return ("latin" if _LATIN.search(name) else "") + ("han" if _HAN.search(name) else "")


def names(column: pd.Series) -> pd.Series:
    """Every name as compared, see :func:`folded_name`."""
    return _mended(column, f"[^一-龥·]|[{characters()}]", folded_name)


def has_traditional(column: pd.Series) -> pd.Series:
    """Whether a name holds characters that have a simplified form."""
    return _mended(column, f"[{characters()}]", simplified) != column


def numbers(column: pd.Series) -> pd.Series:
    """Every certificate number as compared: brackets within do not tell numbers apart, A123456(7)."""
    return column.str.replace(r"[()]", "", regex=True)


def same_person(name: pd.Series, number: pd.Series, other_name: pd.Series, other_number: pd.Series) -> pd.Series:
    """Whether two people are one: ``same``, ``different`` or ``""``, row by row.

    Two different identity numbers in order are two people, whatever their names; of two different
    numbers one of which is of another kind or mistyped, the names decide, and equal names leave it open.
    """
    both_names = [names(name), names(other_name)]
    both_numbers = [numbers(number), numbers(other_number)]
    named, numbered = _both(both_names), _both(both_numbers)
    same_name, same_number = _equal(both_names), _equal(both_numbers)
    same = (numbered & same_number) | (named & same_name & ~numbered)
    verdict = np.where(same, SAME, UNSETTLED).astype(object)
    for rows, columns, differ in (
        (named & ~same_name & ~same, both_names, _comparable),
        (numbered & ~same, both_numbers, _two_identities),
    ):
        verdict[np.flatnonzero(rows)[differ([column[rows] for column in columns])]] = DIFFERENT
    return pd.Series(verdict, index=name.index, dtype="str")


def _comparable(both: list[pd.Series]) -> np.ndarray:
    """Names in different scripts may be one person's: the passport's and the one used here."""
    one, other = (per_value(column, script) for column in both)
    return ((one == other) | (one == "latinhan") | (other == "latinhan")).to_numpy(dtype=bool)


def _two_identities(both: list[pd.Series]) -> np.ndarray:
    return np.logical_and(*(is_id_card_check_right(column).to_numpy(dtype=bool) for column in both))


def _both(columns: list[pd.Series]) -> np.ndarray:
    return ((columns[0] != "") & (columns[1] != "")).to_numpy(dtype=bool)


def _equal(columns: list[pd.Series]) -> np.ndarray:
    return (columns[0] == columns[1]).to_numpy(dtype=bool)


def relation(rows: Filings, one: Role, other: Role) -> pd.Series:
    """:func:`same_person` of two roles of a filing."""
    return same_person(rows[one.name], rows[one.number], rows[other.name], rows[other.number])


@derived("principal_and_representative")
def _principal_and_representative(rows: Filings) -> pd.Series:
    return _or_named_within(rows, PRINCIPAL)


@derived("site_principal_and_representative")
def _site_principal_and_representative(rows: Filings) -> pd.Series:
    return _or_named_within(rows, SITE_PRINCIPAL)


@derived("principals_are")
def _principals(rows: Filings) -> pd.Series:
    return relation(rows, SITE_PRINCIPAL, PRINCIPAL)


def _or_named_within(rows: Filings, role: Role) -> pd.Series:
    """The relation of a principal to the representative, whose cell may name a unit and its delegate:
    某某投资管理有限公司(委派代表：张某)."""
    verdict = relation(rows, role, REPRESENTATIVE)
    unit = per_value(rows[REPRESENTATIVE.name], lambda name: bool(re.search(UNIT_WORDS, name)))
    for row in np.flatnonzero(unit.to_numpy(dtype=bool) & (verdict == DIFFERENT).to_numpy(dtype=bool)):
        person = folded_name(rows[role.name].iloc[row])
        if person and person in folded_name(rows[REPRESENTATIVE.name].iloc[row]):
            verdict.iloc[row] = SAME
    return verdict
