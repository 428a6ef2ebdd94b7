"""The domain itself: its form, and whether its suffix may be filed, and by this subject."""

from __future__ import annotations

import pandas as pd

from expectations.facts.domains import (
    ALREADY_FILED,
    GOVERNMENT_SUFFIXES,
    VERIFIED,
    suffix_fact,
)
from expectations.facts.people import per_value
from expectations.filing import INDIVIDUAL
from expectations.rows import Case, Filings
from expectations.rule import Words, rule

VERIFICATION = "Aliyun ICP docs 2019-09, 域名核验"
PREPARATION = "Aliyun ICP docs 2019-09, 网站域名准备与检查"
GOVERNMENT = "Aliyun ICP docs 2019-09, 政府网站域名备案"
SUFFIXES = "approved suffixes as listed 2022-08-30; MIIT notice 2018 no. 7; Aliyun ICP docs 2019-09"


@rule(
    "ICP0101",
    zh="域名格式错误", en="The domain is malformed",
    columns=("domain",), case=VERIFIED, severity="error",
    message=Words(
        "域名「{domain}」含有域名中不允许的字符，或标点、连字符位置不对",
        "「{domain}」 holds characters no domain may have, or misplaced dots or hyphens",
    ),
    fix=Words("照域名证书重新填写，只填域名本身", "Type the domain as its certificate shows it, nothing else"),
    owner="agent", source="MIIT filing interface, return code 1004",
    good=[
        {"domain": "chen-guang.com.cn"}, {"domain": "晨光样例.中国"}, {"domain": "a.cn;b.cn"}, {"domain": "café.com"},
    ],
    bad=[
        {"domain": "chen_guang.cn"}, {"domain": "chenguang..cn"}, {"domain": "-chenguang.cn"},
        {"domain": "晨光（样例）.cn"},
    ],
)  # fmt: skip
def domain_malformed(rows: Filings) -> pd.Series:
    """A name that cannot exist cannot be looked up at any registrar."""
    return rows["domain_fault"] == "malformed"


@rule(
    "ICP0102",
    zh="域名处填写了 IP 地址", en="An IP address stands for the domain",
    columns=("domain",), case=VERIFIED, severity="error",
    message=Words(
        "「{domain}」是 IP 地址，没有域名的网站不能备案",
        "「{domain}」 is an IP address: a site needs a domain",
    ),
    fix=Words("填写已实名认证的域名", "Give a domain that is real-name verified"),
    owner="filer", source="Aliyun ICP docs 2019-09, 限制说明",
    good=[{"domain": "1234.cn"}, {"domain": "1.2.3.cn"}],
    bad=[{"domain": "192.0.2.10"}, {"domain": "2001:db8::1"}],
)  # fmt: skip
def domain_is_an_address(rows: Filings) -> pd.Series:
    """Filings are of websites under a domain; an address alone is not accepted."""
    return rows["domain_fault"] == "address"


@rule(
    "ICP0103",
    zh="域名不完整", en="The domain is incomplete",
    columns=("domain",), case=VERIFIED, severity="error",
    message=Words(
        "「{domain}」不是完整的域名（缺少后缀，或只有后缀）",
        "「{domain}」 has no suffix, or is nothing but one",
    ),
    fix=Words("填写带后缀的完整域名，如 abc.com", "Give the whole domain with its suffix, such as abc.com"),
    owner="agent", source=VERIFICATION,
    good=[{"domain": "abc.com.cn"}, {"domain": "晨光.网址"}],
    bad=[{"domain": "chenguang"}, {"domain": "com.cn"}, {"domain": "中国"}],
)  # fmt: skip
def domain_without_suffix(rows: Filings) -> pd.Series:
    """Only a name under a suffix can be registered, and so be verified."""
    return rows["domain_fault"].isin(("no_suffix", "bare_suffix"))


@rule(
    "ICP0104",
    zh="一个网站填写了多个域名", en="Several domains for one website",
    columns=("domain",), case=VERIFIED, severity="error", warning_if=ALREADY_FILED,
    message=Words(
        "一个网站只能备案一个域名（2019-04-22 起），此处填写了「{domain}」",
        "One website takes one domain since 2019-04-22; here stand 「{domain}」",
    ),
    fix=Words(
        "每个域名单独作为一个网站填写一行；变更备案只能减少域名",
        "Give each domain a row of its own; a change filing can only take domains away",
    ),
    owner="agent", source="Aliyun ICP docs 2019-09, 限制说明 (rule since 2019-04-22)",
    good=[{"domain": "chenguang.cn"}],
    bad=[{"domain": "chenguang.cn;chenguang.com"}, {"domain": "a.cn;b.cn", "filing_type": "变更备案"}],
)  # fmt: skip
def several_domains_for_one_site(rows: Filings) -> pd.Series:
    """Sites filed before 2019-04-22 may still hold several, so those are only pointed out."""
    return rows["domain_fault"] == "several"


