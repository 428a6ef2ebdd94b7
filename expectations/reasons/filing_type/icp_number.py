"""The form of ICP numbers: 浙ICP备12345678号 for a subject, with -1 for its first site."""

from __future__ import annotations

import re

import pandas as pd

from expectations.cellwise import damaged
from expectations.facts import filing_types as types
from expectations.facts.filing_types import NONE
from expectations.facts.people import per_value
from expectations.facts.records_on_file import SITE_ON_FILE, SUBJECT_ON_FILE, on_file
from expectations.filing import YES
from expectations.rows import Case, Filings, filed_as
from expectations.rule import rule
from expectations.words import Words

_SOURCE = "Aliyun ICP docs 2019-09, 备案号FAQ"
_SUBJECT = "[一-龥]ICP备[0-9]{5,12}号"
_INDEX = "-?[1-9][0-9]*[A-Z]?"  # apps and mini programs end in a letter
_NUMBERS = ("subject_icp_number", "site_icp_number")
_DIGITS = (8, 10)  # two digits of the year and six of serial; since about 2020 four and six


_OTHER_KINDS = {
    "公网安备": Words("，这是公安联网备案号", "; this is a public security record number"),
    "ICP证": Words("，这是经营许可证号", "; this is a commercial licence number"),
    "B[0-9]-?[0-9]{6}": Words("，这是增值电信业务经营许可证号", "; this is a telecom licence number"),
}
"""Numbers often mistaken for an ICP number, by what marks them."""


def _what(number: pd.Series, language: str) -> pd.Series:
    text = pd.Series("", index=number.index, dtype="str")
    for pattern, words in _OTHER_KINDS.items():
        text = text.mask(number.str.contains(pattern, regex=True) & (text == ""), words(language))
    return text


def _subject_of(numbers: pd.Series) -> pd.Series:
    """The subject's number where only the ending is wrong or is a site's, else blank."""
    return per_value(numbers, lambda number: f"{found[1]}号" if (found := _LIKE.fullmatch(_simplified(number))) else "")


def _site_of(numbers: pd.Series) -> pd.Series:
    """The site's number where more follows its index, else blank."""

    def site(number: str) -> str:
        found = _LIKE.fullmatch(_simplified(number))
        return f"{found[1]}号-{found[2]}" if found and found[2] else ""

    return per_value(numbers, site)


_LIKE = re.compile(r"([一-龥]ICP备[0-9]{5,12})(?:号(?:-?([1-9][0-9]*[A-Z]?))?号?)?")


def _simplified(number: str) -> str:
    return number.replace("備", "备").replace("號", "号").replace("备案", "备")


@rule(
    "ICP1020",
    zh="主体备案号格式不正确", en="The subject ICP number is malformed",
    columns=("subject_icp_number",), blank="passes", severity="error",
    message=Words(
        "主体备案号「{subject_icp_number}」格式不正确，应如「浙ICP备12345678号」，不带网站序号{what}",
        "subject ICP number 「{subject_icp_number}」 is malformed; 「浙ICP备12345678号」 without a site's index is "
        "expected{what}",
    ),
    fix=Words("按工信部备案系统所示填写主体备案号", "Give the subject's number as MIIT shows it"),
    owner="agent", source=_SOURCE + "; 接入备案FAQ",
    good=[
        {}, {"subject_icp_number": "浙ICP备11010000号"}, {"subject_icp_number": "京ICP备2021012345号"},
        {"subject_icp_number": "陇ICP备05000593号"}, {"subject_icp_number": "蜀ICP备12014244号"},
    ],
    bad=[
        {"subject_icp_number": "浙ICP备11010000号-1"}, {"subject_icp_number": "浙ICP备11010000"},
        {"subject_icp_number": "ICP备11010000号"}, {"subject_icp_number": "京ICP证030173号"},
        {"subject_icp_number": "京公网安备11010802012345号"}, {"subject_icp_number": "11010000"},
        {"subject_icp_number": "浙ICP备1101号"},
    ],
)  # fmt: skip
def subject_icp_number_malformed(rows: Filings) -> pd.Series:
    """A subject's number ends in 号; what follows it is one site's index, with which nothing is found."""
    return ~rows["subject_icp_number"].str.fullmatch(_SUBJECT)


