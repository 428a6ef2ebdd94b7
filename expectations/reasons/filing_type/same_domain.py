"""Filings of one run for the same domain: only one of them can pass."""

from __future__ import annotations

import pandas as pd

from expectations.facts import filing_types as types
from expectations.facts.domains import VERIFIED
from expectations.filing import INDIVIDUAL
from expectations.rows import Filings, filed_as
from expectations.rule import rule
from expectations.words import Words


@rule(
    "ICP1040",
    zh="同一域名由不同主办单位申报", en="One domain, several subjects",
    columns=("domain",), case=VERIFIED, severity="error",
    message=Words(
        "域名「{domain}」在本次申报中还属于其他主办单位：{others}",
        "「{domain}」 is filed for other subjects in this run too: {others}",
    ),
    fix=Words("确认域名归谁所有，删除其他申报", "Settle whose domain it is and take the other filings out"),
    owner="agent", source="MIIT filing interface, return code 1005 (domain clash)",
    good=[
        [{"domain": "a1.com"}, {"domain": "b1.com", "subject_certificate_number": "9133000012345678XX"}],
        [
            {"domain": "www.b1.a.gov.cn"},
            {"domain": "www.b2.a.gov.cn", "subject_certificate_number": "1133000012345678XX"},
        ],
        [
            {"domain": "a2.com"},
            {"domain": "a2.com", "subject_certificate_number": "9133000012345678XX", "filing_type": "注销网站"},
        ],
    ],
    bad=[
        [
            {"domain": "a3.com"},
            {
                "domain": "a3.com", "subject_certificate_number": "9133000012345678XX",
                "subject_name": "杭州暮色样例有限公司",
            },
        ],
        [{"domain": "a4.com"}, {"domain": "www.a4.com", "subject_nature": INDIVIDUAL}],
    ],
)  # fmt: skip
def domain_filed_by_several_subjects(rows: Filings) -> pd.Series:
    """A domain has one holder, so at most one of the filings can pass."""
    return rows["ledger.domain_of_others"] != ""


@domain_filed_by_several_subjects.details
def _other_subjects(rows: Filings) -> dict[str, pd.Series]:
    return {"others": rows["ledger.domain_of_others"]}


@rule(
    "ICP1041",
    zh="同一域名重复申报", en="The same domain filed twice",
    columns=("domain",), case=VERIFIED, severity="error", warning_if=~filed_as(types.FIRST, *types.NEW_SITES),
    message=Words(
        "同一主办单位的域名「{domain}」在本次申报中重复出现：{others}",
        "「{domain}」 of the same subject stands in this run more than once: {others}",
    ),
    fix=Words("保留一行，删除重复的申报", "Keep one row"),
    owner="agent", source="MIIT filing interface, return codes 1037-1040 (reported twice)",
    good=[
        [{"domain": "a5.com"}, {"domain": "b5.com"}],
        [
            {"domain": "a6.com"},
            {
                "domain": "a6.com", "subject_certificate_number": "9133000012345678XX",
                "subject_name": "杭州暮色样例有限公司",
            },
        ],
        [{"domain": "a7.com"}, {"domain": "a7.com", "service_type": "APP"}],
    ],
    bad=[
        [{"domain": "a8.com"}, {"domain": "a8.com"}],
        [
            {"domain": "b8.com"},
            {
                "domain": "b8.com", "subject_certificate_type": "组织机构代码证",
                "subject_certificate_number": "MA0000007",
            },
        ],
        [{"domain": "a9.com", "filing_type": "变更备案"}, {"domain": "www.a9.com"}],
    ],
)  # fmt: skip
def domain_filed_twice(rows: Filings) -> pd.Series:
    """The second report of a site is refused; a site and an app may share a domain."""
    return rows["ledger.domain_again"] != ""


@domain_filed_twice.details
def _again(rows: Filings) -> dict[str, pd.Series]:
    return {"others": rows["ledger.domain_again"]}
