"""The declared type against the decision table, and what stands in a filing's way."""

from __future__ import annotations

import numpy as np
import pandas as pd

from expectations.facts import access
from expectations.facts import filing_types as types
from expectations.facts.filing_types import FILED, NONE
from expectations.facts.records_on_file import ANOTHERS_DOMAIN, SITE_ON_FILE, SUBJECT_ON_FILE, is_changed, on_file
from expectations.filing import NO, YES
from expectations.rows import Case, Filings, derived, filed_as
from expectations.rule import rule
from expectations.words import Words

_TYPES = "Aliyun ICP docs 2019-09, 验证备案类型"
_TYPES_FAQ = "Aliyun ICP docs 2019-09, 验证备案类型FAQ"
_CHANGES = "Aliyun ICP docs 2019-09, 变更备案"

ADDING = filed_as(*types.ADDING)
CHANGING = filed_as(types.CHANGE)
NUMBER_MAY_DIFFER = Case(
    "接入备案所在省允许证件号码不一致",
    "the province lets the certificate number differ at access",
    lambda rows: (rows["filing_type"] == types.ACCESS) & access.may_differ(rows, "certificate_number"),
    ("filing_type", "province"),
)
OLD_NUMBER_SETTLED = Case(
    "另一证件确属同一主体",
    "the other certificate is certainly the same subject's",
    lambda rows: rows["register.subject_old_number_certain"] == YES,
)


def _decided(rows: Filings) -> np.ndarray:
    return types.decide(lambda name: rows[f"register.{name}"])


@derived("register.derived_type")
def _derived_type(rows: Filings) -> pd.Series:
    """The type the facts on file call for, 受阻, 无新增内容, or blank where they do not settle it."""
    if not all(rows.has(f"register.{name}") for name in types.FACTS):
        return rows.constant("")
    return pd.Series(types.answer(_decided(rows)), index=rows.index, dtype="str")


@rule(
    "ICP1001",
    zh="备案类型与备案情况不符",
    en="The filing type does not fit what is on file",
    columns=("filing_type",),
    evidence=("register.derived_type",),
    case=filed_as(*types.ADDING, types.CHANGE),
    severity="error",
    message=Words(
        "备案类型「{filing_type}」与备案库不符：{why}，应为「{expected}」",
        "filing type 「{filing_type}」 does not fit what is on file: {why}, so it should be 「{expected}」",
    ),
    fix=Words(
        "改为「{expected}」；若备案情况确实不同，先核对主办单位证件类型、证件号码和域名",
        "Change to 「{expected}」; if things are otherwise, check certificate and domain first",
    ),
    owner="agent",
    source=_TYPES,
    good=[
        on_file(),
        {"filing_type": types.FIRST},
        {"filing_type": types.NEW_SITE, **on_file(**SUBJECT_ON_FILE)},
        {"filing_type": types.NEW_SITE, **on_file(**SUBJECT_ON_FILE | {"subject_here": NO})},
        {"filing_type": types.NEW_SITE_HERE, **on_file(**SUBJECT_ON_FILE)},
        {"filing_type": types.NEW_SITE_ELSEWHERE, **on_file(**SUBJECT_ON_FILE | {"subject_here": ""})},
        {"filing_type": types.ACCESS, **on_file(**SITE_ON_FILE)},
        {"filing_type": types.ACCESS, **on_file(**SITE_ON_FILE | {"subject_here": NO})},
        {"filing_type": types.CHANGE, **on_file(**SITE_ON_FILE | {"domain_here": YES})},
        {"filing_type": types.NEW_SITE, **on_file(**ANOTHERS_DOMAIN)},
    ],
    bad=[
        {"filing_type": types.NEW_SITE, **on_file()},
        {"filing_type": types.ACCESS, **on_file(subject="已注销", domain="已注销")},
        {"filing_type": types.FIRST, **on_file(**SUBJECT_ON_FILE)},
        {"filing_type": types.FIRST, **on_file(**SUBJECT_ON_FILE | {"subject_here": ""})},
        {"filing_type": types.NEW_SITE_HERE, **on_file(**SUBJECT_ON_FILE | {"subject_here": NO})},
        {"filing_type": types.NEW_SITE_ELSEWHERE, **on_file(**SUBJECT_ON_FILE)},
        {"filing_type": types.ACCESS, **on_file(**SUBJECT_ON_FILE)},
        {"filing_type": types.NEW_SITE, **on_file(**SITE_ON_FILE)},
        {"filing_type": types.CHANGE, **on_file(**SITE_ON_FILE)},
    ],
)
def declared_type_contradicts_register(rows: Filings) -> pd.Series:
    """The type follows from five questions about subject and domain; an order of another type is turned away
    before anybody reads it. Where something has to happen first, other rules say so. What is filed elsewhere can be
    changed only there: here it takes an access filing."""
    derived_type = rows["register.derived_type"]
    settled = ~derived_type.isin((types.BLOCKED, types.NOTHING_NEW))
    settled &= (rows["filing_type"] != types.CHANGE) | (derived_type == types.ACCESS)
    return settled & ~types.agrees(rows["filing_type"], derived_type)


