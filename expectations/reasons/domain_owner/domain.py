"""The domain itself: its form, its suffix, the home page on it, and who else files it."""

from __future__ import annotations

import pandas as pd

from expectations.domains import (
    ALREADY_FILED,
    GOVERNMENT_SUFFIXES,
    VERIFIED,
    mapped,
    names_domain,
    own_suffixes,
    suffix_fact,
    urls_well_formed,
)
from expectations.filing import INDIVIDUAL
from expectations.rows import Case, Filings, filed_as, in_provinces
from expectations.rule import Words, rule

VERIFICATION = "Aliyun ICP docs 2019-09, 域名核验"
PREPARATION = "Aliyun ICP docs 2019-09, 网站域名准备与检查"
GOVERNMENT = "Aliyun ICP docs 2019-09, 政府网站域名备案"
SUFFIXES = "approved suffixes as listed 2022-08-30; MIIT notice 2018 no. 7; Aliyun ICP docs 2019-09"

FIRST_OR_NEW = filed_as("首次备案", "新增网站", "新增网站（原备案在本接入商）", "新增网站（原备案不在本接入商）")


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
    good=[{"domain": "chen-guang.com.cn"}, {"domain": "晨光样例.中国"}, {"domain": "a.cn;b.cn"}, {"domain": "café.com"}],
    bad=[{"domain": "chen_guang.cn"}, {"domain": "chenguang..cn"}, {"domain": "-chenguang.cn"}, {"domain": "晨光（样例）.cn"}],
)  # fmt: skip
def domain_malformed(rows: Filings) -> pd.Series:
    """A name that cannot exist cannot be looked up at any registrar."""
    return rows["domain_fault"] == "malformed"


@rule(
    "ICP0102",
    zh="域名处填写了 IP 地址", en="An IP address stands for the domain",
    columns=("domain",), case=VERIFIED, severity="error",
    message=Words("「{domain}」是 IP 地址，没有域名的网站不能备案", "「{domain}」 is an IP address: a site needs a domain"),
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
    message=Words("「{domain}」不是完整的域名（缺少后缀，或只有后缀）", "「{domain}」 has no suffix, or is nothing but one"),
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
        {"domain": "sample.com"}, {"domain": "chenguang.com.cn"}, {"domain": "chenguang.zj.cn"}, {"domain": "晨光.政务.cn"},
        {"domain": "www.a.gov.cn", "subject_nature": "政府机关"}, {"domain": "www.b1.a.gov.cn", "subject_nature": "政府机关"},
    ],
    bad=[{"domain": "www.sample.com"}, {"domain": "a.sample.com"}, {"domain": "cloud.sample.com.cn"}, {"domain": "www.晨光.中国"}],
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
        "Use a domain under an approved suffix (see domain.miit.gov.cn); one on file cannot be filed again once cancelled",
    ),
    owner="filer", source=SUFFIXES,
    good=[{"domain": "sample.cn"}, {"domain": "sample.org.cn"}, {"domain": "sample.cc"}, {"domain": "样例.公司"}],
    bad=[{"domain": "sample.org"}, {"domain": "sample.name"}, {"domain": "sample.com.hk"}, {"domain": "sample.io", "filing_type": "接入备案"}],
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
    good=[{"domain": "sample.cn"}, {"domain": "sample.top"}, {"domain": "sample.org"}, {"domain": "sample.cc", "filing_type": "接入备案"}],
    bad=[{"domain": "sample.cc"}, {"domain": "sample.tv"}, {"domain": "sample.rocks"}, {"domain": "sample.co.uk"}, {"domain": "sample.con"}],
)  # fmt: skip
def suffix_approval_unclear(rows: Filings) -> pd.Series:
    """Approvals come and go with the years and the lists disagree; a site on file has shown that its suffix passes."""
    unclear = rows["domain_status"].isin(("conflict", "not_listed", "unknown"))
    return unclear & ~ALREADY_FILED.holds(rows)


_DOUBTS = {
    "conflict": Words("在不同来源中批复状态不一致", "is approved in one list and not in another"),
    "not_listed": Words("曾列为未批复，且不在 2022-08-30 的批复名单中", "was once unapproved and is not on the list of 2022-08-30"),
    "unknown": Words("不在已知的批复名单中", "is on no list of approved suffixes we know"),
}  # fmt: skip


@suffix_approval_unclear.details
def _doubt(rows: Filings) -> dict[str, pd.Series]:
    language = rows.basis.language
    return {**_suffix(rows), "doubt": mapped(rows["domain_status"], lambda status: _DOUBTS[status](language))}


