"""Real-name verification: done, and long enough ago for MIIT to know."""

from __future__ import annotations

import numpy as np
import pandas as pd

from expectations.cellwise import damaged
from expectations.facts.dates import NOT_YET, dates, today
from expectations.facts.domains import ALREADY_FILED, CHECKED_SINCE, VERIFIED
from expectations.rows import Case, Filings
from expectations.rule import Words, rule

VERIFICATION = "Aliyun ICP docs 2019-09, 域名核验 and 未通过域名核验的原因和解决方法"

_INTAKE_DAYS, _INTAKE_WORKING_DAYS = 3, 5


@rule(
    "ICP0130",
    zh="域名实名认证日期晚于今天", en="Real-name verification lies in the future",
    columns=("domain_verified_on",), case=VERIFIED, severity="error",
    message=Words(
        "域名实名认证完成日 {domain_verified_on} 还没有到，域名尚未实名认证",
        "{domain_verified_on} has not come yet, so the domain is not real-name verified",
    ),
    fix=Words("完成实名认证后填写实际日期，再提交备案", "Complete the verification, give its real date, then file"),
    owner="filer", source=VERIFICATION,
    good=[{"domain_verified_on": "2025-12-01"}, {"domain_verified_on": "2026-01-15"}],
    bad=[{"domain_verified_on": "2026-01-16"}],
)  # fmt: skip
def verified_in_the_future(rows: Filings) -> pd.Series:
    """A planned verification is none."""
    return dates(rows, "domain_verified_on") > today(rows)


@rule(
    "ICP0150",
    zh="域名未实名认证", en="The domain is not real-name verified",
    columns=("domain_verified_on",), blank="judged", evidence=("in_sheet.domain_verified_on",),
    case=VERIFIED, severity="error", warning_if=ALREADY_FILED,
    message=Words(
        "「域名未入库」：没有域名实名认证完成日，视为尚未实名认证",
        "「域名未入库」: no date of the real-name verification is given, which means that the domain is not verified",
    ),
    fix=Words(
        "在域名注册商处完成实名认证，3 至 5 个工作日后填写完成日再提交；已认证的补填日期",
        "Have the domain verified at its registrar and file 3 to 5 working days later; if it is, give the date",
    ),
    owner="filer", source=VERIFICATION,
    good=[{}, {"filing_type": "取消接入", "domain_verified_on": ""}, {"domain": "", "domain_verified_on": ""}],
    bad=[
        {"domain_verified_on": ""}, {"filing_type": "接入备案", "domain_verified_on": ""},
        {"domain_verified_on": "尚未实名认证"},
    ],
)  # fmt: skip
def domain_not_verified(rows: Filings) -> pd.Series:
    """Only verified domains are in the database that filings are checked against. An access filing's domain is on
    file already, so there it warns."""
    blank = (rows["domain_verified_on"] == "") & ~damaged(rows, "domain_verified_on")
    return (blank & (rows["domain"] != "")) | rows["domain_verified_on"].str.contains(NOT_YET).astype(bool)


def _age(rows: Filings) -> tuple[pd.Series, np.ndarray]:
    """Days and working days (holidays not counted off) since the verification; -1 where it is no date."""
    verified = dates(rows, "domain_verified_on")
    days = (today(rows) - verified).dt.days.fillna(-1)
    day = verified.fillna(today(rows)).to_numpy().astype("datetime64[D]")
    return days, np.busday_count(day, np.datetime64(rows.basis.as_of, "D"))


@rule(
    "ICP0131",
    zh="域名实名认证信息可能尚未入库", en="The verification may not have reached MIIT yet",
    columns=("domain_verified_on",), case=VERIFIED, severity="error",
    warning_if=ALREADY_FILED | Case(
        "实名认证已满 3 天", "verified three days ago or more", lambda rows: _age(rows)[0] >= _INTAKE_DAYS
    ),
    message=Words(
        "「域名未入库」：域名 {domain_verified_on} 才完成实名认证，信息入库需要 3 至 5 个工作日",
        "「域名未入库」: verified on {domain_verified_on}; it takes 3 to 5 working days to reach MIIT",
    ),
    fix=Words("{ready_on} 之后再提交备案", "File after {ready_on}"),
    owner="agent", source=VERIFICATION,
    good=[
        {"domain_verified_on": "2026-01-08"}, {"domain_verified_on": "2026-01-16"}, {"domain_verified_on": "去年"},
        {"domain_verified_on": "2026-01-10", "filing_type": "接入备案"},
    ],
    bad=[
        {"domain_verified_on": "2026-01-15"}, {"domain_verified_on": "2026-01-13"},
        {"domain_verified_on": "2026-01-12"},
        {"domain_verified_on": "2026-01-09"}, {"domain_verified_on": "2026-01-14", "filing_type": "接入备案"},
    ],
)  # fmt: skip
def verified_too_recently(rows: Filings) -> pd.Series:
    """Providers name three days, three or five working days: before three days none of them is over."""
    days, working = _age(rows)
    return (days >= 0) & ((days < _INTAKE_DAYS) | ((working < _INTAKE_WORKING_DAYS) & ~ALREADY_FILED.holds(rows)))


@verified_too_recently.details
def _ready_on(rows: Filings) -> dict[str, pd.Series]:
    verified = dates(rows, "domain_verified_on").to_numpy().astype("datetime64[D]")
    ready = np.busday_offset(verified, _INTAKE_WORKING_DAYS, roll="forward")
    return {"ready_on": pd.Series(np.datetime_as_string(ready), index=rows.index, dtype="str")}


@rule(
    "ICP0132",
    zh="域名在入库开始前完成实名认证", en="Verified before the intake began",
    columns=("domain_verified_on",), case=VERIFIED, severity="warning",
    message=Words(
        "域名于 {domain_verified_on} 实名认证，早于 2018-01-01，信息可能不在注册商验证库中（「域名未入库」）",
        "Verified on {domain_verified_on}, before 2018-01-01: MIIT may not have it (「域名未入库」)",
    ),
    fix=Words(
        "向域名注册商确认是否已入库，必要时重新实名认证",
        "Ask the registrar whether it was passed on; else verify again",
    ),
    owner="registrar", source=VERIFICATION,
    good=[{"domain_verified_on": "2018-01-01"}, {"domain_verified_on": "2016-05-04", "filing_type": "接入备案"}],
    bad=[{"domain_verified_on": "2017-12-31"}],
)  # fmt: skip
def verified_before_the_intake(rows: Filings) -> pd.Series:
    """Most older verifications were passed on later, some never."""
    return (dates(rows, "domain_verified_on") < pd.Timestamp(CHECKED_SINCE)) & ~ALREADY_FILED.holds(rows)
