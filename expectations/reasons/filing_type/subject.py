"""The filing against what is on record of its subject and site."""

from __future__ import annotations

import pandas as pd

from expectations.facts import access
from expectations.facts import filing_types as types
from expectations.facts.filing_types import NONE
from expectations.facts.records_on_file import SITE_ON_FILE, SUBJECT_ON_FILE, on_file
from expectations.filing import NO
from expectations.rows import Case, Filings, filed_as
from expectations.rule import rule
from expectations.words import Words

_NUMBERS = "Aliyun ICP docs 2019-09, 备案号FAQ"
_ACCESS = "Aliyun ICP docs 2019-09, 接入备案FAQ"
_OWN = ("", NONE, types.OWN)

KEEPING = filed_as(*types.NEW_SITES, types.ACCESS)
"""Filings that add to a subject on record, which has to stay as it is."""


NAME_KEPT = Case(
    "接入备案所在省要求主办单位名称一致",
    "the province wants the subject's name unchanged at access",
    lambda rows: (rows["filing_type"] == types.ACCESS) & access.kept(rows, "subject_name"),
    ("filing_type", "province"),
)


@rule(
    "ICP1011",
    zh="主体备案号与备案库不符",
    en="The subject ICP number is not the one on file",
    columns=("subject_icp_number",),
    evidence=("register.subject_icp_number",),
    severity="error",
    message=Words(
        "主体备案号「{subject_icp_number}」与备案库不符，该主体的备案号为「{expected}」",
        "subject ICP number 「{subject_icp_number}」 is not the one on file, which is 「{expected}」",
    ),
    fix=Words("改为「{expected}」", "Change to 「{expected}」"),
    owner="agent",
    source=_NUMBERS,
    blank="passes",
    good=[
        {},
        {"subject_icp_number": "浙ICP备12345678号", **on_file(**SUBJECT_ON_FILE)},
        {"subject_icp_number": "浙ICP备12345678号-1", **on_file(**SUBJECT_ON_FILE)},
        {"subject_icp_number": "浙ICP备12345678号", **on_file()},
    ],
    bad=[{"subject_icp_number": "浙ICP备12345687号", **on_file(**SUBJECT_ON_FILE)}],
)
def icp_number_differs_from_register(rows: Filings) -> pd.Series:
    """The number on record is found by the certificate; another one belongs to another subject or is mistyped."""
    recorded = rows["register.subject_icp_number"]
    bare = rows["subject_icp_number"].str.replace("号-?[0-9]+[A-Z]?$", "号", regex=True)
    return (recorded != NONE) & (bare != recorded)


