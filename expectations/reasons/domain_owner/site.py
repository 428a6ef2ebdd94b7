"""The domain as the filing's own: the home page on it, and what its name may not say."""

from __future__ import annotations

import pandas as pd

from expectations.facts.domains import VERIFIED, names_domain, own_suffixes, urls_well_formed
from expectations.filing import INDIVIDUAL
from expectations.rows import Filings, in_provinces
from expectations.rule import Words, rule


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
