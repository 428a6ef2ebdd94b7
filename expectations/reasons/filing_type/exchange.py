"""A change filing that puts another subject into the place of the one on file."""

from __future__ import annotations

import pandas as pd

from expectations.facts import filing_types as types
from expectations.facts.filing_types import NONE, OWN
from expectations.facts.records_on_file import ANOTHERS_DOMAIN, on_file
from expectations.filing import NO, YES
from expectations.rows import Case, Filings, derived, filed_as
from expectations.rule import rule
from expectations.words import Words

_POLICIES = {
    (NO, True): "organisation_change_to_individual",
    (YES, True): "individual_change_to_other_individual",
    (YES, False): "individual_change_to_organisation",
}
"""By whether the subject on file is an individual, and whether the new one is. That one unit takes another's place
shows in its certificates only, which reason 5 asks for."""
FORBIDDEN = "forbidden"
_ROLES = {
    "if_legal_representative": ("principal",),
    "if_legal_representative_or_site_principal": ("principal", "site_principal"),
}
"""Where a province lets the subject change: which principal the individual on file has to be."""


@derived("subject_exchange")
def _subject_exchange(rows: Filings) -> pd.Series:
    """What the province says of the change; ``silent`` where it says nothing, blank where the subject stays."""
    owner = rows["register.icp_number_owner"]
    another = ~owner.isin(("", NONE, OWN)) & rows["register.subject"].isin((NONE, types.CANCELLED))
    another &= rows["register.subject_old_number"] == NONE
    says = rows.constant("")
    for (was_individual, individual), policy in _POLICIES.items():
        case = another & (rows["register.icp_number_owner_is_individual"] == was_individual)
        said = rows.policy(policy)
        says = says.mask(case & (rows["is_individual"] == individual), said.where(said != "", "silent"))
    return says


@rule(
    "ICP1018",
    zh="变更备案更换主体", en="A change filing exchanges the subject",
    columns=("subject_icp_number", "subject_certificate_number"),
    evidence=(
        "subject_nature", "province", "register.icp_number_owner_is_individual", "register.subject",
        "register.subject_old_number",
    ),
    case=filed_as(types.CHANGE), blank="passes", severity="error",
    warning_if=Case(
        "该省有条件允许或未写明", "provinces that allow it on conditions or say nothing",
        lambda rows: rows["subject_exchange"] != FORBIDDEN,
    ),
    message=Words(
        "主体备案号「{subject_icp_number}」属于「{register.icp_number_owner}」，变更备案把它换成「{subject_name}」；"
        "{province}{said}（管局规则 {snapshot}）",
        "ICP number 「{subject_icp_number}」 is that of 「{register.icp_number_owner}」, and the change filing puts "
        "「{subject_name}」 in its place; {province} {said} (rules of {snapshot})",
    ),
    fix=Words(
        "核对主体备案号和证件号码；确要更换主体且管局不允许的，先注销原备案，再以「首次备案」提交",
        "Check ICP number and certificate; to change the subject where it is not allowed, cancel the filing first and "
        "file anew",
    ),
    owner="filer", source="Aliyun ICP docs 2019-09, 管局规则, 变更备案",
    good=[
        {"filing_type": types.CHANGE},
        {"filing_type": types.CHANGE, "subject_icp_number": "浙ICP备12345678号", **on_file()},
        *(
            {"filing_type": types.CHANGE, "subject_icp_number": "浙ICP备87654321号", **changes, **on_file(**facts)}
            for changes, facts in (
                ({"province": "河北"}, {"icp_number_owner": "陈**（冀ICP备87654321号）",
                                      "icp_number_owner_is_individual": YES}),
                ({}, {"icp_number_owner": "陈**（浙ICP备87654321号）", "icp_number_owner_is_individual": YES,
                      "icp_number_owner_role": "principal"}),
                ({"province": "上海"}, {"icp_number_owner": "陈**（沪ICP备87654321号）",
                                      "icp_number_owner_is_individual": YES,
                                      "icp_number_owner_role": "site_principal"}),
                ({}, {"icp_number_owner": ANOTHERS_DOMAIN["domain_owner"], "icp_number_owner_is_individual": NO}),
                ({"province": "北京"}, {"icp_number_owner": "陈**（京ICP备87654321号）",
                                      "icp_number_owner_is_individual": YES, "subject": types.FILED}),
                ({"subject_nature": "个人"}, {"icp_number_owner": "李**（浙ICP备87654321号）",
                                            "icp_number_owner_is_individual": YES}),
            )
        ),
    ],
    bad=[
        {"filing_type": types.CHANGE, "subject_icp_number": "浙ICP备87654321号", **changes, **on_file(**facts)}
        for changes, facts in (
            ({"province": "北京"}, {"icp_number_owner": "陈**（京ICP备87654321号）",
                                  "icp_number_owner_is_individual": YES, "icp_number_owner_role": "principal"}),
            ({}, {"icp_number_owner": "陈**（浙ICP备87654321号）", "icp_number_owner_is_individual": YES}),
            ({"subject_nature": "个人", "province": "四川"}, {"icp_number_owner": "某样例公司（蜀ICP备87654321号）",
                                                          "icp_number_owner_is_individual": NO}),
            ({"subject_nature": "个人"}, {"icp_number_owner": "某样例公司（浙ICP备87654321号）",
                                        "icp_number_owner_is_individual": NO}),
            ({"subject_nature": "个人", "province": "四川"}, {"icp_number_owner": "李**（蜀ICP备87654321号）",
                                                          "icp_number_owner_is_individual": YES}),
        )
    ],
)  # fmt: skip
def change_exchanges_the_subject(rows: Filings) -> pd.Series:
    """The ICP number names the filing to be changed. Most provinces turn no individual's filing into another's, some
    let it pass to the unit whose representative the individual is; elsewhere it has to be cancelled and filed anew."""
    says, role = rows["subject_exchange"], rows["register.icp_number_owner_role"]
    fine = (says == "") | (says == "allowed")
    for policy, roles in _ROLES.items():
        fine |= (says == policy) & role.isin(roles)
    return ~fine


_SAID = {
    FORBIDDEN: Words("不允许", "does not allow it"),
    "if_legal_representative": Words(
        "只允许变更为原备案人任法定代表人的单位", "allows it for a unit whose legal representative the individual is"
    ),
    "if_legal_representative_or_site_principal": Words(
        "只允许变更为原备案人任法定代表人或网站负责人的单位",
        "allows it for a unit whose legal representative or site principal the individual is",
    ),
    "silent": Words("未写明是否允许", "does not say whether it allows it"),
}


@change_exchanges_the_subject.details
def _said(rows: Filings) -> dict[str, pd.Series]:
    said = {policy: words(rows.basis.language) for policy, words in _SAID.items()}
    return {"said": rows["subject_exchange"].map(said).astype("str").fillna(""), "snapshot": rows.policy("snapshot")}
