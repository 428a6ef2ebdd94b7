"""Which province, city and county a Chinese address lies in, and where a certificate number was given out.

An address is read from its beginning, by the names of divisions.csv, longest first. Libraries that
look for names anywhere in the text take 上海路 in Qingdao for Shanghai and 北京东路 in Shanghai for
Beijing; here a name counts only where it leaves no doubt, and what is doubtful is ``""``:

- a full name (浙江省, 杭州市) counts at the beginning, or after the division it belongs to;
- a short name (浙江, 杭州) only if a division of that place follows (浙江杭州西湖区, 杭州西湖区), a zone
  named after the place (苏州工业园区), or a separator (浙江-…);
- a county by itself only if no other province has one of that name, and never a district of a plain
  name (东城区, 城北区) that towns everywhere use.

Names no longer in use count as well: certificates keep them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from expectations.reference import Reference, Row


class Place(NamedTuple):
    """Where an address lies; ``""`` where that is not certain.

    ``remark`` is ``contradicts`` when the address goes on with a division of another province,
    ``bare`` when it holds nothing but divisions.
    """

    province: str = ""
    city: str = ""
    county: str = ""
    remark: str = ""


class _Names(NamedTuple):
    """Names of divisions of one kind; each leads to the divisions that bear it."""

    by_name: dict[str, list[Row]]
    longest: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, Row]]) -> _Names:
        found: dict[str, list[Row]] = defaultdict(list)
        for name, row in pairs:
            found[name].append(row)
        return cls(dict(found), max(map(len, found), default=0))

    def at_start(self, text: str) -> tuple[str, list[Row]]:
        """The longest of the names that begins ``text``, with its divisions."""
        for length in range(min(self.longest, len(text)), 1, -1):
            if rows := self.by_name.get(text[:length]):
                return text[:length], rows
        return "", []


_SIMPLIFIED = str.maketrans(
    "（）臺灣門廣東雲龍遼寧蘇陝貴慶內區縣鄉鎮島蕭", "()台湾门广东云龙辽宁苏陕贵庆内区县乡镇岛萧"
)
_LEAD = re.compile(
    r"(?:(?:通讯|通信|联系|注册|证件)?(?:地址|住所|住址)[: ]*)?(?:[0-9]{6}(?![0-9]) ?)?(?:中华人民共和国|中国(?!\())? ?"
)
_SEPARATORS = re.compile(r"[\s,，、/|>·_—-]+")
_BRACKETS = re.compile(r"[()\[\]【】]")
_FREE_TRADE = re.compile(r"(?:中国)?\(?([一-龥]{2,3})\)?(?:省|市)?自(?:由)?贸(?:易)?(?:试验)?(?:区|港)")
_PLACEHOLDER = re.compile("市辖区|(?:省|自治区)直辖(?:县级行政区划|行政单位|县)?|县(?=[一-龥]{1,12}县)")
_ZONE = re.compile(
    r"(?:国家级?)?(?:(?:经济技术|经济|高新技术产业|高新技术|高新)?开发区|高新(?:技术产业)?园?区|经开区|工业园区|(?:综合)?保税(?:港)?区)"
)
# After a name, these make it the name of a street, a market, a shop.
_STREET = re.compile(
    "[东西南北中大小新老一二三四五六七八九十]{0,2}(?:[路街道巷弄桥里场城园村镇乡店馆厦]|胡同|小区|花园)"
)
_STREET_AT_ONCE = re.compile("[路街道巷弄桥场]")
_PLAIN_DISTRICT = re.compile("[东西南北中城郊新江河山海湖滨港桥开发高技术经济矿关区]+")
_STANDS_ALONE = re.compile(".*(?:县|旗|市|区)")


class Divisions:
    """A reader of addresses over the rows of divisions.csv."""

    def __init__(self, rows: Iterable[Row]) -> None:
        rows = tuple(rows)
        level: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            level[row["level"]].append(row)
        below = level["county"] + level["town"] + level["area"]
        self._short_provinces = _Names.of((row["short"], row) for row in level["province"])
        self._provinces = _Names.of(_full(level["province"]))
        self._cities = _Names.of(_full(level["city"]))
        self._short_cities = _Names.of((row["short"], row) for row in level["city"] if row["short"])
        self._alone = _Names.of(_full(row for row in level["county"] if _STANDS_ALONE.fullmatch(row["name"])))
        self._cities_of = _by_province(_full(level["city"]))
        self._short_cities_of = _by_province((row["short"], row) for row in level["city"] if row["short"])
        self._counties_of = _by_province(_full(below))
        self._short_counties_of = _by_province((row["short"], row) for row in level["county"] if row["short"])
        self._short_towns_of = _by_province(
            (row["short"], row) for row in level["county"] if row["short"] and row["name"].endswith("市")
        )
        self._places = _Names.of(
            (name, row) for row in rows for name in (row["name"], row["short"], *row["aliases"].split(";")) if name
        )

    def provinces_with(self, name: str) -> frozenset[str]:
        """The provinces that have a city or county of this full or short name; empty if none is known."""
        return frozenset(row["province"] for row in self._places.by_name.get(name, ()))

    def cities_with(self, name: str, province: str) -> frozenset[str]:
        """The cities of a province that are, or hold, a division of this full or short name."""
        return frozenset(
            row["name"] if row["level"] == "city" else row["city"]
            for row in self._places.by_name.get(name, ())
            if row["province"] == province
        )

    def read(self, address: str) -> Place:
        """Where an address lies."""
        text = address.translate(_SIMPLIFIED)
        text = text[_LEAD.match(text).end() :]  # type: ignore[union-attr]
        if (zone := _FREE_TRADE.match(text)) and (rows := self._short_provinces.by_name.get(zone[1])):
            return self._read_within(rows[0]["province"], "", text[zone.end() :].lstrip(" )"))
        text = _SEPARATORS.sub(" ", _BRACKETS.sub("", text)).strip()
        return (
            self._by_full_name(text) or self._by_county(text) or self._by_short_name(text) or self._by_short_city(text)
        ) or Place()

    def _by_full_name(self, text: str) -> Place | None:
        """A province's or a city's full name, whichever is longer: 海南藏族自治州 is in Qinghai."""
        province, in_province = self._provinces.at_start(text)
        city, of_city = self._cities.at_start(text)
        if len(province) >= len(city) and province:
            if province.endswith("市") and text[len(province) :].startswith("场"):
                return None
            return self._read_within(in_province[0]["province"], "", text[len(province) :])
        found = {row["province"] for row in of_city}
        if len(found) != 1 or text[len(city) :].startswith("场"):
            return None
        return self._read_within(found.pop(), of_city[0]["name"], text[len(city) :])

    def _by_county(self, text: str) -> Place | None:
        """A county that no other province has."""
        name, rows = self._alone.at_start(text)
        if not name or len({row["province"] for row in rows}) != 1 or _STREET_AT_ONCE.match(text[len(name) :]):
            return None
        if name.endswith("区") and (len(name) < 3 or _PLAIN_DISTRICT.fullmatch(name)):
            return None
        return Place(rows[0]["province"], _only(row["city"] for row in rows), name, _remark(text[len(name) :]))

    def _by_short_name(self, text: str) -> Place | None:
        name, rows = self._short_provinces.at_start(text)
        if not name:
            return None
        province, rest = rows[0]["province"], text[len(name) :]
        separated = rest.startswith(" ") and not _STREET.match(rest[1:])
        rest = rest.lstrip()
        municipality = rows[0]["name"].endswith("市")
        below = self._short_counties_of if municipality else self._short_towns_of
        follows = (
            rest.startswith(rows[0]["name"])
            or self._cities_of[province].at_start(rest)[0]
            or self._counties_of[province].at_start(rest)[0]
            or self._followed_by_short(self._short_cities_of[province], rest)
            or self._followed_by_short(below[province], rest)
            or (municipality and _ZONE.match(rest))
        )
        return self._read_within(province, "", rest) if follows or separated else None

    def _by_short_city(self, text: str) -> Place | None:
        name, rows = self._short_cities.at_start(text)
        if len({row["province"] for row in rows}) != 1:
            return None
        city, rest = rows[0], text[len(name) :].lstrip()
        _, counties = self._counties_of[city["province"]].at_start(rest)
        if not any(row["city"] == city["name"] for row in counties) and not _ZONE.match(rest):
            return None
        return self._read_within(city["province"], city["name"], rest)

    def _followed_by_short(self, names: _Names, text: str) -> bool:
        """Whether a short name begins the text and is not the name of a street: 朝阳区…, not 朝阳路."""
        name, rows = names.at_start(text)
        if not name:
            return False
        rest = text[len(name) :]
        return not _STREET.match(rest) or bool(self._counties_of[rows[0]["province"]].at_start(rest.lstrip())[0])

    def _read_within(self, province: str, city: str, text: str) -> Place:
        """City and county of an address whose province is certain."""
        rest = self._after_repeated(province, text.lstrip())
        if not city:
            name, rows = self._cities_of[province].at_start(rest)
            if not name and self._followed_by_short(self._short_cities_of[province], rest):
                name, rows = self._short_cities_of[province].at_start(rest)
                # 吉林 is a city and a province, 朝阳 a city and a district: the longer reading wins.
                if len(self._counties_of[province].at_start(rest)[0]) > len(name):
                    name, rows = "", []
            if name:
                city, rest = rows[0]["name"], rest[len(name) :].lstrip()
        rest = rest[match.end() :].lstrip() if (match := _PLACEHOLDER.match(rest)) else rest
        county, rows = self._counties_of[province].at_start(rest)
        of_city = [row for row in rows if row["city"] == city] if city else rows
        if of_city:
            rest = rest[len(county) :]
            return Place(province, city or _only(row["city"] for row in of_city), of_city[0]["name"], _remark(rest))
        if not city and not county and self._elsewhere(province, rest):
            return Place(remark="contradicts")
        return Place(province, city, "", _remark(rest))

    def _after_repeated(self, province: str, text: str) -> str:
        """The text after a province named twice, as municipalities are: 上海市上海市浦东新区."""
        name, rows = self._provinces.at_start(text)
        same = bool(rows) and rows[0]["province"] == province
        longer = len(self._cities_of[province].at_start(text)[0]) > len(name)
        return text[len(name) :].lstrip() if same and not longer else text

    def _elsewhere(self, province: str, text: str) -> bool:
        """Whether the text begins with the full name of another province, or of a city in one."""
        name, rows = max(self._provinces.at_start(text), self._cities.at_start(text), key=lambda found: len(found[0]))
        return bool(rows) and all(row["province"] != province for row in rows) and not _STREET.match(text[len(name) :])


def _full(rows: Iterable[Row]) -> Iterable[tuple[str, Row]]:
    return ((name, row) for row in rows for name in (row["name"], *row["aliases"].split(";")) if name)


def _by_province(pairs: Iterable[tuple[str, Row]]) -> defaultdict[str, _Names]:
    found: dict[str, list[tuple[str, Row]]] = defaultdict(list)
    for name, row in pairs:
        found[row["province"]].append((name, row))
    return defaultdict(lambda: _Names({}, 0), {key: _Names.of(rows) for key, rows in found.items()})


def _only(values: Iterable[str]) -> str:
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _remark(rest: str) -> str:
    return "" if rest.strip() else "bare"


def divisions(reference: Reference) -> Divisions:
    """The reader over the divisions of a reference; made once per set of tables and day."""
    return _reader(reference.fingerprint, reference)


@lru_cache(maxsize=2)
def _reader(fingerprint: str, reference: Reference) -> Divisions:
    # References of one folder are equal even when a file of it has changed: hence the fingerprint.
    return Divisions(reference.table("divisions"))


def places(addresses: pd.Series, reference: Reference) -> pd.DataFrame:
    """Where each address lies: columns province (short: 浙江), city and county (full names), remark.

    See :class:`Place`; text, ``""`` where it is not certain.
    """
    read = divisions(reference).read
    # What follows the first number of a house changes nothing, and makes every address another one.
    heads = pc.replace_substring_regex(pa.array(addresses, pa.large_string()), r"(?s)([^0-9])[0-9].*", r"\10")
    codes, unique = pd.factorize(heads.to_pandas())
    found = pd.DataFrame([read(head) for head in unique], columns=Place._fields, dtype="str")
    return found.take(codes).set_axis(addresses.index)


def region_province(regions: pd.Series, reference: Reference) -> pd.Series:
    """The province (short name) of numbers that begin with a division code; ``""`` where there is none.

    No province for 10 (authorities of the state), for Hong Kong, Macao and Taiwan (71, 81, 82, 83),
    and for digits no province has.
    """
    known = {row["code"]: row["province"] for row in reference.table("provinces")}
    return regions.str.slice(0, 2).map(known).astype("str").fillna("")


INHERITED_REGIONS = {"重庆": "51", "海南": "44"}
"""Codes of Sichuan and Guangdong on numbers given out before 1997 and 1988 in what is now Chongqing and Hainan."""


def region_agrees(regions: pd.Series, provinces: pd.Series, reference: Reference) -> pd.Series:
    """Whether a number's division code says nothing against a province: it is of it, was, or names none."""
    of_number = region_province(regions, reference)
    inherited = provinces.map(INHERITED_REGIONS).astype("str").fillna("")
    return (of_number == "") | (of_number == provinces) | ((inherited != "") & (regions.str.slice(0, 2) == inherited))
