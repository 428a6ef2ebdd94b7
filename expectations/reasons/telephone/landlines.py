"""Landlines as contact 2: their form, their area code, and where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from expectations.cellwise import each, per_cell, repaired, settled
from expectations.facts import phones
from expectations.facts.localities import OPEN
from expectations.facts.phones import SECOND, form_is
from expectations.filing import SEPARATOR
from expectations.rows import ORGANISATIONS, Case, Filings
from expectations.rule import Words, rule

FORM = "Aliyun ICP docs 2019-09, 填写主体信息和网站信息"
FORM_OLD = "Aliyun ICP docs 2019-09, 填写主体信息和网站信息（旧版 FAQ）"
PLAN = "工信部信管〔2017〕68号 numbering plan; open-source segment tables 2019–2020"


@rule(
    "ICP0714",
    zh="联系方式2既不是手机也不是固定电话", en="Contact 2 is neither a mobile nor a landline",
    columns=SECOND, severity="error", case=ORGANISATIONS,
    message=Words("{cells}既不是手机号码，也不是“区号+号码”的固定电话",
                  "{cells}: neither a mobile nor a landline with its area code"),
    fix=Words("填区号加 7 或 8 位号码（如 0571-88880001），或 11 位手机号码；不填 400、800、95 等服务号码",
              "Give area code and 7 or 8 digits (such as 0571-88880001) or an 11-digit mobile; no 400 or 95 number"),
    owner="filer", source=f"{FORM}; {FORM_OLD}",
    good=[{}, {"principal_phone": "13805710009"}, {"principal_phone": "057188880001转801"},
          {"principal_phone": "88880001"}, {"principal_phone": "02088880001"}, {"principal_phone": ""}],
    bad=[{"principal_phone": "4008001234"}, {"principal_phone": "057188880"}, {"site_principal_phone": "无"},
         {"principal_phone": "0101234567"}, {"principal_phone": "+85223456789"}, {"principal_phone": "57188880001"},
         {"principal_phone": "0000000"}, {"site_principal_phone": "1380571000"}],
)  # fmt: skip
def second_phone_is_neither_mobile_nor_landline(rows: Filings) -> pd.DataFrame:
    """The form takes a mobile or a landline written area code first."""
    return form_is(rows, SECOND, phones.SERVICE, phones.FOREIGN, phones.MALFORMED)


@second_phone_is_neither_mobile_nor_landline.details
def _second_repaired(rows: Filings) -> dict[str, pd.Series]:
    def repair(text: str) -> str:
        return phones.repaired_mobile(text) or phones.repaired_landline(text, rows.basis.reference)

    return {"expected": repaired(second_phone_is_neither_mobile_nor_landline, rows, repair)}


@rule(
    "ICP0715",
    zh="固定电话没有区号", en="Landline without its area code",
    columns=SECOND, severity="error", case=ORGANISATIONS,
    message=Words("{cells}缺区号", "{cells}: the area code is missing"),
    fix=Words("在号码前加通讯地址所在地的区号，如 0571-88880001",
              "Put the area code of the contact address before it, such as 0571-88880001"),
    owner="filer", source=FORM_OLD,
    good=[{}, {"principal_phone": "05788880001"}],
    bad=[{"principal_phone": "88880001"}, {"site_principal_phone": "8888001转8"}],
)  # fmt: skip
def landline_lacks_area_code(rows: Filings) -> pd.DataFrame:
    """The form wants country code, area code and number; without the area nobody can call."""
    return form_is(rows, SECOND, phones.LOCAL)


@landline_lacks_area_code.details
def _with_area_code(rows: Filings) -> dict[str, pd.Series]:
    value = lambda column: phones.with_area_code(rows, rows[column])  # noqa: E731
    return {"expected": settled(landline_lacks_area_code, rows, value)}


def _landlines(rows: Filings, holds: Callable[[pd.Series], pd.Series]) -> pd.DataFrame:
    return each(rows, SECOND, lambda column: (rows[f"{column}_form"] == phones.LANDLINE) & holds(rows[column]))


@rule(
    "ICP0716",
    zh="区号不存在或已停用", en="Area code that is not in use",
    columns=SECOND, severity="error", case=ORGANISATIONS,
    message=Words("{cells}的区号{areas}不存在或已停用", "{cells}: area code {areas} is not in use"),
    fix=Words("核对区号（部分城市已并入邻近城市的区号）", "Check the area code (some cities now share a neighbour's)"),
    owner="filer", source=f"{FORM_OLD}; libphonenumber 9",
    good=[{}, {"principal_phone": "08518888001"}, {"principal_phone": "089888880001"}],
    bad=[{"principal_phone": "03001234567"}, {"principal_phone": "02688880001"},
         {"site_principal_phone": "06348880001"}],
)  # fmt: skip
def landline_area_code_not_in_use(rows: Filings) -> pd.DataFrame:
    """Area codes are few and do not come and go: what the numbering plan does not have cannot be called."""
    return _landlines(rows, lambda numbers: phones.area(numbers, rows.basis.reference, "subscriber_digits") == "")


@landline_area_code_not_in_use.details
def _areas(rows: Filings) -> dict[str, pd.Series]:
    area = lambda column: phones.area_code(rows[column])  # noqa: E731
    return {"areas": per_cell(landline_area_code_not_in_use, rows, area, "、")}


@rule(
    "ICP0717",
    zh="不可能存在的固定电话", en="Landline that cannot exist",
    columns=SECOND, severity="error", case=ORGANISATIONS,
    message=Words("{cells}区号后以 0 或 1 开头，没有这样的固定电话",
                  "{cells}: begins with 0 or 1 after the area code; there is no such landline"),
    fix=Words("改填真实的办公固定电话或手机号码", "Give the real office landline or a mobile"),
    owner="filer", source=f"MIIT interface codes 1010, 1031; {PLAN}",
    good=[{}, {"principal_phone": "01062880001"}, {"principal_phone": "02088880001"}],
    bad=[{"principal_phone": "01000000000"}, {"site_principal_phone": "057112345678"}],
)  # fmt: skip
def landline_cannot_exist(rows: Filings) -> pd.DataFrame:
    """Within an area 0 leads out of it and 1 to short service numbers, so no line begins with either."""
    return _landlines(rows, _impossible)


def _impossible(numbers: pd.Series) -> pd.Series:
    return phones.subscriber(numbers).str.startswith(("0", "1")).astype(bool)


@rule(
    "ICP0718",
    zh="固定电话的位数与当地不符", en="Landline of unusual length for its area",
    columns=SECOND, severity="warning", case=ORGANISATIONS,
    message=Words("{cells}的位数与该区号不符，当地固定电话为 {digits} 位（不含区号）",
                  "{cells}: landlines of this area have {digits} digits after the area code"),
    fix=Words("核对是否多写或漏写了数字", "Check whether a digit is missing or too many"),
    owner="filer", source="libphonenumber 9, numbering of each area",
    good=[{}, {"principal_phone": "08518880001"}, {"principal_phone": "085188880001"},
          {"principal_phone": "057188880001转8"}, {"principal_phone": "05708880001"}],
    bad=[{"principal_phone": "05718888001"}, {"site_principal_phone": "057088880001"}],
)  # fmt: skip
def landline_of_unusual_length(rows: Filings) -> pd.DataFrame:
    """Areas go from seven digits to eight now and then, and the table may be behind: never an error."""

    def unusual(numbers: pd.Series) -> pd.Series:
        usual = phones.area(numbers, rows.basis.reference, "subscriber_digits")
        return (usual.isin(("7", "8"))) & (phones.subscriber(numbers).str.len().astype("str") != usual)

    return _landlines(rows, unusual)


@landline_of_unusual_length.details
def _digits(rows: Filings) -> dict[str, pd.Series]:
    digits = lambda column: phones.area(rows[column], rows.basis.reference, "subscriber_digits")  # noqa: E731
    return {"digits": per_cell(landline_of_unusual_length, rows, digits, "、")}


def _place(rows: Filings, column: str) -> pd.Series:
    reference = rows.basis.reference
    cities = phones.area(rows[column], reference, "cities").str.replace(SEPARATOR, "、", regex=False)
    province = phones.area(rows[column], reference, "province")
    return phones.area_code(rows[column]) + " " + province + ("（" + cities + "）").where(cities != province, "")


UNCERTAIN_ADDRESS = Case(
    "通讯地址看不出省份", "the contact address tells no province",
    lambda rows: (rows["contact_address.province"] == "") | (rows["contact_address.remark"] == "contradicts"),
)  # fmt: skip


def _of_another_province(rows: Filings, column: str) -> pd.Series:
    home = phones.area(rows[column], rows.basis.reference, "province")
    away = (home != "") & (home != rows["filing_province"]) & (home != rows["contact_address.province"])
    return away & (rows[f"{column}_form"] == phones.LANDLINE) & ~_impossible(rows[column])  # found as such


@rule(
    "ICP0719",
    zh="固定电话的区号属于外省", en="Landline of another province",
    columns=SECOND, evidence=("filing_province",), severity="error", warning_if=UNCERTAIN_ADDRESS,
    case=ORGANISATIONS & OPEN,
    message=Words("{cells}的区号不在通讯地址所在的省份：{places}",
                  "{cells}: area code outside the province of the contact address: {places}"),
    fix=Words("改填通讯地址当地的固定电话，或改填手机号码", "Give a landline of the contact address, or a mobile"),
    owner="filer", source=FORM_OLD,
    good=[{}, {"principal_phone": "057488880001"}, {"principal_phone": "13800100001"},
          {"province": "北京", "principal_phone": "01062880001", "site_principal_phone": "01062880001"}],
    bad=[{"principal_phone": "01062880001"}, {"site_principal_phone": "02588880001"},
         {"subject_address": "杭州市西湖区样例路1号101室", "principal_phone": "02088880001"}],
)  # fmt: skip
def landline_of_another_province(rows: Filings) -> pd.DataFrame:
    """The area code must belong to the contact address, and a landline stays in its area: an error where the
    address itself tells its province."""
    return each(rows, SECOND, partial(_of_another_province, rows))


@landline_of_another_province.details
def _provinces(rows: Filings) -> dict[str, pd.Series]:
    return {"places": per_cell(landline_of_another_province, rows, partial(_place, rows))}


@rule(
    "ICP0720",
    zh="固定电话的区号属于外市", en="Landline of another city",
    columns=SECOND, evidence=("filing_province", "city"), severity="warning", case=ORGANISATIONS & OPEN,
    message=Words("{cells}的区号不是{city}的：{places}", "{cells}: not an area code of {city}: {places}"),
    fix=Words("确认号码；区号应与通讯地址一致", "Check the number; its area code should suit the contact address"),
    owner="filer", source=FORM_OLD,
    good=[{}, {"province": "四川", "city": "眉山市", "principal_phone": "02888880001",
               "site_principal_phone": "02888880001", "subject_address": "四川省眉山市样例路1号"},
          {"city": "样例县", "principal_phone": "057488880001", "subject_address": "样例路1号"},
          {"principal_phone": "01062880001"},
          {"principal_phone": "057488880001", "subject_address": "浙江省宁波市样例路1号"}],
    bad=[{"principal_phone": "057488880001"}, {"city": "宁波市", "site_principal_phone": "05708880001"}],
)  # fmt: skip
def landline_of_another_city(rows: Filings) -> pd.DataFrame:
    """Codes are shared across cities and offices move: worth a look, no more."""

    def away(column: str) -> pd.Series:
        landline = rows[f"{column}_form"] == phones.LANDLINE
        return landline & ~_of_another_province(rows, column) & phones.elsewhere_in_province(rows, rows[column])

    return each(rows, SECOND, away)


@landline_of_another_city.details
def _cities(rows: Filings) -> dict[str, pd.Series]:
    return {"places": per_cell(landline_of_another_city, rows, partial(_place, rows))}
