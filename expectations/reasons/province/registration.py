"""Where a unit was registered, by its number, and how old its people must be in the province."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from expectations.facts.divisions import region_agrees, region_province
from expectations.facts.localities import OPEN, born
from expectations.facts.people import REPRESENTATIVE, SAME, same_person
from expectations.filing import INDIVIDUAL
from expectations.rows import ORGANISATIONS, Case, Filings
from expectations.rule import Words, rule

PAGES = "Aliyun ICP docs 2019-09, 学习管局规则"
_ROLES = ("principal", "site_principal")
_ADULT = 18


@rule(
    "ICP0320",
    zh="证件号码的登记地区不属于备案省份", en="The number was given out in another province",
    columns=("subject_certificate_number",), evidence=("filing_province",), case=ORGANISATIONS & OPEN,
    severity="warning",
    message=Words(
        "证件号码中的登记机关代码{region}属{number_province}，不属于备案省份{province}；企业迁移后号码不变，请核对",
        "The number's code of the registering authority, {region}, is of {number_province}, not of {province}; "
        "a number stays when its holder moves, so please check",
    ),
    fix=Words(
        "核对证件号码和证件住所；确已迁入{province}且证件住所在本省的，无须修改",
        "Check number and address of the certificate; if the unit moved to {province} and its certificate says so, "
        "leave it",
    ),
    owner="filer", source="GB 32100-2015 and GS 15-2006: division of the registering authority",
    good=[
        {}, {"subject_certificate_number": "91100000MA00000073"}, {"subject_certificate_number": "91330000MA0000007X"},
        {"province": "重庆", "subject_certificate_number": "91510000MA00000072",
         "subject_certificate_address": "重庆市渝中区样例路1号"},
        {"province": "海南", "subject_certificate_number": "91440000MA0000007P",
         "subject_certificate_address": "海南省海口市龙华区样例路1号"},
        {"province": "江苏"}, {"subject_certificate_type": "组织机构代码证", "subject_certificate_number": "000000000"},
        {"subject_certificate_number": "91320000MA0000007R"}, {"subject_nature": INDIVIDUAL},
        {"subject_certificate_number": "91320000MA0000007Q", "filing_type": "取消接入"},
    ],
    bad=[
        {"subject_certificate_number": "91320000MA0000007Q"},
        {"province": "江苏", "subject_certificate_address": "样例路1号"},
        {"province": "四川", "subject_certificate_number": "91440000MA0000007P",
         "subject_certificate_address": "四川省成都市武侯区样例路1号"},
    ],
)  # fmt: skip
def number_registered_in_another_province(rows: Filings) -> pd.Series:
    """The code is that of the first registration and stays when a company moves: never more than a hint.

    Where the certificate's own address is elsewhere, that is the finding. Authorities of the state (100000)
    say nothing; Chongqing and Hainan inherited numbers of Sichuan and Guangdong; a number that fails its
    check may be a pilot's, whose digits are not known to be a division.
    """
    agrees = region_agrees(rows["subject_number.region"], rows["filing_province"], rows.basis.reference)
    return ~agrees & ~rows["certificate_elsewhere"]


@number_registered_in_another_province.details
def _region(failing: Filings) -> dict[str, pd.Series]:
    region = failing["subject_number.region"]
    return {"region": region, "number_province": region_province(region, failing.basis.reference)}


# ── age ──────────────────────────────────────────────────────────────────────────────────────────


def _cutoff(as_of: date, years: str) -> str:
    """The last birth date (ISO) of those who have turned ``years`` by ``as_of``."""
    return f"{as_of.year - int(years):04}-{as_of.month:02}-{as_of.day:02}"


def _too_young(rows: Filings, minimum: pd.Series) -> pd.DataFrame:
    """Which principal has not reached the age; an age of ``""`` is reached by all."""
    latest = minimum.map({years: _cutoff(rows.basis.as_of, years) for years in minimum.unique() if years})
    latest = latest.fillna("9999").astype("str")
    return pd.DataFrame({f"{role}_certificate_number": born(rows, role) > latest for role in _ROLES})


def _below_policy(rows: Filings, policy: str) -> pd.DataFrame:
    young = _too_young(rows, rows.policy("minimum_age").where(rows.policy("under_age_policy") == policy, ""))
    exempt = rows.policy("under_age_exempt") == "legal_representative"
    if not (exempt & young.any(axis="columns")).any():
        return young
    for role in _ROLES:
        representative = same_person(
            rows[f"{role}_name"], rows[f"{role}_certificate_number"],
            rows[REPRESENTATIVE.name], rows[REPRESENTATIVE.number],
        )  # fmt: skip
        young[f"{role}_certificate_number"] &= ~(exempt & (representative == SAME))
    return young


def _with_policy(policy: str, zh: str, en: str) -> Case:
    return Case(zh, en, lambda rows: rows.policy("under_age_policy") == policy, ("province", "subject_nature"))


_REFUSING = _with_policy("rejected", "不接受未达年龄者的省份", "provinces that refuse people below an age")
_WANTING = _with_policy("document_required", "未达年龄须有材料的省份", "provinces that want a document below an age")
_SILENT = Case(
    "未规定最低年龄的省份", "provinces that name no age",
    lambda rows: rows.policy("minimum_age") == "", ("province", "subject_nature"),
)  # fmt: skip

# Children of 2010 and adults of exactly 18: check digits right, divisions given to nobody.
_CHILD, _ADULT_TODAY, _CHILD_TOMORROW = "330000201001010022", "330000200801150029", "330000200801160024"


def _person(province: str, number: str, **changes: str) -> dict[str, str]:
    return {"province": province, "principal_certificate_number": number, **changes}


@rule(
    "ICP0321",
    zh="负责人未满该省规定年龄", en="A principal is below the province's age",
    columns=("principal_certificate_number", "site_principal_certificate_number"), case=OPEN & _REFUSING,
    severity="error", blank="passes",
    message=Words(
        "{labels}显示未满{age}周岁；{province}规则（{snapshot}）不接受",
        "By {labels} somebody is under {age}; {province} ({snapshot}) refuses that",
    ),
    fix=Words("改由年满{age}周岁的人担任", "Name somebody who is {age} or older"),
    owner="filer", source=PAGES,
    good=[
        _person("山东", "330000198501010016"), _person("山东", _ADULT_TODAY), _person("广东", _CHILD),
        _person("山东", "330000201001010029"), _person("山东", _CHILD, principal_certificate_type="护照"),
        _person("山东", _CHILD, filing_type="注销主体"), _person("江苏", _CHILD),
        _person("辽宁", _CHILD, subject_nature=INDIVIDUAL), _person("浙江", _CHILD),
    ],
    bad=[
        _person("山东", _CHILD), _person("山东", _CHILD_TOMORROW), _person("浙江", _CHILD, subject_nature=INDIVIDUAL),
        {"province": "辽宁", "site_principal_certificate_number": _CHILD},
    ],
)  # fmt: skip
def person_too_young_for_province(rows: Filings) -> pd.DataFrame:
    """Some provinces take nobody below an age as principal; the birth date stands in the number."""
    return _below_policy(rows, "rejected")


@person_too_young_for_province.details
def _age(failing: Filings) -> dict[str, pd.Series]:
    return {"age": failing.policy("minimum_age"), "snapshot": failing.policy("snapshot")}


@rule(
    "ICP0322",
    zh="负责人未满该省规定年龄，须有材料", en="A principal is below the province's age and needs a document",
    columns=("principal_certificate_number", "site_principal_certificate_number"), case=OPEN & _WANTING,
    severity="warning", blank="passes",
    message=Words(
        "{labels}显示未满{age}周岁；按{province}规则（{snapshot}）须提供{documents}",
        "By {labels} somebody is under {age}; {province} ({snapshot}) wants {documents}",
    ),
    fix=Words(
        "上传{documents}，或改由年满{age}周岁的人担任",
        "Add {documents}, or name somebody who is {age} or older",
    ),
    owner="filer", source=PAGES,
    good=[
        _person("江苏", "330000198501010016"), _person("山东", _CHILD),
        _person("广东", _ADULT_TODAY, subject_nature=INDIVIDUAL),
        _person("江苏", _CHILD, legal_representative_certificate_number=_CHILD),
    ],
    bad=[_person("江苏", _CHILD), _person("广东", _CHILD, subject_nature=INDIVIDUAL),
    _person("河南", _CHILD, subject_nature=INDIVIDUAL)],
)  # fmt: skip
def young_person_needs_document(rows: Filings) -> pd.DataFrame:
    """Three provinces take younger people with a proof of work or income, or the guardian's card."""
    return _below_policy(rows, "document_required")