@subject_icp_number_malformed.details
def _subject_form(rows: Filings) -> dict[str, pd.Series]:
    number = rows["subject_icp_number"]
    expected = _subject_of(number)
    expected = expected.where(expected != "", _recorded(rows, "register.subject_icp_number"))
    return {"expected": expected, "what": _what(number, rows.basis.language)}


@rule(
    "ICP1021",
    zh="网站备案号格式不正确", en="The site ICP number is malformed",
    columns=("site_icp_number",), blank="passes", severity="error",
    message=Words(
        "网站备案号「{site_icp_number}」格式不正确，应如「浙ICP备12345678号-1」{what}",
        "site ICP number 「{site_icp_number}」 is malformed; 「浙ICP备12345678号-1」 is expected{what}",
    ),
    fix=Words("按工信部备案系统所示填写，含「-」和网站序号", "Give the number as MIIT shows it, with the site's index"),
    owner="agent", source=_SOURCE,
    good=[
        {}, {"site_icp_number": "浙ICP备11010000号-11"}, {"site_icp_number": "京ICP备2021012345号-1"},
        {"site_icp_number": "京ICP备2021012345号-2A"},
    ],
    bad=[
        {"site_icp_number": "浙ICP备11010000号"}, {"site_icp_number": "浙ICP备11010000-1"},
        {"site_icp_number": "京ICP证030173号"}, {"site_icp_number": "浙ICP备号-1"},
        {"site_icp_number": "浙ICP备11010000号-0"},
    ],
)  # fmt: skip
def site_icp_number_malformed(rows: Filings) -> pd.Series:
    """A site's number is its subject's with an index; without one it names the subject."""
    return ~rows["site_icp_number"].str.fullmatch(_SUBJECT + _INDEX)


@site_icp_number_malformed.details
def _site_form(rows: Filings) -> dict[str, pd.Series]:
    number = rows["site_icp_number"]
    expected = _site_of(number)
    expected = expected.where(expected != "", _recorded(rows, "register.site_icp_number"))
    return {"expected": expected, "what": _what(number, rows.basis.language)}


@rule(
    "ICP1022",
    zh="备案号位数少见", en="An ICP number of unusual length",
    columns=_NUMBERS, blank="passes", severity="warning",
    message=Words(
        "{cells}中的数字不是 8 位或 10 位，可能漏填或多填",
        "{cells}: neither 8 nor 10 digits, some may be missing or too many",
    ),
    fix=Words("对照工信部备案系统核对备案号", "Compare the number with MIIT's"),
    owner="agent", source="published ICP numbers, 2005–2026: 8 digits, 10 since about 2020",
    good=[{}, {"subject_icp_number": "浙ICP备11010000号", "site_icp_number": "浙ICP备11010000号-123"},
          {"subject_icp_number": "京ICP备2021012345号"}, {"subject_icp_number": "11010"}],
    bad=[{"subject_icp_number": "浙ICP备1101000号"}, {"site_icp_number": "京ICP备202101234号-1"}],
)  # fmt: skip
def icp_number_of_unusual_length(rows: Filings) -> pd.DataFrame:
    """Nearly all numbers have 8 or 10 digits; no source says that others cannot be, so this only warns."""
    marks = {}
    for key in _NUMBERS:
        usual = "|".join(f"[0-9]{{{digits}}}" for digits in _DIGITS)
        form = rows[key].str.match(f"{_SUBJECT}(?:{_INDEX})?$")
        marks[key] = form & ~rows[key].str.match(f"[一-龥]ICP备(?:{usual})号")
    return pd.DataFrame(marks)


@rule(
    "ICP1023",
    zh="网站备案号不属于该主体备案号", en="The site ICP number is not of that subject",
    columns=_NUMBERS, blank="passes", severity="error",
    message=Words(
        "网站备案号「{site_icp_number}」应以主体备案号「{subject_icp_number}」开头",
        "site ICP number 「{site_icp_number}」 should begin with the subject's, 「{subject_icp_number}」",
    ),
    fix=Words("核对两个备案号", "Check both numbers"),
    owner="agent", source=_SOURCE,
    good=[
        {}, {"subject_icp_number": "浙ICP备11010000号", "site_icp_number": "浙ICP备11010000号-2"},
        {"subject_icp_number": "浙ICP备11010000号-1", "site_icp_number": "浙ICP备11010000号-2"},
        {"subject_icp_number": "", "site_icp_number": "浙ICP备11010000号-2"},
    ],
    bad=[{"subject_icp_number": "浙ICP备11010000号", "site_icp_number": "浙ICP备11010001号-2"},
         {"subject_icp_number": "浙ICP备11010000号", "site_icp_number": "浙ICP备110100000号-2"}],
)  # fmt: skip
def site_number_of_another_subject(rows: Filings) -> pd.Series:
    """Sites are numbered under their subject."""
    subject, site = (_subject_of(rows[key]) for key in _NUMBERS)
    return (subject != "") & (site != "") & (subject != site)