@declared_type_contradicts_register.details
def _type_details(rows: Filings) -> dict[str, pd.Series]:
    why = types.why(_decided(rows), rows.basis.language)
    return {"expected": rows["register.derived_type"], "why": pd.Series(why, index=rows.index, dtype="str")}


@rule(
    "ICP1002",
    zh="主体以另一证件备案",
    en="The subject is on file under another certificate",
    columns=("subject_certificate_type", "subject_certificate_number"),
    evidence=("register.subject_old_number",),
    case=ADDING,
    severity="error",
    warning_if=~OLD_NUMBER_SETTLED | NUMBER_MAY_DIFFER,
    message=Words(
        "以所填证件查无备案，但该主体已以另一证件备案：{register.subject_old_number}",
        "nothing is filed under this certificate, but the subject is on file under another: "
        "{register.subject_old_number}",
    ),
    fix=Words(
        "证件已更换的，先做变更备案更新证件号码；未更换的，按原备案填写证件类型和号码",
        "If the certificate was replaced, file a change first; if not, give type and number as on file",
    ),
    owner="filer",
    source="Aliyun ICP docs 2019-09, 备案驳回FAQ（工信部中已存在备案记录）",
    good=[
        on_file(),
        {"filing_type": types.CHANGE, **on_file(subject_old_number="浙ICP备12345678号（营业执照）")},
    ],
    bad=[
        on_file(subject_old_number="浙ICP备12345678号（营业执照）", subject_old_number_certain=YES),
        on_file(subject_old_number="浙ICP备12345678号（组织机构代码证）", subject_old_number_certain=NO),
        {
            "filing_type": types.ACCESS,
            "province": "湖北",
            **on_file(subject_old_number="鄂ICP备12345678号（营业执照）", subject_old_number_certain=YES),
        },
    ],
)
def subject_on_file_under_another_certificate(rows: Filings) -> pd.Series:
    """A subject is known by certificate type and number, not by name: under a new number it looks like a first
    filing, and then clashes with the record. The same name alone does not prove it, and some provinces let the
    number differ at access, so that only warns."""
    return rows["register.subject_old_number"] != NONE


@rule(
    "ICP1003",
    zh="域名已由其他主体备案",
    en="Another subject has filed the domain",
    columns=("domain",),
    evidence=("register.same_subject",),
    case=filed_as(*types.ADDING, types.CHANGE),
    severity="error",
    message=Words(
        "域名「{domain}」已由其他主体备案：{register.domain_owner}",
        "another subject has filed domain 「{domain}」: {register.domain_owner}",
    ),
    fix=Words(
        "先由域名持有者向原备案所在地管理局申请注销原备案，注销后再提交；或改用其他域名",
        "Have the other filing cancelled at its administration first, or file another domain",
    ),
    owner="filer",
    source="Aliyun ICP docs 2019-09, 备案域名FAQ; MIIT return code 1005",
    good=[
        on_file(),
        on_file(**SITE_ON_FILE),
        on_file(domain="已注销", same_subject=NONE),
        {"filing_type": types.CHANGE, **on_file(**ANOTHERS_DOMAIN, icp_number_owner=ANOTHERS_DOMAIN["domain_owner"])},
    ],
    bad=[
        on_file(**ANOTHERS_DOMAIN),
        {"filing_type": types.ACCESS, **on_file(**SUBJECT_ON_FILE | ANOTHERS_DOMAIN)},
        {"filing_type": types.NEW_SITE, **on_file(**ANOTHERS_DOMAIN, icp_number_owner=ANOTHERS_DOMAIN["domain_owner"])},
        {"filing_type": types.CHANGE, **on_file(**ANOTHERS_DOMAIN, icp_number_owner="陈**（浙ICP备12345678号）")},
    ],
)
def domain_filed_by_another_subject(rows: Filings) -> pd.Series:
    """A domain belongs to one filing; a second subject is refused until the first filing is cancelled. A change
    that names that very filing by its ICP number changes its subject: that is another rule's."""
    return (rows["register.same_subject"] == NO) & ~is_changed(rows, rows["register.domain_owner"])


