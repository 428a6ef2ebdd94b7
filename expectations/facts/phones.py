"""Facts about telephone numbers in canonical form: what kind of number it is, whose its segment is, where it belongs.

Numbers are looked up by their distinct first digits, never one by one. Segments come from
``reference/phone_segments.csv``, area codes from ``reference/area_codes.csv``, the province of a mobile
from the ``phonenumbers`` library, whose geography is loaded when it is first needed. A segment that
none of them knows is unknown, not wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

import numpy as np
import pandas as pd

from expectations.filing import SEPARATOR
from expectations.reference import Reference, Row
from expectations.rows import Filings, derived

CONTACT_ONE = ("principal_mobile", "site_principal_mobile")
EMERGENCY = ("principal_emergency_mobile", "site_principal_emergency_mobile")
SECOND = ("principal_phone", "site_principal_phone")
MOBILES = CONTACT_ONE + EMERGENCY
PHONES = MOBILES + SECOND

MOBILE = "mobile"
LANDLINE = "landline"  # area code and subscriber number, perhaps an extension
LOCAL = "local"  # a landline without its area code
SERVICE = "service"  # 400, 800, 95…, 96…, 110, 10086 and the like
SEVERAL = "several"  # more than one number in the cell
FOREIGN = "foreign"
MALFORMED = "malformed"

_EXTENSION = "(?:转[0-9]{1,6})?"
_PATTERNS = (
    # Area codes 010 and 02x go with eight digits, all others with seven or eight.
    (LANDLINE, f"^(?:0(?:10|2[0-9])[0-9]{{8}}|0[3-9][0-9]{{9,10}}){_EXTENSION}$"),
    (SEVERAL, SEPARATOR),
    (LOCAL, f"^[2-8][0-9]{{6,7}}{_EXTENSION}$"),
    (SERVICE, "^(?:[48]00[0-9]{7}|9[56][0-9]{3,6}|1[0-2][0-9]{1,4})$"),
    (FOREIGN, r"^\+[0-9]+$"),
)
_MOBILE = "^1[3-9][0-9]{9}$"


def is_mobile(numbers: pd.Series) -> pd.Series:
    """Whether each is eleven digits in the form of a mainland mobile, whoever was given its segment."""
    return numbers.str.contains(_MOBILE).astype(bool)


def form(numbers: pd.Series) -> pd.Series:
    """The kind of each number by its form alone, ``""`` where nothing stands."""
    kinds = np.where(is_mobile(numbers), MOBILE, np.where(numbers == "", "", MALFORMED)).astype(object)
    open_ = np.flatnonzero(kinds == MALFORMED)
    for kind, pattern in _PATTERNS:
        matches = numbers.iloc[open_].str.contains(pattern).to_numpy(dtype=bool)
        kinds[open_[matches]] = kind
        open_ = open_[~matches]
    return pd.Series(kinds, index=numbers.index, dtype="str")


def _form_of(rows: Filings, column: str) -> pd.Series:
    return form(rows[column])


for _column in PHONES:
    derived(f"{_column}_form")(partial(_form_of, column=_column))


def form_is(rows: Filings, columns: tuple[str, ...], *forms: str) -> pd.DataFrame:
    """Whether each cell holds a number of one of these forms."""
    return pd.DataFrame({column: rows[f"{column}_form"].isin(forms) for column in columns}, index=rows.index)


def by_prefix(numbers: pd.Series, length: int, answer: Callable[[str], str]) -> pd.Series:
    """``answer`` of each distinct first ``length`` characters, spread over the numbers."""
    codes, prefixes = pd.factorize(numbers.str.slice(0, length))
    answers = pd.array([answer(prefix) for prefix in prefixes], dtype="str")
    return pd.Series(answers.take(codes), index=numbers.index)


# ── mobiles ──────────────────────────────────────────────────────────────────────────────────────


def segment(mobiles: pd.Series, reference: Reference, field: str) -> pd.Series:
    """A field of each mobile's segment (``use``, ``operator``, ``virtual``), ``""`` where the table has none."""
    segments = {row["prefix"]: row for row in reference.table("phone_segments")}
    nobody: Row = {}
    return by_prefix(
        mobiles, 4, lambda prefix: (segments.get(prefix) or segments.get(prefix[:3]) or nobody).get(field, "")
    )