@rule(
    "ICP1024",
    zh="备案号省份简称与备案省份不符", en="The ICP number's province is another",
    columns=_NUMBERS, evidence=("province",), blank="passes", severity="warning",
    message=Words(
        "{cells}的省份简称不属于{province}；备案号由备案所在省份编发",
        "{cells}: the letter of the province is not that of {province}, which issues its own numbers",
    ),
    fix=Words("核对备案号与主办单位所属省份", "Check the number and the province"),
    owner="agent", source=_SOURCE,
    good=[
        {}, {"subject_icp_number": "浙ICP备11010000号"},
        {"province": "四川", "subject_icp_number": "蜀ICP备11010000号"},
        {"province": "四川", "subject_icp_number": "川ICP备11010000号"},
        {"province": "甘肃", "site_icp_number": "陇ICP备11010000号-1"}, {"subject_icp_number": "11010000"},
    ],
    bad=[{"subject_icp_number": "沪ICP备11010000号"}, {"province": "广西", "site_icp_number": "粤ICP备11010000号-1"}],
)  # fmt: skip
def icp_number_of_another_province(rows: Filings) -> pd.DataFrame:
    """The first letter is the short form of the province that issued the number; a subject that moved may still
    show its old one, so this warns."""
    table = rows.basis.reference.table("province_letters")
    of_letter = {row["letter"]: row["province"] for row in table}
    of_province = {row["province"] for row in table}
    marks = {}
    for key in _NUMBERS:
        issuer = rows[key].where(rows[key].str.match("[一-龥]ICP备"), "").str.slice(0, 1).map(of_letter)
        marks[key] = issuer.notna() & rows["province"].isin(of_province) & (issuer.fillna("") != rows["province"])
    return pd.DataFrame(marks)


_HELD_HERE = Case(
    "原备案在本接入商的新增网站",
    "a new site of a subject filed with this provider",
    lambda rows: (
        (rows["filing_type"] == types.NEW_SITE_HERE) | ((rows["filing_type"] == types.NEW_SITE) & _filed_here(rows))
    ),
    ("filing_type",),
)


def _filed_here(rows: Filings) -> pd.Series:
    return rows["register.subject_here"] == YES if rows.has("register.subject_here") else rows.constant(False)


def _blank(rows: Filings, key: str) -> pd.Series:
    """Nothing was typed; a damaged cell is blank too, but another rule speaks of it."""
    return (rows[key] == "") & ~damaged(rows, key)


@rule(
    "ICP1025",
    zh="未填写主体备案号", en="The subject ICP number is missing",
    columns=("subject_icp_number",), blank="judged",
    case=filed_as(*types.NEW_SITES, types.ACCESS, types.CHANGE, *types.CLOSING),
    severity="error", warning_if=_HELD_HERE | filed_as(*types.CLOSING),
    message=Words("「{filing_type}」须填写已有的主体备案号", "「{filing_type}」 needs the subject's ICP number"),
    fix=Words(
        "填写工信部备案系统中该主体的备案号{suggestion}", "Give the subject's number as MIIT shows it{suggestion}"
    ),
    owner="filer", source=_SOURCE + "; 填写主体信息和网站信息 (when filed before)",
    good=[{}, {"filing_type": types.ACCESS, "subject_icp_number": "浙ICP备11010000号"},
          {"filing_type": types.CHANGE, "damaged": "subject_icp_number:error"}],
    bad=[{"filing_type": types.ACCESS}, {"filing_type": types.NEW_SITE_ELSEWHERE}, {"filing_type": types.NEW_SITE},
         {"filing_type": types.CHANGE, **on_file(**SUBJECT_ON_FILE)}],
)  # fmt: skip
def subject_icp_number_missing(rows: Filings) -> pd.Series:
    """What adds to a filing or changes it names that filing. Where this provider holds the record it can find it,
    so there it only warns."""
    return _blank(rows, "subject_icp_number")