@rule(
    "ICP1004",
    zh="证件或域名有进行中的订单",
    en="An order is already open on the certificate or the domain",
    columns=("subject_certificate_number", "domain"),
    evidence=("register.order_open",),
    case=filed_as(*types.ADDING, types.CHANGE),
    severity="error",
    message=Words("{labels}存在进行中的订单（审核中）", "an order is open (under review) on: {labels}"),
    fix=Words(
        "等待进行中的订单办结，或撤回该订单后再提交",
        "Wait until the open order is decided, or withdraw it, then submit",
    ),
    owner="agent",
    source=_TYPES_FAQ,
    good=[on_file(), on_file(**SITE_ON_FILE), {"filing_type": "注销主体", **on_file(order_open="主体")}],
    bad=[on_file(order_open="主体"), on_file(order_open="域名"), on_file(order_open="主体;域名")],
)
def order_already_open(rows: Filings) -> pd.DataFrame:
    """One order at a time: a second one on the same certificate or domain is not accepted."""
    order_open = rows["register.order_open"]
    return pd.DataFrame(
        {
            "subject_certificate_number": order_open.str.contains(types.SUBJECT, regex=False),
            "domain": order_open.str.contains(types.DOMAIN, regex=False),
        }
    )


@rule(
    "ICP1005",
    zh="没有可新增的内容",
    en="There is nothing new to file",
    columns=("filing_type", "domain"),
    evidence=("register.derived_type",),
    case=ADDING,
    severity="error",
    message=Words(
        "该主体和域名「{domain}」都已在本接入商备案（{register.site_icp_number}），没有可新增的内容",
        "subject and domain 「{domain}」 are both filed with this provider already ({register.site_icp_number})",
    ),
    fix=Words(
        "如需修改信息，改为「变更备案」；不再使用的，办理注销或取消接入；否则删去此行",
        "To change data, file a change; if no longer used, cancel it or withdraw access; otherwise delete the row",
    ),
    owner="agent",
    source=_TYPES_FAQ,
    good=[on_file(**SITE_ON_FILE), {"filing_type": types.CHANGE, **on_file(**SITE_ON_FILE | {"domain_here": YES})}],
    bad=[
        on_file(**SITE_ON_FILE | {"domain_here": YES}),
        {"filing_type": types.ACCESS, **on_file(**SITE_ON_FILE | {"domain_here": YES})},
    ],
)
def nothing_new_to_file(rows: Filings) -> pd.Series:
    """Subject and domain are both on file with this provider: the system finds nothing to add."""
    return rows["register.derived_type"] == types.NOTHING_NEW


@rule(
    "ICP1006",
    zh="空壳主体未注销",
    en="A subject without sites is still on file",
    columns=("filing_type", "subject_certificate_number"),
    evidence=("register.subject_sites_left",),
    case=ADDING,
    severity="error",
    message=Words(
        "该主体（{register.subject_icp_number}）名下已没有网站，须先注销主体再办理首次备案",
        "the subject ({register.subject_icp_number}) has no site left: it must be cancelled before a first filing",
    ),
    fix=Words(
        "先注销该空壳主体，办结后以「首次备案」提交",
        "Cancel the empty subject; once that is done, submit a first filing",
    ),
    owner="filer",
    source="Aliyun ICP docs 2019-09, 接入备案FAQ",
    good=[on_file(), on_file(**SUBJECT_ON_FILE)],
    bad=[
        on_file(**SUBJECT_ON_FILE | {"subject_sites_left": NO}),
        {"filing_type": types.NEW_SITE, **on_file(**SUBJECT_ON_FILE | {"subject_sites_left": NO})},
    ],
)
def empty_subject_not_cancelled(rows: Filings) -> pd.Series:
    """An empty subject can take no new site, and blocks a first filing under the same certificate."""
    return rows["register.subject_sites_left"] == NO


@rule(
    "ICP1007",
    zh="备案库中只有已注销的记录",
    en="Only cancelled filings are on record",
    columns=("subject_certificate_number",),
    evidence=("register.subject",),
    case=filed_as(types.FIRST),
    severity="warning",
    message=Words(
        "备案库中该主体只有已注销的记录，主体备案号是否也已注销无法确定",
        "only cancelled filings of this subject are on record; whether the subject itself was cancelled is not known",
    ),
    fix=Words(
        "在工信部备案系统查询：主体仍在的，先注销空壳主体，再办理首次备案",
        "Look it up at MIIT: if the subject still stands, cancel it before the first filing",
    ),
    owner="agent",
    source="Aliyun ICP docs 2019-09, 接入备案FAQ",
    good=[on_file(), on_file(**SUBJECT_ON_FILE)],
    bad=[on_file(subject="已注销")],
)
def only_cancelled_filings_on_record(rows: Filings) -> pd.Series:
    """When the last site is cancelled, the subject may live on as an empty one that blocks a first filing."""
    return rows["register.subject"] == types.CANCELLED