def segment_known(mobiles: pd.Series, reference: Reference) -> pd.Series:
    """Whether the table or libphonenumber knows each mobile's segment; either may be behind the other."""
    library = re.compile(_library_pattern("mobile"))
    known = by_prefix(mobiles, 4, lambda prefix: "known" if library.fullmatch(prefix + "0000000") else "")
    return (known != "") | (segment(mobiles, reference, "use") != "")


@cache
def _library_pattern(kind: str) -> str:
    from phonenumbers import PhoneMetadata  # only where a number is judged

    return str(getattr(PhoneMetadata.metadata_for_region("CN"), kind).national_number_pattern)


def mobile_province(mobiles: pd.Series, reference: Reference) -> pd.Series:
    """The province (short name) each mobile's segment was given to, ``""`` where the library does not know.

    A number keeps its segment when its owner moves or changes operator: a hint, not a fact.
    """
    return by_prefix(mobiles, 7, lambda prefix: province_at_start(_mobile_place(prefix), reference))


@cache
def _geography() -> dict[str, dict[str, str]]:
    from phonenumbers.geodata import GEOCODE_DATA  # the whole world: a third of a second

    return GEOCODE_DATA


def _mobile_place(prefix: str) -> str:
    """What the library's geocoder says of a number, without its validity check, which is behind on segments."""
    if not re.match("1[3-9]", prefix):
        return ""
    geography = _geography()
    for length in range(len(prefix), 2, -1):
        if place := geography.get(f"86{prefix[:length]}"):
            return place.get("zh", "")
    return ""


# ── landlines ────────────────────────────────────────────────────────────────────────────────────


def area_code(landlines: pd.Series) -> pd.Series:
    """010, 021, 0571: the area code of each number of the form of a landline."""
    return by_prefix(landlines, 4, _area_code)


def _area_code(prefix: str) -> str:
    return prefix[:3] if prefix[1:2] in ("1", "2") else prefix


def area(landlines: pd.Series, reference: Reference, field: str) -> pd.Series:
    """A field of each landline's area (``province``, ``cities``, ``subscriber_digits``), ``""`` where unknown."""
    areas = {row["area_code"]: row for row in reference.table("area_codes")}
    nowhere: Row = {}
    return by_prefix(landlines, 4, lambda prefix: areas.get(_area_code(prefix), nowhere).get(field, ""))


def subscriber(landlines: pd.Series) -> pd.Series:
    """Each landline without area code and extension."""
    whole = landlines.str.replace("转.*$", "", regex=True)
    short = landlines.str.startswith(("01", "02")).astype(bool)
    return whole.str.slice(3).where(short, whole.str.slice(4))


def province_at_start(place: str, reference: Reference) -> str:
    """The province a Chinese place or address begins with (short name), ``""`` where it names none."""
    if place.startswith(("海南藏", "海南州")):  # in Qinghai
        return ""
    provinces = reference.provinces
    return next((place[:length] for length in (2, 3) if place[:length] in provinces), "")


def elsewhere_in_province(rows: Filings, landlines: pd.Series) -> pd.Series:
    """Whether each landline is of another city of the province than the contact address and the city stated.

    Only where one of these two is a city the table knows in the landline's province.
    """
    areas = {row["area_code"]: (row["province"], _cities(row)) for row in rows.basis.reference.table("area_codes")}
    cities_of: dict[str, tuple[str, ...]] = {}
    for province, cities in areas.values():
        cities_of[province] = cities_of.get(province, ()) + cities

    def is_elsewhere(code: str, *stated: str) -> bool:
        province, cities = areas.get(code, ("", ()))
        known = any(name.startswith(cities_of.get(province, ())) for name in stated)
        return known and not any(name.startswith(cities) for name in stated)

    stated = [rows[name] for name in _STATED]
    return _per_combination([area_code(landlines), *stated], is_elsewhere).astype(bool)


