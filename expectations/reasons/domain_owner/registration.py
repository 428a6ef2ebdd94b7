"""The registration: days left, registrar, privacy."""

from __future__ import annotations

import re

import pandas as pd

from expectations.facts.dates import dates, today
from expectations.facts.domains import ALREADY_FILED, CHECKED_SINCE, VERIFIED
from expectations.filing import YES
from expectations.rows import Case, Filings
from expectations.rule import Words, rule

VERIFICATION = "Aliyun ICP docs 2019-09, 域名核验 and 未通过域名核验的原因和解决方法"
PREPARATION = "Aliyun ICP docs 2019-09, 网站域名准备与检查"

_MIN_DAYS, _MIN_MONTHS = 90, 3


def _iso(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d").fillna("").astype("str")


# ── days left ────────────────────────────────────────────────────────────────────────────────────


def _limits(rows: Filings) -> tuple[pd.Series, pd.Series]:
    """The last days on which an expiry is too soon: by the rule in days, and by the stricter of days and months."""
    days = pd.to_numeric(rows.policy("domain_min_validity_days"), errors="coerce").fillna(_MIN_DAYS)
    months = pd.to_numeric(rows.policy("domain_min_validity_months"), errors="coerce").fillna(_MIN_MONTHS)
    now = today(rows)
    by_days = now + pd.to_timedelta(days, unit="D")
    ends = {count: now + pd.DateOffset(months=int(count)) for count in months.unique()}
    by_months = months.map(ends)
    return by_days, by_days.where(by_days >= by_months, by_months)


@rule(
    "ICP0133",
    zh="域名已过期", en="The domain has expired",
    columns=("domain_expires_on",), case=VERIFIED, severity="error",
    message=Words(
        "「域名已过期」：域名于 {domain_expires_on} 到期",
        "「域名已过期」: it expired on {domain_expires_on}",
    ),
    fix=Words("续费后更新域名到期日", "Renew the domain and give the new date"),
    owner="filer", source=VERIFICATION,
    good=[
        {"domain_expires_on": "2026-01-15"}, {"domain_expires_on": "2030-01-01"},
        {"domain_expires_on": "2025-01-01", "filing_type": "注销网站"},
    ],
    bad=[{"domain_expires_on": "2026-01-14"}, {"domain_expires_on": "2025-01-15", "filing_type": "接入备案"}],
)  # fmt: skip
def domain_expired(rows: Filings) -> pd.Series:
    """Nobody can verify the holder of a domain that may be sold to another."""
    return dates(rows, "domain_expires_on") < today(rows)


@rule(
    "ICP0134",
    zh="域名剩余有效期不足", en="The domain expires too soon",
    columns=("domain_expires_on",), case=VERIFIED, severity="error",
    warning_if=ALREADY_FILED | Case(
        "天数足够，只是不满三个月", "enough days, only not quite the months",
        lambda rows: dates(rows, "domain_expires_on") > _limits(rows)[0],
    ),
    message=Words(
        "域名 {domain_expires_on} 到期，还剩 {left} 天；{ground}要求剩余有效期超过 {needed} 天（且超过三个月）",
        "It expires on {domain_expires_on}, in {left} days; {ground} asks for more than {needed} (and three months)",
    ),
    fix=Words("续费后再提交，到期日应为 {first} 或更晚", "Renew it first; it should expire on {first} or later"),
    owner="filer", source=f"{PREPARATION}; rules of the provincial administrations, snapshot 2019-09-20",
    good=[
        {"province": "浙江", "domain_expires_on": "2026-04-16"},
        {"province": "上海", "domain_expires_on": "2026-07-15"},
        {"domain_expires_on": "2026-01-14"}, {"domain_expires_on": "长期"},
        {"province": "", "domain_expires_on": "2026-04-16"},
    ],
    bad=[
        {"province": "浙江", "domain_expires_on": "2026-04-15"},
        {"province": "上海", "domain_expires_on": "2026-07-14"},
        {"domain_expires_on": "2026-01-15"}, {"province": "", "domain_expires_on": "2026-02-01"},
        {"domain_expires_on": "2026-02-01", "filing_type": "接入备案"},
    ],
)  # fmt: skip
def domain_expires_too_soon(rows: Filings) -> pd.Series:
    """The domain has to outlast the review by far: more than 180 days in Shanghai, more than 90 elsewhere."""
    expires = dates(rows, "domain_expires_on")
    return (expires >= today(rows)) & (expires <= _limits(rows)[1])


@domain_expires_too_soon.details
def _left(rows: Filings) -> dict[str, pd.Series]:
    by_days, strictest = _limits(rows)
    left = (dates(rows, "domain_expires_on") - today(rows)).dt.days
    first = _iso(strictest + pd.Timedelta(days=1))
    needed = (by_days - today(rows)).dt.days
    return {
        "left": left.astype("str"), "needed": needed.astype("str"), "ground": _ground(rows),
        "first": first, "expected": "≥ " + first,
    }  # fmt: skip


def _ground(rows: Filings) -> pd.Series:
    """Whose demand it is and of what date; of an unknown province the general one."""
    province, snapshot = rows["province"], rows.policy("snapshot")
    if rows.basis.language == "zh":
        return (province + "（" + snapshot + " 快照）").where(snapshot != "", "备案")
    return (province + " (snapshot " + snapshot + ")").where(snapshot != "", "a filing")


@rule(
    "ICP0135",
    zh="域名有效期在审核期间将低于要求", en="During the review the domain falls below the days required",
    columns=("domain_expires_on",), case=VERIFIED, severity="warning",
    message=Words(
        "域名 {domain_expires_on} 到期，审核约需 {review} 天，届时剩余有效期将不足",
        "It expires on {domain_expires_on}; a review takes about {review} days, and too few will be left",
    ),
    fix=Words("建议续费后再提交，到期日在 {first} 或更晚为宜", "Better renew it first, to {first} or later"),
    owner="filer", source=f"{PREPARATION}; expected length of the review from the settings",
    good=[
        {"domain_expires_on": "2026-05-06"}, {"domain_expires_on": "2026-04-15"},
        {"domain_expires_on": "2026-04-20", "filing_type": "变更备案"},
    ],
    bad=[{"domain_expires_on": "2026-04-16"}, {"domain_expires_on": "2026-05-05"}],
)  # fmt: skip
def domain_lapses_during_review(rows: Filings) -> pd.Series:
    """The administration looks at the date weeks after the provider did."""
    expires, limit = dates(rows, "domain_expires_on"), _limits(rows)[1]
    review = pd.Timedelta(days=rows.basis.review_days)
    return (expires > limit) & (expires <= limit + review) & ~ALREADY_FILED.holds(rows)


@domain_lapses_during_review.details
def _review(rows: Filings) -> dict[str, pd.Series]:
    first = _iso(_limits(rows)[1] + pd.Timedelta(days=rows.basis.review_days + 1))
    return {"review": rows.constant(str(rows.basis.review_days)), "first": first, "expected": "≥ " + first}


@rule(
    "ICP0136",
    zh="域名注册日期不合理", en="The registration date makes no sense",
    columns=("domain_registered_on",), case=VERIFIED, blank="passes", severity="error",
    message=Words(
        "域名注册日期 {domain_registered_on} 晚于今天，或不早于到期日「{domain_expires_on}」",
        "Registered on {domain_registered_on}: after today, or not before it expires (「{domain_expires_on}」)",
    ),
    fix=Words("照域名证书核对注册日期和到期日", "Check both dates against the domain's certificate"),
    owner="agent", source="MIIT 网站备案信息填报真实性和规范性的有关要求",
    good=[{"domain_registered_on": "2026-01-15"}, {"domain_registered_on": ""}, {"domain_expires_on": ""}],
    bad=[
        {"domain_registered_on": "2026-01-16"},
        {"domain_registered_on": "2028-03-01", "domain_expires_on": "2028-03-01"},
    ],
)  # fmt: skip
def registration_dates_contradict(rows: Filings) -> pd.Series:
    """Two dates that exclude each other: one of them was mistyped, and the reviewer sees the registry's."""
    registered = dates(rows, "domain_registered_on")
    return (registered > today(rows)) | (registered >= dates(rows, "domain_expires_on"))


# ── registrar and privacy ────────────────────────────────────────────────────────────────────────


def _registered_overseas(rows: Filings) -> pd.Series:
    """Whether the registrar is one of the well-known foreign ones; names are matched as whole words."""
    table = rows.basis.reference.table("foreign_registrars")
    known = "|".join(re.escape(name) for row in table for name in row["names"].split(";"))
    registrar = rows["domain_registrar"].str.lower()
    return registrar.str.contains(rf"(?:^|[^a-z0-9.])(?:{known})(?:$|[^a-z0-9])").astype(bool)


_OLD_OR_UNDATED = Case(
    "域名注册于 2018-01-01 前或注册日期未填", "domains registered before 2018-01-01, or without a date",
    lambda rows: rows["domain_registered_on"] < CHECKED_SINCE,
)  # fmt: skip


@rule(
    "ICP0137",
    zh="域名在境外注册商处注册", en="The domain is with an overseas registrar",
    columns=("domain_registrar",), case=VERIFIED, blank="passes", severity="error",
    warning_if=_OLD_OR_UNDATED | ALREADY_FILED,
    message=Words(
        "「注册商未批复」：「{domain_registrar}」是境外注册商，2018-01-01 起注册的域名须由境内获批的注册商管理",
        "「注册商未批复」: 「{domain_registrar}」 is overseas; domains since 2018-01-01 need an approved one here",
    ),
    fix=Words(
        "将域名转入境内获批的注册商并重新实名认证",
        "Transfer the domain to an approved mainland registrar and verify it there",
    ),
    owner="registrar", source=PREPARATION,
    good=[
        {"domain_registrar": "阿里云"}, {"domain_registrar": "eName.com 易名中国"}, {"domain_registrar": ""},
        {"domain_registrar": "mydomain.com.cn"},
        {"domain_registrar": "GoDaddy", "domain_registered_on": "2015-01-01", "filing_type": "接入备案"},
        {"domain_registrar": "GoDaddy", "domain_registered_on": "2015-01-01", "province": "北京"},
    ],
    bad=[
        {"domain_registrar": "GoDaddy.com, LLC"}, {"domain_registrar": "Name.com"},
        {"domain_registrar": "阿里云国际站"},
        {"domain_registrar": "NameCheap Inc", "domain_registered_on": ""},
    ],
)  # fmt: skip
def overseas_registrar(rows: Filings) -> pd.Series:
    """Domains from before 2018 that are on file stay where they are; some provinces refuse all, see the next rule."""
    old = _OLD_OR_UNDATED.holds(rows)
    on_file = (rows["domain_registered_on"] != "") & old & ALREADY_FILED.holds(rows)
    return _registered_overseas(rows) & ~on_file & ~(old & _province_refuses(rows))


def _province_refuses(rows: Filings) -> pd.Series:
    return rows.policy("domain_overseas_registration_accepted") == "no"


@rule(
    "ICP0138",
    zh="该省不接受境外注册的域名", en="The province takes no domain registered overseas",
    columns=("domain_registrar",), case=VERIFIED, blank="passes", severity="error", warning_if=ALREADY_FILED,
    message=Words(
        "{province}管局规则（{snapshot} 快照）不接受在境外注册的域名，注册商为「{domain_registrar}」",
        "By its rules (snapshot {snapshot}) {province} takes no domain registered overseas: 「{domain_registrar}」",
    ),
    fix=Words(
        "将域名转入境内获批的注册商并重新实名认证",
        "Transfer the domain to an approved mainland registrar and verify it there",
    ),
    owner="registrar", source="rules of the provincial administrations, snapshot 2019-09-20",
    good=[
        {"province": "北京", "domain_registrar": "万网"},
        {"province": "浙江", "domain_registrar": "GoDaddy", "domain_registered_on": "2015-01-01"},
        {"province": "北京", "domain_registrar": "GoDaddy"},
    ],
    bad=[
        {"province": "北京", "domain_registrar": "GoDaddy", "domain_registered_on": "2015-01-01"},
        {"province": "湖南", "domain_registrar": "Gandi SAS", "domain_registered_on": ""},
    ],
)  # fmt: skip
def overseas_registration_refused(rows: Filings) -> pd.Series:
    """Newer domains fall under the national rule already, so one cause gives one finding."""
    return _registered_overseas(rows) & _province_refuses(rows) & _OLD_OR_UNDATED.holds(rows)


def _snapshot(rows: Filings) -> dict[str, pd.Series]:
    return {"snapshot": rows.policy("snapshot")}


overseas_registration_refused.details(_snapshot)


@rule(
    "ICP0139",
    zh="域名隐私保护未关闭", en="Privacy protection is on",
    columns=("domain_privacy",), case=VERIFIED, blank="passes", severity="error",
    warning_if=ALREADY_FILED | Case(
        "省管局规则未写明须关闭", "provinces whose rules do not say so",
        lambda rows: rows.policy("domain_privacy_must_be_off") != "yes",
    ),
    message=Words(
        "域名开启了隐私保护，{province}备案期间应关闭（{ground}）",
        "Privacy protection is on; in {province} it has to be off while the site is filed ({ground})",
    ),
    fix=Words(
        "在域名注册商处关闭隐私保护，审核通过前不要再开启",
        "Switch it off at the registrar until the review is over",
    ),
    owner="registrar",
    source="rules of the administrations, snapshot 2019-09-20; Tencent Cloud docs (retired), 填写网站信息常见问题",
    good=[{"domain_privacy": "是"}, {"domain_privacy": ""}, {"domain_privacy": "否", "province": "上海"}],
    bad=[{"domain_privacy": "是", "province": "上海"}, {"domain_privacy": "是", "province": "江苏"}],
)  # fmt: skip
def privacy_protection_on(rows: Filings) -> pd.Series:
    """Some administrations look the holder up themselves and find nobody."""
    listed = [row["province"] for row in rows.basis.reference.table("domain_privacy_provinces")]
    asked = rows["province"].isin(listed) | (rows.policy("domain_privacy_must_be_off") == "yes")
    return (rows["domain_privacy"] == YES) & asked


@privacy_protection_on.details
def _privacy_ground(rows: Filings) -> dict[str, pd.Series]:
    by_policy = rows.policy("domain_privacy_must_be_off") == "yes"
    words = (
        Words("管局规则，{} 快照", "its rules, snapshot {}"),
        Words("较早的服务商文档", "an older provider's page"),
    )
    said, elsewhere = (text(rows.basis.language) for text in words)
    ground = rows.policy("snapshot").map(said.format, na_action="ignore").where(by_policy, elsewhere)
    return {"ground": ground.astype("str")}
