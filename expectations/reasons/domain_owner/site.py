"""The domain as the filing's own: the home page on it, and which other filings of the run name it."""

from __future__ import annotations

import pandas as pd

from expectations.facts.domains import VERIFIED, names_domain, own_suffixes, urls_well_formed
from expectations.filing import INDIVIDUAL
from expectations.rows import Filings, filed_as, in_provinces
from expectations.rule import Words, rule

FIRST_OR_NEW = filed_as("首次备案", "新增网站", "新增网站（原备案在本接入商）", "新增网站（原备案不在本接入商）")


@rule(
    "ICP0110",
    zh="网站首页 URL 格式错误", en="The home page URL is malformed",
    columns=("home_url",), case=VERIFIED, severity="error",
    message=Words("首页网址「{home_url}」不是有效的网址", "「{home_url}」 is no valid URL"),
    fix=Words("填写形如 www.abc.com 的网址", "Write it like www.abc.com"),
    owner="agent", source="MIIT filing interface, return code 1022",
    good=[
        {"home_url": "www.chenguang-sample.cn"}, {"home_url": "https://chenguang-sample.cn:8443/index.html"},
        {"home_url": "www.晨光样例.中国", "domain": "晨光样例.中国"},
        {"home_url": "http://chenguang-sample.cn;www.chenguang-sample.cn"},
    ],
    bad=[
        {"home_url": "http:/www.chenguang-sample.cn"}, {"home_url": "http://http://chenguang-sample.cn"},
        {"home_url": "chenguang"},
    ],
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
    fix=Words(
        "首页网址应使用所备案的域名，如 www.{own}",
        "Use the filed domain in the home page's URL, such as www.{own}",
    ),
    owner="agent",
    source="MIIT 网站备案信息真实性核验工作方案（试行） 2010-02-11; MIIT filing interface, return code 1041",
    good=[
        {"home_url": "www.123.com", "domain": "123.com"}, {"home_url": "HTTPS://M.123.com/a?b=c", "domain": "123.com"},
        {"home_url": "123.com:8080", "domain": "123.com"}, {"home_url": "www.晨光.中国", "domain": "晨光.中国"},
        {"home_url": "www.other.cn;www.123.com", "domain": "123.com"},
        {"home_url": "www.123.com", "domain": "www.123.com"},
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
    zh="北京：非国家级单位的域名含“中国”“国家”",
    en="Beijing: 中国 or 国家 in the domain of a unit that is not national",
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
    bad=[
        {"province": "北京", "domain": "中国晨光样例.cn"},
        {"province": "北京", "domain": "国家样例.com", "subject_nature": INDIVIDUAL},
    ],
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