@icp_number_differs_from_register.details
def _recorded_number(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": rows["register.subject_icp_number"]}


@rule(
    "ICP1017",
    zh="网站备案号与备案库不符",
    en="The site ICP number is not the one on file",
    columns=("site_icp_number",),
    evidence=("register.site_icp_number",),
    severity="error",
    message=Words(
        "网站备案号「{site_icp_number}」与备案库不符，该域名的网站备案号为「{expected}」",
        "site ICP number 「{site_icp_number}」 is not the one on file for the domain, which is 「{expected}」",
    ),
    fix=Words("改为「{expected}」，或核对域名", "Change to 「{expected}」, or check the domain"),
    owner="agent",
    source=_NUMBERS,
    blank="passes",
    good=[
        {},
        {"site_icp_number": "浙ICP备12345678号-1", **on_file(**SITE_ON_FILE)},
        {"site_icp_number": "浙ICP备12345678号", **on_file(**SITE_ON_FILE)},
        {"site_icp_number": "浙ICP备12345687号-1", **on_file(**SITE_ON_FILE)},
        {"site_icp_number": "浙ICP备12345678号-2", **on_file()},
    ],
    bad=[{"site_icp_number": "浙ICP备12345678号-2", **on_file(**SITE_ON_FILE)}],
)
def site_number_differs_from_register(rows: Filings) -> pd.Series:
    """The number on record is found by the domain. Where the subject's part differs, another rule speaks."""
    typed, recorded = rows["site_icp_number"], rows["register.site_icp_number"]
    index = typed.str.extract("(号-?[0-9]+[A-Z]?)$", expand=False).fillna("")
    subject = recorded.str.replace("号.*$", "", regex=True)
    return (index != "") & (typed == subject + index) & (typed.str.replace("号-?", "号-", regex=True) != recorded)


@site_number_differs_from_register.details
def _recorded_site_number(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": rows["register.site_icp_number"]}


@rule(
    "ICP1012",
    zh="主体备案号属于其他主体",
    en="The subject ICP number belongs to another subject",
    columns=("subject_icp_number",),
    evidence=("register.icp_number_owner",),
    case=filed_as(*types.ADDING),
    severity="error",
    message=Words(
        "主体备案号「{subject_icp_number}」在备案库中属于其他主体：{register.icp_number_owner}",
        "subject ICP number 「{subject_icp_number}」 belongs to another subject on file: {register.icp_number_owner}",
    ),
    fix=Words("核对主体备案号与主办单位证件号码", "Check the ICP number and the subject's certificate number"),
    owner="agent",
    source=_NUMBERS,
    blank="passes",
    good=[
        {},
        {"subject_icp_number": "浙ICP备12345678号", **on_file(**SUBJECT_ON_FILE, icp_number_owner="本主体")},
        {"subject_icp_number": "浙ICP备12345678号", **on_file()},
        {
            "filing_type": types.CHANGE,
            "subject_icp_number": "浙ICP备12345678号",
            **on_file(icp_number_owner="杭州旧名样例有限公司（浙ICP备12345678号）"),
        },
    ],
    bad=[
        {
            "filing_type": types.NEW_SITE,
            "subject_icp_number": "浙ICP备87654321号",
            **on_file(icp_number_owner="宁波远帆样例贸易有限公司（浙ICP备87654321号）"),
        }
    ],
)
def icp_number_belongs_to_another_subject(rows: Filings) -> pd.Series:
    """An ICP number names one subject. Where the subject's own number is on file, that rule speaks; a change may
    bring a new certificate, so the number's owner is no evidence there."""
    foreign = ~rows["register.icp_number_owner"].isin(_OWN)
    if rows.has("register.subject_icp_number"):
        foreign &= rows["register.subject_icp_number"].isin(("", NONE))
    if rows.has("register.subject_old_number"):
        foreign &= rows["register.subject_old_number"].isin(("", NONE))
    return foreign


@rule(
    "ICP1013",
    zh="主办单位名称与备案库不符",
    en="The subject's name is not the one on file",
    columns=("subject_name",),
    evidence=("register.subject_name_same",),
    case=KEEPING,
    severity="error",
    warning_if=~NAME_KEPT,
    message=Words(
        "同一证件在备案库中的主办单位名称为「{register.subject_name}」，与所填「{subject_name}」不一致{ground}",
        "under the same certificate the name on file is 「{register.subject_name}」, not 「{subject_name}」{ground}",
    ),
    fix=Words(
        "核对名称和证件号码；名称已变更的，先办理变更备案",
        "Check name and number; if the name was changed, file a change first",
    ),
    owner="filer",
    source=_ACCESS + "; 管局规则 2019-09-20, 接入备案",
    good=[
        {},
        {"filing_type": types.ACCESS, **on_file(**SITE_ON_FILE)},
        {"filing_type": types.CHANGE, **on_file(**SITE_ON_FILE | {"subject_name_same": NO})},
        {"filing_type": types.NEW_SITE, **on_file()},
    ],
    bad=[
        {
            "filing_type": types.ACCESS,
            "province": "四川",
            **on_file(**SITE_ON_FILE | {"subject_name": "杭州旧名样例有限公司", "subject_name_same": NO}),
        },
        {
            "filing_type": types.ACCESS,
            "province": "湖南",
            **on_file(**SITE_ON_FILE | {"subject_name": "杭州旧名样例有限公司", "subject_name_same": NO}),
        },
        {
            "filing_type": types.NEW_SITE,
            **on_file(**SUBJECT_ON_FILE | {"subject_name": "杭州旧名样例有限公司", "subject_name_same": NO}),
        },
    ],
)
def subject_name_differs_from_register(rows: Filings) -> pd.Series:
    """What is added to a record may not change it in the same step; most provinces demand an equal name for
    access filings, elsewhere a reviewer may let a renamed subject pass."""
    return rows["register.subject_name_same"] == NO


@subject_name_differs_from_register.details
def _name_kept_by(rows: Filings) -> dict[str, pd.Series]:
    return {"ground": access.ground(rows, NAME_KEPT.holds(rows))}


@rule(
    "ICP1014",
    zh="备案省份与已有备案不同",
    en="The province is not that of the filing on record",
    columns=("province",),
    evidence=("register.subject_province",),
    case=KEEPING,
    severity="warning",
    message=Words(
        "该主体在备案库中的省份为{register.subject_province}，与所填{province}不同；已有备案的省份不能改动",
        "the subject is on file in {register.subject_province}, not in {province}; "
        "the province of a filing cannot be changed",
    ),
    fix=Words(
        "按原备案省份填写；确已迁往他省的，注销原备案后在新省份办理首次备案",
        "Give the province on file; if the subject moved, cancel the filing and file anew in the other province",
    ),
    owner="filer",
    source="Aliyun ICP docs 2019-09, 变更备案; MIIT return code 1046",
    good=[
        {},
        {"filing_type": types.CHANGE, **on_file(**SITE_ON_FILE)},
        {"filing_type": types.CHANGE, "province": "江苏", **on_file(**SITE_ON_FILE)},
        {"province": "江苏", **on_file(**SUBJECT_ON_FILE)},
    ],
    bad=[
        {"filing_type": types.ACCESS, "province": "江苏", **on_file(**SITE_ON_FILE)},
        {"filing_type": types.NEW_SITE, "province": "江苏", **on_file(**SUBJECT_ON_FILE)},
    ],
)
def province_differs_from_register(rows: Filings) -> pd.Series:
    """A filing stays in its province for life; whoever moves cancels and files anew. A change filing that moves
    the province is reason 3's error."""
    return ~rows["register.subject_province"].isin((NONE, "")) & (rows["register.subject_province"] != rows["province"])
