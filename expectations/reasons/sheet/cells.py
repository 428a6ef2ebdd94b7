"""What must be filled, and what a cell may hold."""

from __future__ import annotations

from datetime import date
from functools import partial

import numpy as np
import pandas as pd

from expectations.cells.choosing import nearest, nearest_choice, outside
from expectations.cellwise import damaged, each, repaired
from expectations.facts.certificates import unit_types
from expectations.facts.dates import DONE, NOT_YET
from expectations.facts.people import per_value
from expectations.filing import COLUMNS, FILLER, LONG_TERM, NO, YES, Column, of_kind
from expectations.rows import Case, Filings, derived
from expectations.rule import Words, rule

FORM = "Aliyun ICP docs 2019-09, 填写主体信息和网站信息; MIIT form enumeration, read 2023-10"

# ── required cells ───────────────────────────────────────────────────────────────────────────────

REQUIRED = tuple(
    key for key, column in COLUMNS.items()
    if "required" in (column.organisation, column.individual)
    and key != "domain_verified_on" and column.group != "attachments"
)  # fmt: skip
"""A blank date of verification says that the domain is not verified: reason 1 tells of it. What is not
attached is reason 5's finding."""
EVIDENCE = ("domain evidence", "statement")
"""Groups of columns that are evidence, no fields of the form: a sheet may leave a whole column out, and
the rules that need it say that they could not judge."""
SITE = ("site", "site principal", "domain evidence")
OF_THE_SUBJECT = (
    "filing_type", "province", "subject_nature", "subject_certificate_type", "subject_certificate_number",
    "subject_name",
)  # fmt: skip
FROM_RECORD = ("注销主体", "注销网站", "取消接入", "认领备案", "导入备案")
"""Types of filing that name what is on file; the rest stands there."""


@derived("sheet.required")
def _required(rows: Filings) -> pd.Series:
    """The empty cells of each filing that must be filled, as ``;key;key;``."""
    nature = rows["subject_nature"]
    known = nature.isin([choice.value for choice in COLUMNS["subject_nature"].choices])
    individual, filing_type = rows["is_individual"], rows["filing_type"]
    recorded = filing_type.isin(FROM_RECORD)
    subject_only = (filing_type == "变更备案") & (rows["site_name"] == "") & (rows["domain"] == "")
    missing = rows.constant("")
    for key in REQUIRED:
        column = COLUMNS[key]
        if column.group in EVIDENCE and not rows.in_sheet(key):
            continue
        empty = rows[key] == ""
        if not empty.any():
            continue
        empty &= _by_nature(column, individual, known)
        if column.group in SITE:
            empty &= ~subject_only
        if key not in OF_THE_SUBJECT:
            empty &= ~recorded | (filing_type.isin(("注销网站", "取消接入")) & (key == "domain"))
        empty &= ~damaged(rows, key)
        missing = missing.where(~empty, missing + ";" + key + ";")
    return missing


def _by_nature(column: Column, individual: pd.Series, known: pd.Series) -> pd.Series:
    """Where nobody knows the nature, only what both natures must fill is missing."""
    organisation, person = column.organisation == "required", column.individual == "required"
    by_nature = pd.Series(np.where(individual, person, organisation), index=individual.index)
    return by_nature.where(known, organisation and person).astype(bool)


_WITHDRAWAL = {"filing_type": "取消接入", "site_name": "", "principal_name": ""}


@rule(
    "ICP0001",
    zh="必填项未填写", en="A required cell is empty",
    columns=REQUIRED, blank="judged", severity="error",
    message=Words("必填项未填写：{labels}", "required cells are empty: {labels}"),
    fix=Words("补填：{labels}", "Fill in: {labels}"),
    owner="filer", source=FORM,
    good=[
        {"subject_remark": ""}, {"county": ""}, {"domain_verified_on": ""},
        {"subject_nature": "个人", "site_principal_name": ""}, {"subject_nature": "个人", "investor": ""},
        {"subject_nature": "", "principal_phone": "", "city": "杭州市", "damaged": "subject_nature:error"},
        {"principal_mobile": "", "damaged": "principal_mobile:digits_lost"}, _WITHDRAWAL, {"attachment_statement": ""},
        {"filing_type": "变更备案", "site_name": "", "domain": "", "home_url": "", "domain_holder_name": ""},
    ],
    bad=[
        {"site_name": ""}, {"subject_nature": ""}, {"principal_phone": ""}, {"site_principal_name": ""},
        {"subject_nature": "个人", "principal_emergency_mobile": ""}, {"domain_expires_on": ""},
        {"principal_mobile": "", "damaged": "principal_phone:error"}, {"filing_type": "取消接入", "domain": ""},
        {"filing_type": "变更备案", "site_name": "", "domain_holder_name": ""},
    ],
)  # fmt: skip
def required_cell_empty(rows: Filings) -> pd.DataFrame:
    """The form cannot be sent with these empty; a filing that cancels or claims needs only what names it."""
    missing = rows["sheet.required"]
    if not (missing != "").any():
        return _none(rows, REQUIRED)
    return each(rows, REQUIRED, lambda key: missing.str.contains(f";{key};", regex=False).astype(bool))


