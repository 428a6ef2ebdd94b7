"""Places in names: which city or province a site names, and where a unit's name puts itself.

Many short names of cities are words too (日照, 大理石); those of ``name_terms.csv`` count only with 市.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from expectations.facts.people import per_value
from expectations.facts.site_names import words
from expectations.reference import Reference, Row
from expectations.rows import Filings


class Places(NamedTuple):
    """Names of places, each with the short name of its province and, below it, the full name of its city."""

    provinces: dict[str, str]
    cities: dict[str, tuple[str, str]]
    counties: dict[str, frozenset[tuple[str, str]]]

    def has(self, name: str) -> bool:
        """Whether a province or city is called so."""
        return name in self.provinces or name in self.cities


@lru_cache(maxsize=2)
def _known(fingerprint: str, reference: Reference) -> Places:
    # References of one folder are equal even when a file of it has changed: hence the fingerprint.
    homonyms = words(reference, "place_homonym")
    provinces: dict[str, str] = {}
    cities: dict[str, tuple[str, str]] = {}
    counties: dict[str, set[tuple[str, str]]] = {}
    for row in reference.table("divisions"):
        if row["level"] == "province":
            provinces |= {row["short"]: row["short"], row["name"]: row["short"]}
        elif row["level"] == "city":
            cities |= {name: (row["province"], row["name"]) for name in _names(row) if name not in homonyms}
        elif row["level"] == "county" and len(row["name"]) > 2:
            counties.setdefault(row["name"], set()).add((row["province"], row["city"]))
    cities = {name: place for name, place in cities.items() if name not in provinces}
    return Places(provinces, cities, {name: frozenset(places) for name, places in counties.items()})


def _names(row: Row) -> list[str]:
    return [name for name in (row["name"], row["short"]) if len(name) > 1]


def known(reference: Reference) -> Places:
    """The places names can speak of; made once per set of tables and day."""
    return _known(reference.fingerprint, reference)


def pattern(reference: Reference) -> str:
    """Matches the name of any province or city, the longest first."""
    places = known(reference)
    return "|".join(map(re.escape, sorted({*places.provinces, *places.cities}, key=lambda name: (-len(name), name))))


def place_in(names: pd.Series, reference: Reference) -> pd.Series:
    """The first province or city each name speaks of, as written; ``""`` for none."""
    places = pattern(reference)
    held = names.where(names.str.contains(places).astype(bool), "")
    search = re.compile(places).search
    return per_value(held, lambda name: match[0] if name and (match := search(name)) else "")


def larger_places(rows: Filings) -> pd.Series:
    """The place a site names where the subject's name begins with a smaller place within it; else ``""``."""
    reference = rows.basis.reference
    named = place_in(rows["site_name"], reference)
    asked = (named != "") & (rows["subject_name"] != "")
    result = rows.constant("")
    if not asked.any():
        return result
    places = known(reference)
    pairs = pd.DataFrame({"place": named[asked], "subject": rows["subject_name"][asked]})
    codes = pairs.groupby(["place", "subject"], sort=False).ngroup().to_numpy()
    distinct = pairs.drop_duplicates().itertuples(index=False)
    answers = [place if _is_larger(places, place, subject) else "" for place, subject in distinct]
    result[asked] = pd.array(answers, dtype="str").take(codes)
    return result


def _is_larger(places: Places, place: str, subject: str) -> bool:
    if place in subject:
        return False
    city, county = _beginning(subject, places.cities), _beginning(subject, places.counties)
    if place in places.provinces:
        province = places.provinces[place]
        if province in subject:
            return False
        homes = {places.cities[city][0]} if city else {home for home, _ in places.counties.get(county, ())}
        return homes == {province}
    within = places.cities[place]
    short = place.removesuffix("市")
    return not city and places.counties.get(county) == frozenset({within}) and short not in subject


def _beginning(text: str, names: Collection[str]) -> str:
    """The longest of the names that begins ``text``."""
    return next(
        (text[:size] for size in range(min(12, len(text)), 1, -1) if text[:size] in names),
        "",
    )


def without_place(name: str, places: Places) -> str:
    """A unit's name without the province, city and county it begins with."""
    for names in (places.provinces, places.cities, places.counties):
        begun = _beginning(name, names)
        name = name.removeprefix(begun)
        if begun and name[:1] in ("省", "市"):
            name = name[1:]
    return name