@rule(
    "ICP0108",
    zh="域名后缀仅限特定单位使用", en="The suffix is reserved for other bodies",
    columns=("domain", "subject_nature"), case=VERIFIED, severity="error",
    warning_if=Case(
        "并非个人或企业使用政府域名", "not an individual or enterprise on a government name",
        lambda rows: ~(rows["domain_suffix"].isin(GOVERNMENT_SUFFIXES) & rows["subject_nature"].isin((INDIVIDUAL, "企业"))),
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
    return mapped(suffix_fact(rows, "reserved_for") + "\t" + rows["subject_nature"], _reserved_elsewhere) == "yes"


def _reserved_elsewhere(pair: str) -> str:
    reserved, nature = pair.split("\t")
    return "yes" if reserved and nature not in reserved.split(";") else ""


@suffix_reserved_for_other_bodies.details
def _reserved(rows: Filings) -> dict[str, pd.Series]:
    return {**_suffix(rows), "reserved": suffix_fact(rows, "reserved_for").str.replace(";", "、")}


@rule(
    "ICP0109",
    zh="政府机关未使用 .gov.cn 或 .政务 域名", en="A government body outside .gov.cn and .政务",
    columns=("domain",), case=VERIFIED, evidence=("subject_nature",), severity="error",
    warning_if=ALREADY_FILED | Case(
        "域名属于 .cn、.中国 或 .公益", "names under .cn, .中国 or .公益",
        lambda rows: rows["domain_suffix"].str.contains(r"(?:^|\.)cn$|^中国$|^公益$"),
    ),
    message=Words(
        "政府网站只能使用 .gov.cn 或 .政务 域名，此处为「{domain}」",
        "Government sites use .gov.cn or .政务 only; here stands 「{domain}」",
    ),
    fix=Words("换用 .gov.cn 或 .政务 域名，或核对主办单位性质", "Use such a name, or check the subject's nature"),
    owner="filer", source=GOVERNMENT,
    good=[
        {"domain": "sample.gov.cn", "subject_nature": "政府机关"}, {"domain": "样例.政务", "subject_nature": "政府机关"},
        {"domain": "www.a.gov.cn", "subject_nature": "政府机关"}, {"domain": "sample.com", "subject_nature": "事业单位"},
    ],
    bad=[{"domain": "sample.com", "subject_nature": "政府机关"}, {"domain": "sample.cn", "subject_nature": "政府机关"}],
)  # fmt: skip
def government_outside_its_suffixes(rows: Filings) -> pd.Series:
    """Party bodies and courts are found under plain .cn too, so that is only pointed out."""
    elsewhere = (rows["registrable_domain"] != "") & ~rows["domain_suffix"].isin(GOVERNMENT_SUFFIXES)
    return elsewhere & (rows["subject_nature"] == "政府机关")


@rule(
    "ICP0110",
    zh="网站首页 URL 格式错误", en="The home page URL is malformed",
    columns=("home_url",), case=VERIFIED, severity="error",
    message=Words("首页网址「{home_url}」不是有效的网址", "「{home_url}」 is no valid URL"),
    fix=Words("填写形如 www.abc.com 的网址", "Write it like www.abc.com"),
    owner="agent", source="MIIT filing interface, return code 1022",
    good=[
        {"home_url": "www.chenguang-sample.cn"}, {"home_url": "https://chenguang-sample.cn:8443/index.html"},
        {"home_url": "www.晨光样例.中国", "domain": "晨光样例.中国"}, {"home_url": "http://chenguang-sample.cn;www.chenguang-sample.cn"},
    ],
    bad=[{"home_url": "http:/www.chenguang-sample.cn"}, {"home_url": "http://http://chenguang-sample.cn"}, {"home_url": "chenguang"}],
)  # fmt: skip
def home_url_malformed(rows: Filings) -> pd.Series:
    """A reviewer opens the home page; an address that cannot be opened is sent back."""
    return ~urls_well_formed(rows["home_url"])


@rule(
    "ICP0111",
    zh="网站首页 URL 与域名不符", en="The home page does not lie on the domain",
    columns=("home_url", "domain"), case=VERIFIED, severity="error",
    message=Words(
        "首页网址「{home_url}」不含所备案的域名「{domain}」",
        "The home page 「{home_url}」 is not on the filed domain 「{domain}」",
    ),
    fix=Words("首页网址应使用所备案的域名，如 www.{own}", "Use the filed domain in the home page's URL, such as www.{own}"),
    owner="agent", source="MIIT 网站备案信息真实性核验工作方案（试行） 2010-02-11; MIIT filing interface, return code 1041",
    good=[
        {"home_url": "www.123.com", "domain": "123.com"}, {"home_url": "HTTPS://M.123.com/a?b=c", "domain": "123.com"},
        {"home_url": "123.com:8080", "domain": "123.com"}, {"home_url": "www.晨光.中国", "domain": "晨光.中国"},
        {"home_url": "www.other.cn;www.123.com", "domain": "123.com"}, {"home_url": "www.123.com", "domain": "www.123.com"},
    ],
    bad=[
        {"home_url": "www.123.cn", "domain": "123.com"}, {"home_url": "www.my123.com", "domain": "123.com"},
        {"home_url": "123.com.sample.cn", "domain": "123.com"},
    ],
)  # fmt: skip
def home_url_without_the_domain(rows: Filings) -> pd.Series:
    """The home page is what is filed under the domain. Hosts are compared, not texts."""
    own = rows["registrable_domain"]
    return (own != "") & urls_well_formed(rows["home_url"]) & ~names_domain(rows["home_url"], own, own_suffixes(rows))


@home_url_without_the_domain.details
def _own(rows: Filings) -> dict[str, pd.Series]:
    return {"own": rows["registrable_domain"]}


_NATIONAL_UNIT = "^(?:中国|中华|国家|中央|全国)"


@rule(
    "ICP0112",
    zh="北京：非国家级单位的域名含“中国”“国家”", en="Beijing: 中国 or 国家 in the domain of a unit that is not national",
    columns=("domain",), case=VERIFIED & in_provinces("北京"), evidence=("subject_name",), severity="warning",
    message=Words(
        "北京市要求非国家级单位的域名不含“中国”“国家”，此处为「{domain}」",
        "In Beijing only national units may have 中国 or 国家 in a domain; here stands 「{domain}」",
    ),
    fix=Words("换用其他域名，或备好国家级单位证明", "Use another domain, or have proof of national standing ready"),
    owner="filer", source="Tencent Cloud docs, 省管局要求相关 (Beijing)",
    good=[
        {"province": "北京", "domain": "晨光样例.中国"}, {"province": "浙江", "domain": "中国晨光.cn"},
        {"province": "北京", "domain": "中国样例.cn", "subject_name": "中国样例集团有限公司"},
    ],
    bad=[{"province": "北京", "domain": "中国晨光样例.cn"}, {"province": "北京", "domain": "国家样例.com", "subject_nature": INDIVIDUAL}],
)  # fmt: skip
def national_word_in_beijing_domain(rows: Filings) -> pd.Series:
    """Whether a unit is national shows in its name or in the registering authority (100000), neither of them surely."""
    national = rows["subject_name"].str.contains(_NATIONAL_UNIT)
    national |= rows["subject_certificate_number"].str.contains("^[0-9A-Z]{2}100000")
    return rows["domain_label"].str.contains("中国|国家") & ~national


@rule(
    "ICP0113",
    zh="同一域名由不同主办单位申报", en="One domain, several subjects",
    columns=("domain",), case=VERIFIED, severity="error",
    message=Words(
        "域名「{domain}」在本次申报中还属于其他主办单位：{others}",
        "「{domain}」 is filed for other subjects in this run too: {others}",
    ),
    fix=Words("确认域名归谁所有，删除其他申报", "Settle whose domain it is and take the other filings out"),
    owner="agent", source="MIIT filing interface, return code 1005",
    good=[
        [{"domain": "a1.com"}, {"domain": "b1.com", "subject_certificate_number": "9133000012345678XX"}],
        [{"domain": "www.b1.a.gov.cn"}, {"domain": "www.b2.a.gov.cn", "subject_certificate_number": "1133000012345678XX"}],
        [{"domain": "a2.com"}, {"domain": "a2.com", "subject_certificate_number": "9133000012345678XX", "filing_type": "注销网站"}],
    ],
    bad=[
        [{"domain": "a3.com"}, {"domain": "a3.com", "subject_certificate_number": "9133000012345678XX"}],
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
    "ICP0114",
    zh="同一域名重复申报", en="The same domain filed twice",
    columns=("domain",), case=VERIFIED, severity="error", warning_if=~FIRST_OR_NEW,
    message=Words(
        "同一主办单位的域名「{domain}」在本次申报中重复出现：{others}",
        "「{domain}」 of the same subject stands in this run more than once: {others}",
    ),
    fix=Words("保留一行，删除重复的申报", "Keep one row"),
    owner="agent", source="MIIT filing interface, return codes 1037-1040",
    good=[
        [{"domain": "a5.com"}, {"domain": "b5.com"}],
        [{"domain": "a6.com"}, {"domain": "a6.com", "subject_certificate_number": "9133000012345678XX"}],
        [{"domain": "a7.com"}, {"domain": "a7.com", "service_type": "APP"}],
    ],
    bad=[
        [{"domain": "a8.com"}, {"domain": "a8.com"}],
        [{"domain": "a9.com", "filing_type": "变更备案"}, {"domain": "www.a9.com"}],
    ],
)  # fmt: skip
def domain_filed_twice(rows: Filings) -> pd.Series:
    """The second report of a site is refused; a site and an app may share a domain."""
    return rows["ledger.domain_again"] != ""


@domain_filed_twice.details
def _again(rows: Filings) -> dict[str, pd.Series]:
    return {"others": rows["ledger.domain_again"]}