@rule(
    "ICP0105",
    zh="填写了子域名（含 www）", en="A sub-domain was filed (www included)",
    columns=("domain",), case=VERIFIED, severity="error",
    message=Words(
        "「{domain}」是子域名，应填写所注册的域名「{expected}」，其子域名无需另行备案",
        "「{domain}」 is a sub-domain of the registered 「{expected}」, whose filing covers it",
    ),
    fix=Words("改为「{expected}」", "Write 「{expected}」"),
    owner="agent", source="Aliyun ICP docs 2019-09, 验证备案类型 and 政府网站域名备案",
    good=[
        {"domain": "sample.com"}, {"domain": "chenguang.com.cn"}, {"domain": "chenguang.zj.cn"},
        {"domain": "晨光.政务.cn"},
        {"domain": "www.a.gov.cn", "subject_nature": "政府机关"},
        {"domain": "www.b1.a.gov.cn", "subject_nature": "政府机关"},
    ],
    bad=[
        {"domain": "www.sample.com"}, {"domain": "a.sample.com"}, {"domain": "cloud.sample.com.cn"},
        {"domain": "www.晨光.中国"},
    ],
)  # fmt: skip
def subdomain_filed(rows: Filings) -> pd.Series:
    """Government names are the exception: bodies at several levels share one registered domain."""
    own = rows["registrable_domain"]
    return (own != "") & (own != rows["domain"]) & ~rows["domain_suffix"].isin(GOVERNMENT_SUFFIXES)