@subject_icp_number_missing.details
def _subject_number_on_file(rows: Filings) -> dict[str, pd.Series]:
    return _on_file(rows, "register.subject_icp_number")


@rule(
    "ICP1026",
    zh="未填写网站备案号", en="The site ICP number is missing",
    columns=("site_icp_number",), blank="judged", case=filed_as(types.ACCESS, types.CHANGE, "注销网站", "取消接入"),
    severity="warning",
    message=Words(
        "「{filing_type}」的网站已有备案，未填写网站备案号",
        "「{filing_type}」 concerns a site on file, whose ICP number is missing",
    ),
    fix=Words("填写工信部备案系统中该网站的备案号{suggestion}", "Give the site's number as MIIT shows it{suggestion}"),
    owner="filer", source=_SOURCE + "; 填写主体信息和网站信息 (when filed before)",
    good=[{}, {"filing_type": types.ACCESS, "site_icp_number": "浙ICP备11010000号-1"}, {"filing_type": types.NEW_SITE},
          {"filing_type": types.CHANGE, "damaged": "site_icp_number:error"}],
    bad=[{"filing_type": types.ACCESS}, {"filing_type": types.ACCESS, **on_file(**SITE_ON_FILE)}],
)  # fmt: skip
def site_icp_number_missing(rows: Filings) -> pd.Series:
    """The site has a number already. It is found by its domain as well, and a change of the subject alone needs
    none, so this warns."""
    return _blank(rows, "site_icp_number")


@site_icp_number_missing.details
def _site_number_on_file(rows: Filings) -> dict[str, pd.Series]:
    return _on_file(rows, "register.site_icp_number")


def _recorded(rows: Filings, name: str) -> pd.Series:
    """The number on file, blank where nobody looked or found one."""
    number = rows[name] if rows.has(name) else rows.constant("")
    return number.where(number != NONE, "")


def _on_file(rows: Filings, name: str) -> dict[str, pd.Series]:
    number = _recorded(rows, name)
    hint = "：" if rows.basis.language == "zh" else ": "
    return {"expected": number, "suggestion": (hint + number).where(number != "", "")}


_CANCELLED = Case(
    "该主体的备案已注销",
    "the subject's filings are cancelled",
    lambda rows: rows["register.subject"] == types.CANCELLED if rows.has("register.subject") else rows.constant(False),
)


@rule(
    "ICP1027",
    zh="首次备案却填写了备案号", en="A first filing bears an ICP number",
    columns=_NUMBERS, blank="passes", case=filed_as(types.FIRST),
    severity="error", warning_if=_CANCELLED,
    message=Words(
        "备案类型为「首次备案」，却填写了{cells}；已有备案号的主体不是首次备案",
        "the type is a first filing, yet {cells} is given; a subject with a number does not file for the first time",
    ),
    fix=Words(
        "已备案的改为「新增网站」或「接入备案」；未备案的删去备案号",
        "If it is on file, make it a new site or an access filing; if not, delete the number",
    ),
    owner="agent", source="Aliyun ICP docs 2019-09, 验证备案类型",
    good=[{}, {"filing_type": types.NEW_SITE, "subject_icp_number": "浙ICP备11010000号"},
          {"subject_icp_number": "浙ICP备12345678号", **on_file(**SUBJECT_ON_FILE)}],
    bad=[{"subject_icp_number": "浙ICP备11010000号"}, {"site_icp_number": "浙ICP备11010000号-1"},
         {"subject_icp_number": "浙ICP备11010000号", **on_file(subject=types.CANCELLED)}],
)  # fmt: skip
def icp_number_given_for_first_filing(rows: Filings) -> pd.DataFrame:
    """Whoever has a number does not file for the first time; only that of a cancelled filing may stand there.
    Where the register settles another type, that is said by itself."""
    open_ = rows["register.derived_type"].isin(("", types.FIRST))
    return pd.DataFrame({key: (rows[key] != "") & open_ for key in _NUMBERS})
