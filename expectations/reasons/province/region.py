"""The city and county stated, against the province filed in and the addresses."""

from __future__ import annotations

import pandas as pd

from expectations.facts.divisions import divisions
from expectations.facts.localities import OPEN
from expectations.rows import Case, Filings, derived
from expectations.rule import Words, rule

_CODES = "MIIT return code 1019 (province, city or county); GB/T 2260"


def _outside(rows: Filings, column: str) -> pd.Series:
    """Whether the division in ``column`` is known, and known in other provinces only."""
    table = divisions(rows.basis.reference)
    keys = rows["filing_province"].str.cat(rows[column], sep="\t")
    answer = {}
    for key in keys.unique():
        province, name = key.split("\t")
        of_name = table.provinces_with(name) or {table.read(name).province} - {""}
        answer[key] = bool(of_name) and province not in of_name
    return keys.map(answer).astype(bool)


@derived("city_elsewhere")
def _city_elsewhere(rows: Filings) -> pd.Series:
    """Whether the city stated is certain to be of another province than the one filed in."""
    return _outside(rows, "city") & (rows["filing_province"] != "") & (rows["city"] != "")


def _wrong_province(rows: Filings) -> pd.Series:
    return rows["certificate_elsewhere"] & ~rows["is_individual"]


@rule(
    "ICP0340",
    zh="城市不属于备案省份", en="The city is not in the province",
    columns=("province", "city"), evidence=("filing_province",), case=OPEN, severity="error", blank="passes",
    message=Words("{province}没有「{city}」", "There is no 「{city}」 in {province}"),
    fix=Words("按证件住所改正省份或城市", "Correct province or city after the certificate's address"),
    owner="agent", source=_CODES,
    good=[
        {}, {"city": "杭州"}, {"city": "义乌市"}, {"city": "样例市"}, {"city": "浙江省杭州市"},
        {"province": "上海", "city": "上海市", "county": "浦东新区"},
        {"province": "上海", "city": "市辖区", "county": "浦东新区"},
        {"province": "上海", "city": "浦东新区", "county": ""}, {"province": "河南", "city": "济源市", "county": ""},
        {"province": "青海", "city": "海南州", "county": "共和县"}, {"province": "吉林", "city": "吉林", "county": ""},
        {"province": "辽宁", "city": "朝阳", "county": ""}, {"province": "浙江省份", "city": "南京市"}, {"city": ""},
        {"province": "江苏"},
    ],
    bad=[
        {"city": "南京市"}, {"city": "南京"},
        {"province": "河北", "city": "北京市", "subject_certificate_address": "石家庄市样例路1号"},
        {"province": "海南", "city": "海南藏族自治州", "subject_certificate_address": "海南省样例路1号"},
    ],
)  # fmt: skip
def city_not_in_province(rows: Filings) -> pd.Series:
    """The form's list of cities depends on the province; a city of another cannot be filed.

    Where a unit's certificate is of another province too, the province is at fault, and that is the finding.
    """
    return rows["city_elsewhere"] & ~_wrong_province(rows)


def _county_of_other_city(rows: Filings) -> pd.Series:
    """Whether city and county are both known in the province, and the county lies in another city of it."""
    table = divisions(rows.basis.reference)
    keys = rows["filing_province"].str.cat([rows["city"], rows["county"]], sep="\t")
    answer = {}
    for key in keys.unique():
        province, city, county = key.split("\t")
        of_city, of_county = table.cities_with(city, province), table.cities_with(county, province)
        answer[key] = bool(of_city) and bool(of_county) and not of_city & of_county
    return keys.map(answer).astype(bool)


@rule(
    "ICP0341",
    zh="区县不属于所填省份或城市", en="The county is not in the province or city",
    columns=("county",), evidence=("filing_province",), case=OPEN, severity="error", blank="passes",
    warning_if=Case(
        "本省有此区县", "where the province has such a county", lambda rows: ~_outside(rows, "county"), ("province",)
    ),
    message=Words("{province}{city}没有「{county}」", "There is no 「{county}」 in {city}, {province}"),
    fix=Words("核对城市和区县", "Check city and county"),
    owner="agent", source=_CODES,
    good=[
        {}, {"county": "样例新区"}, {"county": ""}, {"city": "杭州", "county": "西湖"},
        {"city": "义乌市", "county": "义乌市"},
        {"city": "金华市", "county": "义乌市"}, {"city": "南京市", "county": "玄武区"}, {"city": "市辖区"},
        {"county": "下城区"},
        {"province": "北京", "city": "北京市", "county": "朝阳区"},
        {"province": "河南", "city": "济源市", "county": "济源市"},
        {"province": "吉林", "city": "长春市", "county": "朝阳区"},
        {"province": "北京", "city": "", "county": "宣武区"},
    ],
    bad=[{"county": "鼓楼区"}, {"city": "宁波市", "county": "余杭区"}, {"city": "", "county": "浦东新区"}],
)  # fmt: skip
def county_not_in_city(rows: Filings) -> pd.Series:
    """A county that only other provinces have, or had, is none of the form's list. Within the province it is a
    warning: districts are moved, merged and renamed every year. A city elsewhere is its own finding."""
    return (_outside(rows, "county") | _county_of_other_city(rows)) & ~(rows["city_elsewhere"] | _wrong_province(rows))