@subdomain_filed.details
def _registered(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": rows["registrable_domain"]}


def _suffix(rows: Filings) -> dict[str, pd.Series]:
    return {"suffix": "." + rows["domain_suffix"]}


@rule(
    "ICP0106",
    zh="域名后缀未获批复", en="The domain's suffix is not approved",
    columns=("domain",), case=VERIFIED, severity="error", warning_if=ALREADY_FILED,
    message=Words(
        "「TLD未批复」：后缀 {suffix} 未经工信部批复，域名「{domain}」不能备案",
        "「TLD未批复」: MIIT has not approved {suffix}, so 「{domain}」 cannot be filed",
    ),
    fix=Words(
        "换用已批复后缀的域名（可查 domain.miit.gov.cn）；此前已备案的，注销后不能再备",
        "Use a domain under an approved suffix (domain.miit.gov.cn); one on file is lost once its filing is cancelled",
    ),
    owner="filer", source=SUFFIXES,
    good=[{"domain": "sample.cn"}, {"domain": "sample.org.cn"}, {"domain": "sample.cc"}, {"domain": "样例.公司"}],
    bad=[
        {"domain": "sample.org"}, {"domain": "sample.name"}, {"domain": "sample.com.hk"},
        {"domain": "sample.io", "filing_type": "接入备案"},
    ],
)  # fmt: skip
def suffix_not_approved(rows: Filings) -> pd.Series:
    """An approved suffix is the first of five conditions since 2018; what is on file may stay there."""
    return rows["domain_status"] == "not_approved"


suffix_not_approved.details(_suffix)


@rule(
    "ICP0107",
    zh="域名后缀是否批复待核实", en="Whether the suffix is approved is unclear",
    columns=("domain",), case=VERIFIED, severity="warning",
    message=Words(
        "后缀 {suffix} {doubt}，请先核实域名「{domain}」能否备案",
        "{suffix} {doubt}: check whether 「{domain}」 can be filed",
    ),
    fix=Words("在 domain.miit.gov.cn 查询该后缀是否已批复", "Look the suffix up at domain.miit.gov.cn"),
    owner="agent", source=SUFFIXES,
    good=[
        {"domain": "sample.cn"}, {"domain": "sample.top"}, {"domain": "sample.org"},
        {"domain": "sample.cc", "filing_type": "接入备案"},
    ],
    bad=[
        {"domain": "sample.cc"}, {"domain": "sample.tv"}, {"domain": "sample.rocks"}, {"domain": "sample.co.uk"},
        {"domain": "sample.con"},
    ],
)  # fmt: skip
def suffix_approval_unclear(rows: Filings) -> pd.Series:
    """Approvals come and go with the years and the lists disagree; a site on file has shown that its suffix passes."""
    unclear = rows["domain_status"].isin(("conflict", "not_listed", "unknown"))
    return unclear & ~ALREADY_FILED.holds(rows)


_DOUBTS = {
    "conflict": Words("在不同来源中批复状态不一致", "is approved in one list and not in another"),
    "not_listed": Words("曾列为未批复，且不在 2022-08-30 的名单中", "was once unapproved and is not on the 2022 list"),
    "unknown": Words("不在已知的批复名单中", "is on no list of approved suffixes we know"),
}  # fmt: skip


@suffix_approval_unclear.details
def _doubt(rows: Filings) -> dict[str, pd.Series]:
    language = rows.basis.language
    return {**_suffix(rows), "doubt": per_value(rows["domain_status"], lambda status: _DOUBTS[status](language))}


@rule(
    "ICP0108",
    zh="域名后缀仅限特定单位使用", en="The suffix is reserved for other bodies",
    columns=("domain", "subject_nature"), case=VERIFIED, severity="error",
    warning_if=Case(
        "并非个人或企业使用政府域名", "not an individual or enterprise on a government name",
        lambda rows: ~(
            rows["domain_suffix"].isin(GOVERNMENT_SUFFIXES) & rows["subject_nature"].isin((INDIVIDUAL, "企业"))
        ),
    ),
    message=Words(
        "后缀 {suffix} 面向{reserved}，主办单位性质为「{subject_nature}」",
        "{suffix} is meant for {reserved}; the subject is 「{subject_nature}」",
    ),
    fix=Words("核对主办单位性质，或换用其他域名", "Check the subject's nature, or use another domain"),
    owner="filer", source=f"{GOVERNMENT}; MIIT notice 2018 no. 7",
    good=[
        {"domain": "sample.gov.cn", "subject_nature": "政府机关"}, {"domain": "样例.公益", "subject_nature": "基金会"},
        {"domain": "sample.org.cn"}, {"domain": "mygov.cn"},
    ],
    bad=[
        {"domain": "sample.gov.cn"}, {"domain": "样例.政务", "subject_nature": INDIVIDUAL},
        {"domain": "sample.gov.cn", "subject_nature": "事业单位"}, {"domain": "样例.公益"},
    ],
)  # fmt: skip
def suffix_reserved_for_other_bodies(rows: Filings) -> pd.Series:
    """A public institution without administrative duties should not use a government name; a firm cannot."""
    return per_value(suffix_fact(rows, "reserved_for") + "\t" + rows["subject_nature"], _reserved_elsewhere) == "yes"


def _reserved_elsewhere(pair: str) -> str:
    reserved, nature = pair.split("\t")
    return "yes" if reserved and nature not in reserved.split(";") else ""


@suffix_reserved_for_other_bodies.details
def _reserved(rows: Filings) -> dict[str, pd.Series]:
    return {**_suffix(rows), "reserved": suffix_fact(rows, "reserved_for").str.replace(";", "、")}


@rule(
    "ICP0109",
    zh="政府机关未使用 .gov.cn 或 .政务 域名", en="A government body outside .gov.cn and .政务",
    columns=("domain",), case=VERIFIED, evidence=("subject_nature",), severity="error", warning_if=ALREADY_FILED,
    message=Words(
        "政府网站只能使用 .gov.cn 或 .政务 域名，此处为「{domain}」",
        "Government sites use .gov.cn or .政务 only; here stands 「{domain}」",
    ),
    fix=Words("换用 .gov.cn 或 .政务 域名，或核对主办单位性质", "Use such a name, or check the subject's nature"),
    owner="filer", source=GOVERNMENT,
    good=[
        {"domain": "sample.gov.cn", "subject_nature": "政府机关"},
        {"domain": "样例.政务", "subject_nature": "政府机关"},
        {"domain": "www.a.gov.cn", "subject_nature": "政府机关"},
        {"domain": "sample.com", "subject_nature": "事业单位"},
    ],
    bad=[{"domain": "sample.com", "subject_nature": "政府机关"}, {"domain": "sample.cn", "subject_nature": "政府机关"}],
)  # fmt: skip
def government_outside_its_suffixes(rows: Filings) -> pd.Series:
    """Other names are for other bodies; a site on file may stay where it is."""
    elsewhere = (rows["registrable_domain"] != "") & ~rows["domain_suffix"].isin(GOVERNMENT_SUFFIXES)
    return elsewhere & (rows["subject_nature"] == "政府机关")