def _none(rows: Filings, columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(np.zeros((len(rows), len(columns)), dtype=bool), index=rows.index, columns=list(columns))


_SPELLED_OUT = ("city", "subject_name", "subject_certificate_address", "subject_address", "domain_holder_name")


@rule(
    "ICP0002",
    zh="必填项填写了占位文字", en="A required cell holds a filler",
    columns=_SPELLED_OUT, blank="passes", severity="error",
    message=Words("{cells}不是真实内容", "{cells}: no real content"),
    fix=Words("填写真实、完整的内容", "Give the real content in full"),
    owner="filer", source=FORM,
    good=[
        {"subject_name": "无锡样例有限公司", "domain_holder_name": "无锡样例有限公司"}, {"city": "无锡市"},
        {"county": "无"},
    ],
    bad=[{"subject_address": "同上"}, {"subject_name": "无"}, {"city": "/"}, {"domain_holder_name": "待定"}],
)  # fmt: skip
def filler_in_required_cell(rows: Filings) -> pd.DataFrame:
    """A cell filled only to look filled is as empty as a blank one."""
    return each(rows, _SPELLED_OUT, lambda key: rows[key].isin(FILLER))


# ── lists of values ──────────────────────────────────────────────────────────────────────────────

_LISTED = tuple(key for key in of_kind("choice", "choices") if COLUMNS[key].choices)
CHOSEN = tuple(key for key in _LISTED if key in REQUIRED)
OPTIONAL = (*(key for key in _LISTED if key not in REQUIRED), *of_kind("yes/no"))


def _not_listed(rows: Filings, key: str) -> pd.Series:
    if COLUMNS[key].kind == "yes/no":
        return ~rows[key].isin((YES, NO, ""))
    return per_value(rows[key], lambda text: bool(outside(COLUMNS[key], text))).astype(bool)


def _listed_instead(rows: Filings, columns: tuple[str, ...]) -> pd.Series:
    """The nearest values of the first list that a cell misses, if they are clear."""
    expected = rows.constant("")
    for key in columns:
        if COLUMNS[key].choices:
            wanted = _not_listed(rows, key) & (expected == "")
            near = per_value(rows[key].where(wanted, ""), partial(nearest_choice, COLUMNS[key]))
            expected = expected.where(~wanted, near)
    return expected


@rule(
    "ICP0003",
    zh="所填内容不在可选值内", en="A value is none of its list",
    columns=CHOSEN, blank="passes", severity="error",
    message=Words("{cells}不在可选值内", "{cells}: not a value of the list"),
    fix=Words("从模板的下拉列表中选择", "Choose from the list in the template"),
    owner="agent", source=FORM,
    good=[{"subject_nature": "企业"}, {"site_content": "网络游戏"}, {"principal_certificate_type": "护照"},
          {"principal_certificate_type": "营业执照"}],
    bad=[
        {"subject_nature": "事业单拉"}, {"filing_type": "补备案"}, {"principal_certificate_type": "某证"},
        {"subject_certificate_type": "居名身份证"},
    ],
)  # fmt: skip
def value_not_in_list(rows: Filings) -> pd.DataFrame:
    """The form has only these values, and every other rule is chosen by them. A unit's certificate in a
    person's cell is reason 5's finding."""
    return each(rows, CHOSEN, lambda key: _not_listed(rows, key) & ~rows[key].isin(unit_types()))


@value_not_in_list.details
def _nearest(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": _listed_instead(rows, CHOSEN)}


@rule(
    "ICP0004",
    zh="选填项内容无法识别", en="An optional value is none of its list",
    columns=OPTIONAL, blank="passes", severity="warning",
    message=Words(
        "{cells}不在已知的可选值内，相关检查可能不准确",
        "{cells}: no known value, so checks that use it may be off",
    ),
    fix=Words("从模板的下拉列表中选择，或留空", "Choose from the list in the template, or leave it blank"),
    owner="agent", source=FORM,
    good=[{"site_languages": "中文简体;英语"}, {"domain_privacy": "否"}, {"preapproval_types": ""}],
    bad=[
        {"site_languages": "中文简体;火星文"}, {"domain_privacy": "可能"}, {"service_type": "小程序"},
        {"preapproval_types": "新文"},
    ],
)  # fmt: skip
def optional_value_not_in_list(rows: Filings) -> pd.DataFrame:
    """Lists grow from year to year, so a reviewer may know a value that ours lacks."""
    return each(rows, OPTIONAL, lambda key: _not_listed(rows, key))


@optional_value_not_in_list.details
def _nearest_optional(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": _listed_instead(rows, OPTIONAL)}


_PROVINCES = ("province", "statement_province")


@rule(
    "ICP0005",
    zh="省份无法识别", en="The province is not recognised",
    columns=_PROVINCES, blank="passes", severity="error",
    message=Words("{cells}不是可备案的省、自治区、直辖市", "{cells}: no province that filings are made in"),
    fix=Words("填写省份简称、全称或行政区划代码", "Give the province's short name, full name or division code"),
    owner="agent", source="GB/T 2260; Aliyun ICP docs 2019-09, 管局规则",
    good=[{"province": "广西"}, {"province": "内蒙古"}, {"statement_province": "浙江"}],
    bad=[{"province": "杭州"}, {"province": "浙江生"}, {"province": "香港"}, {"statement_province": "浙"}],
)  # fmt: skip
def province_not_recognised(rows: Filings) -> pd.DataFrame:
    """The filing goes to the bureau of a province, whose rules then apply."""
    return each(rows, _PROVINCES, lambda key: ~rows[key].isin([*rows.basis.reference.provinces, ""]))


@province_not_recognised.details
def _nearest_province(rows: Filings) -> dict[str, pd.Series]:
    table = rows.basis.reference.provinces
    names = [(name, short) for short, row in table.items() for name in (short, row["full_name"], row["en"])]
    return {
        "expected": repaired(
            province_not_recognised, rows, lambda text: "" if text in table or not text else nearest(text, names)
        )
    }


# ── dates and addresses ──────────────────────────────────────────────────────────────────────────

DATES = of_kind("date")
_WORDS_FOR_DATES = {
    **{key: f"^{LONG_TERM}$" for key in DATES if key.endswith("certificate_expires_on")},
    "domain_verified_on": NOT_YET,
}
"""What may stand for a date; that a domain is not verified is reason 1's matter."""


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _no_date(rows: Filings, key: str) -> pd.Series:
    told = rows[key].str.contains(_WORDS_FOR_DATES.get(key, "$^")).astype(bool)
    return (rows[key] != "") & ~told & ~per_value(rows[key], _is_date).astype(bool)


def _only_undated(rows: Filings) -> pd.Series:
    verified = rows["domain_verified_on"].str.contains(DONE).astype(bool)
    for key in DATES:
        if key != "domain_verified_on":
            verified &= ~_no_date(rows, key)
    return verified


@rule(
    "ICP0006",
    zh="日期无法识别或不存在", en="A date is unreadable or does not exist",
    columns=DATES, blank="passes", severity="error",
    warning_if=Case("只写已实名认证而无日期", "a verification that is said to be done, of no day", _only_undated),
    message=Words("{cells}不是完整、存在的日期", "{cells}: no complete date of the calendar"),
    fix=Words(
        "按 2026-01-15 的形式填写；证件长期有效的填“长期”",
        "Write it like 2026-01-15, or 长期 for a certificate without an end",
    ),
    owner="agent", source=FORM,
    good=[
        {"domain_expires_on": "2028-02-29"}, {"subject_certificate_expires_on": "长期"},
        {"principal_certificate_expires_on": ""}, {"domain_verified_on": "未实名"},
    ],
    bad=[
        {"domain_expires_on": "2027-02-29"}, {"domain_verified_on": "2020年3月"}, {"domain_registered_on": "3/1/2020"},
        {"domain_expires_on": "长期"}, {"principal_certificate_expires_on": "2035-13-01"},
        {"domain_verified_on": "未知"}, {"domain_verified_on": "已实名认证"},
    ],
)  # fmt: skip
def date_malformed(rows: Filings) -> pd.DataFrame:
    """What is no date can be compared with none. A domain is never registered for good. A domain that is verified
    stays so though nobody says since when."""
    return each(rows, DATES, lambda key: _no_date(rows, key))


EMAILS = of_kind("email")
_LOCAL, _LABEL = r"[0-9a-z!#$%&'*+/=?^_`{|}~-]+", r"[0-9a-z一-龥](?:[0-9a-z一-龥-]*[0-9a-z一-龥])?"
_EMAIL = rf"^{_LOCAL}(?:\.{_LOCAL})*\.?@(?:{_LABEL}\.)+(?:[a-z]{{2,}}|xn--[0-9a-z-]+|[一-龥]+)$"


@rule(
    "ICP0007",
    zh="电子邮箱格式错误", en="An e-mail address is malformed",
    columns=EMAILS, blank="passes", severity="error",
    message=Words("{cells}不是一个正确的电子邮箱", "{cells}: not one e-mail address in its right form"),
    fix=Words("填写一个可用的电子邮箱", "Give one e-mail address that works"),
    owner="filer", source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息; MIIT filing interface, return code 1009",
    good=[
        {"principal_email": "li.si+icp@mail.sample.com.cn"}, {"principal_email": "12345@sample.cn"},
        {"principal_email": "lin@样例.中国"},
    ],
    bad=[
        {"principal_email": "lin.sample.cn"}, {"principal_email": "lin@sample"},
        {"site_principal_email": "lin@sample,cn"},
        {"principal_email": "lin@@sample.cn"}, {"principal_email": "lin@sample..cn"}, {"principal_email": "无"},
        {"principal_email": "a@sample.cn;b@sample.cn"},
    ],
)  # fmt: skip
def email_malformed(rows: Filings) -> pd.DataFrame:
    """The bureau writes to these addresses; one that cannot exist is refused at entry."""
    return each(rows, EMAILS, lambda key: ~rows[key].str.contains(_EMAIL).astype(bool))


@email_malformed.details
def _mended_email(rows: Filings) -> dict[str, pd.Series]:
    def mend(text: str) -> str:
        mended = text.replace(",", ".").replace("..", ".").replace("@@", "@").strip(".;")
        return mended if pd.Series([mended], dtype="str").str.contains(_EMAIL)[0] else ""

    return {"expected": repaired(email_malformed, rows, mend)}


# ── cells Excel has spoilt ───────────────────────────────────────────────────────────────────────

EVERY = tuple(COLUMNS)
_DAMAGE = {
    "digits_lost": Words("号码存成了数字，末尾几位已丢失", "a number stored as such has lost its last digits"),
    "number_form": Words("号码存成了数字，开头的 0 已丢失", "a number stored as such has lost its leading zero"),
    "error": Words("公式出错", "the cell shows an error"),
    "formula": Words("公式没有保存计算结果", "a formula was saved without its value"),
}
_RETYPE = Words("先把该列设为文本格式，再填写完整的号码", "format the column as text, then type the whole number")
_REMEDY = {
    "digits_lost": _RETYPE,
    "number_form": _RETYPE,
    "error": Words("改正公式，或直接填写内容", "mend the formula, or type the value itself"),
    "formula": Words(
        "用 Excel 打开、保存一次，使公式算出结果，或直接填写内容",
        "open and save it in Excel, so that the formula is computed, or type the value itself",
    ),
}


@rule(
    "ICP0008",
    zh="单元格内容已被 Excel 损坏", en="Excel has spoilt the cell",
    columns=EVERY, blank="judged", severity="error",
    message=Words("{cells}无法还原：{damage}", "{cells} cannot be recovered: {damage}"),
    fix=Words("补回原来的内容：{remedy}", "Restore what it was: {remedy}"),
    owner="filer", source="Excel keeps 15 digits of a number and no leading zero; a formula without a result is empty",
    good=[{"damaged": ""}],
    bad=[
        {"principal_certificate_number": "", "damaged": "principal_certificate_number:digits_lost"},
        {"principal_phone": "", "damaged": "principal_phone:number_form"},
        {"site_remark": "", "domain": "", "damaged": "site_remark:error;domain:formula"},
    ],
)  # fmt: skip
def cell_damaged_by_excel(rows: Filings) -> pd.DataFrame:
    """Digits invented by a reader look right and belong to nobody: the sender has the document."""
    if not (rows["damaged"] != "").any():
        return _none(rows, EVERY)
    return each(rows, EVERY, lambda key: damaged(rows, key))


@cell_damaged_by_excel.details
def _damage(rows: Filings) -> dict[str, pd.Series]:
    language = rows.basis.language

    def told(words: dict[str, Words], damaged: str) -> str:
        kinds = (pair.partition(":")[2] for pair in damaged.split(";") if pair)
        return ("；" if language == "zh" else "; ").join(dict.fromkeys(words[kind](language) for kind in kinds))

    return {
        name: per_value(rows["damaged"], partial(told, words))
        for name, words in (("damage", _DAMAGE), ("remedy", _REMEDY))
    }