def with_area_code(rows: Filings, numbers: pd.Series) -> pd.Series:
    """Each number with the area code of the contact address before it; ``""`` where address and city do not
    settle one, or it is of another length than the numbers there."""
    areas: dict[str, list[Row]] = {}
    for row in rows.basis.reference.table("area_codes"):
        areas.setdefault(row["province"], []).append(row)

    def settled(province: str, remark: str, length: str, *stated: str) -> str:
        there = areas.get(province, [])
        named = [row for row in there if len(there) == 1 or any(name.startswith(_cities(row)) for name in stated)]
        certain = len(named) == 1 and remark != "contradicts" and named[0]["subscriber_digits"] == length
        return named[0]["area_code"] if certain else ""

    province = rows["contact_address.province"].where(rows["contact_address.province"] != "", rows["province"])
    length = numbers.str.replace("转.*$", "", regex=True).str.len().astype("str")
    stated = [rows[name] for name in _STATED]
    code = _per_combination([province, rows["contact_address.remark"], length, *stated], settled).astype("str")
    return (code + numbers).where(code != "", "")


_STATED = ("contact_address.city", "contact_address.county", "city")


def _cities(area_row: Row) -> tuple[str, ...]:
    return tuple(area_row["cities"].split(";"))


def _per_combination(columns: list[pd.Series], answer: Callable[..., str | bool]) -> pd.Series:
    """``answer`` of each distinct combination of the columns' values, spread over the rows."""
    combined = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        codes, values = pd.factorize(column)
        combined = pd.factorize(combined * len(values) + codes)[0]  # small again, so that nothing overflows
    _, first, inverse = np.unique(combined, return_index=True, return_inverse=True)
    combinations = zip(*(column.iloc[first] for column in columns), strict=True)
    answers = np.fromiter((answer(*values) for values in combinations), dtype=object, count=len(first))
    return pd.Series(answers[inverse], index=columns[0].index)


# ── made up, mistyped ────────────────────────────────────────────────────────────────────────────

_SAME = "|".join(f"{digit}{{7,8}}" for digit in "23456789")
_MADE_UP = f"^0(?:10|2[0-9]|[3-9][0-9]{{2}})(?:{_SAME})$|^1[3-9][0-9](?:{_SAME}|0{{8}}|1{{8}}|12345678)$|^13800138000$"


def looks_made_up(numbers: pd.Series) -> pd.Series:
    """Whether the subscriber's digits are all the same or simply count up, or the number is an operator's own."""
    return numbers.str.contains(_MADE_UP).astype(bool)


_MISREAD = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_ONE_NUMBER = re.compile(r"[^0-9+]*\+?([0-9][0-9\s().·-]*)[^0-9]*")


def repaired_mobile(text: str) -> str:
    """The only mobile a mistyped cell can mean, ``""`` where that is not certain."""
    for reading in (text, text.translate(_MISREAD)):
        match = _ONE_NUMBER.fullmatch(reading)
        digits = re.sub("[^0-9]", "", match[1] if match else "")
        if mobile := re.fullmatch("(?:0086|086|86|0)?(1[3-9][0-9]{9})", digits):
            return mobile[1]
    return ""


def only_mobile(text: str) -> str:
    """The mobile among several numbers of which all others are landlines or service numbers, else ``""``."""
    numbers = pd.Series(text.split(SEPARATOR), dtype="str")
    kinds = form(numbers)
    mobiles = numbers[kinds == MOBILE]
    return mobiles.iloc[0] if len(mobiles) == 1 and kinds.isin((MOBILE, LANDLINE, LOCAL, SERVICE)).all() else ""


def repaired_landline(text: str, reference: Reference) -> str:
    """The landline a cell means whose leading zero was lost, ``""`` where that is not certain."""
    candidate = f"0{text}"
    complete = form(pd.Series([candidate], dtype="str")).iloc[0] == LANDLINE
    known = {row["area_code"] for row in reference.table("area_codes")}
    return candidate if complete and _area_code(candidate[:4]) in known else ""