@young_person_needs_document.details
def _age_documents(failing: Filings) -> dict[str, pd.Series]:
    language = failing.basis.language
    label = {row["document"]: row[language] for row in failing.basis.reference.table("document_types")}
    codes = failing.policy("under_age_documents")
    between = " / " if language == "zh" else " or "
    words = {code: between.join(label.get(part, part) for part in code.split(";")) for code in codes.unique()}
    return {**_age(failing), "documents": codes.map(words).astype("str")}


@rule(
    "ICP0323",
    zh="负责人未满18周岁", en="A principal is under 18",
    columns=("principal_certificate_number", "site_principal_certificate_number"), case=OPEN & _SILENT,
    severity="warning", blank="passes",
    message=Words(
        "{labels}显示未满18周岁；{province}规则未写明，接入商一般要求年满18周岁",
        "By {labels} somebody is under 18; the rules of {province} do not speak of it, but providers usually want "
        "adults",
    ),
    fix=Words("请先向接入商确认，或改由成年人担任", "Ask the access provider first, or name an adult"),
    owner="filer", source="Tencent Cloud docs: 主体信息 (generally 18 or older)",
    good=[_person("北京", _ADULT_TODAY), _person("山东", _CHILD), _person("北京", "330000201001010029")],
    bad=[_person("北京", _CHILD), _person("北京", _CHILD_TOMORROW, subject_nature=INDIVIDUAL)],
)  # fmt: skip
def person_under_eighteen(rows: Filings) -> pd.DataFrame:
    """Most provinces' pages say nothing of age; providers ask for adults all the same, so it is a hint."""
    return _too_young(rows, pd.Series(np.full(len(rows), str(_ADULT)), index=rows.index, dtype="str"))