@rule(
    "ICP0342",
    zh="所填城市与两个地址都不符", en="The city is that of neither address",
    columns=("city",), evidence=("filing_province",), case=OPEN, severity="warning", blank="passes",
    message=Words(
        "填写的城市是「{city}」，证件住所在{certificate_city}，通讯地址在{contact_city}",
        "The city stated is 「{city}」; the certificate's address is in {certificate_city}, the contact address in "
        "{contact_city}",
    ),
    fix=Words("城市、区县按实际通讯地址填写", "State city and county after the true contact address"),
    owner="agent", source="Volcengine docs 2023, 限制说明: city and county may follow the contact address",
    good=[
        {}, {"city": "宁波市", "county": "", "subject_address": "浙江省宁波市海曙区样例路1号"},
        {"subject_address": "浙江省宁波市海曙区样例路1号"}, {"city": "杭州"}, {"city": "市辖区"}, {"city": "样例市"},
        {"city": "义乌市", "county": "", "subject_certificate_address": "浙江省金华市义乌市样例路1号",
         "subject_address": "浙江省义乌市样例路1号"},
        {"city": "宁波市", "county": "", "subject_certificate_address": "西湖区样例路1号"}, {"city": "南京市"},
    ],
    bad=[{"city": "宁波市", "county": ""}],
)  # fmt: skip
def city_of_neither_address(rows: Filings) -> pd.Series:
    """City and county may follow either address; where both are read and neither fits, one cell is wrong."""
    table = divisions(rows.basis.reference)
    places = ("certificate_address", "contact_address")
    keys = rows["filing_province"].str.cat([rows["city"], *(rows[f"{place}.city"] for place in places)], sep="\t")
    answer = {}
    for key in keys.unique():
        province, city, *read = key.split("\t")
        of_city = table.cities_with(city, province) - {""}
        answer[key] = bool(of_city) and all(read) and not of_city & set(read)
    here = rows["certificate_address.province"] == rows["filing_province"]
    here &= rows["contact_address.province"] == rows["filing_province"]
    return keys.map(answer).astype(bool) & here


@city_of_neither_address.details
def _cities(failing: Filings) -> dict[str, pd.Series]:
    return {
        "certificate_city": failing["certificate_address.city"],
        "contact_city": failing["contact_address.city"],
        "expected": failing["contact_address.city"],
    }


@rule(
    "ICP0343",
    zh="该地段应填指定的区", en="The area belongs to another district",
    columns=("county",), evidence=("subject_address",), case=OPEN, severity="warning", blank="passes",
    message=Words(
        "通讯地址在{area}，按{province}规则（{snapshot}）区县应填{districts}，现为「{county}」",
        "The contact address is in {area}; {province} ({snapshot}) wants the county {districts}, found 「{county}」",
    ),
    fix=Words("区县改为{districts}", "Put {districts} as the county"),
    owner="agent", source="Aliyun ICP docs 2019-09, 学习管局规则",
    good=[
        {}, {"province": "天津", "city": "天津市", "county": "西青区", "subject_address": "天津市华苑产业区样例道1号"},
        {"province": "天津", "city": "天津市", "county": "南开区", "subject_address": "天津市南开区华苑样例道1号"},
        {"province": "天津", "city": "天津市", "county": "和平区", "subject_address": "天津市和平区样例道1号"},
        {"subject_address": "浙江省杭州市西湖区华苑路1号"},
    ],
    bad=[{"province": "天津", "city": "天津市", "county": "和平区", "subject_address": "天津市华苑产业区样例道1号"}],
)  # fmt: skip
def area_in_another_district(rows: Filings) -> pd.Series:
    """One administration says which district to pick for an area that lies in two."""
    wrong = rows.constant(False)
    for (province, area), districts in _areas(rows).items():
        named = (rows["province"] == province) & rows["subject_address"].str.contains(area, regex=False)
        wrong |= named & ~rows["county"].isin(districts)
    return wrong


def _areas(rows: Filings) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows.basis.reference.table("district_rules"):
        found.setdefault((row["province"], row["area"]), []).append(row["district"])
    return found


@area_in_another_district.details
def _area(failing: Filings) -> dict[str, pd.Series]:
    area, districts = failing.constant(""), failing.constant("")
    between = " / " if failing.basis.language == "en" else "或"
    for (province, name), names in _areas(failing).items():
        named = (failing["province"] == province) & failing["subject_address"].str.contains(name, regex=False)
        area, districts = area.mask(named, name), districts.mask(named, between.join(names))
    return {"area": area, "districts": districts, "snapshot": failing.policy("snapshot")}