@rule(
    "ICP1008",
    zh="没有可变更或注销的备案",
    en="Nothing is on file to change or cancel",
    columns=("filing_type",),
    evidence=("register.subject", "register.subject_old_number"),
    case=filed_as(types.CHANGE, *types.CLOSING),
    severity="error",
    message=Words(
        "「{filing_type}」以已有备案为前提，但备案库中没有该主体，也没有所填的主体备案号",
        "「{filing_type}」 needs a filing on record, but neither the subject nor the ICP number given is on file",
    ),
    fix=Words(
        "核对证件类型、证件号码和主体备案号；确未备案的，改为「首次备案」",
        "Check certificate type, number and ICP number; if nothing is filed, make it a first filing",
    ),
    owner="agent",
    source=_CHANGES,
    good=[
        on_file(),
        {"filing_type": types.CHANGE, **on_file(**SITE_ON_FILE)},
        {"filing_type": types.CHANGE, **on_file(subject_old_number="浙ICP备12345678号（营业执照）")},
        {
            "filing_type": types.CHANGE,
            "subject_icp_number": "浙ICP备12345678号",
            **on_file(icp_number_owner="杭州旧名样例有限公司（浙ICP备12345678号）"),
        },
    ],
    bad=[{"filing_type": types.CHANGE, **on_file()}, {"filing_type": "注销网站", **on_file(subject="已注销")}],
)
def nothing_on_file_to_change(rows: Filings) -> pd.Series:
    """A change or cancellation needs something on record. A subject changing its name and number at once is
    found by its ICP number."""
    unknown = rows["register.subject"].isin((NONE, types.CANCELLED)) & (rows["register.subject_old_number"] == NONE)
    if rows.has("register.icp_number_owner"):
        unknown &= rows["register.icp_number_owner"].isin(("", NONE))
    return unknown


@rule(
    "ICP1009",
    zh="变更备案不能新增域名",
    en="A change filing may not add a domain",
    columns=("domain",),
    evidence=("register.domain", "register.subject"),
    case=CHANGING,
    severity="error",
    message=Words(
        "变更备案中的域名「{domain}」没有备案；变更备案只能删除域名，不能新增或更换",
        "domain 「{domain}」 is not on file; a change filing may only delete domains, not add or replace one",
    ),
    fix=Words("新域名请以「新增网站」提交", "File the new domain as a new site"),
    owner="agent",
    source="Aliyun ICP docs 2019-09, 变更备案, 限制说明 (since 2019-04-22)",
    good=[on_file(), {"filing_type": types.CHANGE, **on_file(**SITE_ON_FILE)}],
    bad=[{"filing_type": types.CHANGE, **on_file(**SUBJECT_ON_FILE)}],
)
def change_adds_a_domain(rows: Filings) -> pd.Series:
    """Since one site has one domain, a change order may delete domains but not bring in another."""
    return (rows["register.subject"] == FILED) & rows["register.domain"].isin((NONE, types.CANCELLED))


@rule(
    "ICP1010",
    zh="备案类型不属于提交审核的类型",
    en="A type that does not go through this review",
    columns=("filing_type",),
    case=filed_as(*types.OUTSIDE),
    severity="warning",
    message=Words(
        "「{filing_type}」不经过新备案的初审，预检只能核对其基本信息",
        "「{filing_type}」 does not go through the review of new filings; only its basic data is checked here",
    ),
    fix=Words("请在接入商系统中按该类型的流程办理", "Handle it by that type's own procedure at the access provider"),
    owner="agent",
    source="Aliyun ICP docs 2019-09, 注销备案, 取消接入",
    good=[{}, {"filing_type": types.CHANGE}],
    bad=[{"filing_type": "注销主体"}, {"filing_type": "取消接入"}, {"filing_type": "认领备案"}],
)
def filing_type_outside_review(rows: Filings) -> pd.Series:
    """Cancelling, withdrawing, claiming and importing are no filings a reviewer reads; they need none of the
    documents the other rules ask for."""
    return rows.constant(True)
