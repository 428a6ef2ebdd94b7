"""How long certificates hold, and which a person may file under."""

from __future__ import annotations

from datetime import date

import pandas as pd

from expectations.facts.representation import BEGINNING
from expectations.rows import INDIVIDUALS, Case, Filings, where_policy
from expectations.rule import Words, rule

_ROLES = ("subject", "principal", "site_principal")
_DATES = tuple(f"{role}_certificate_expires_on" for role in _ROLES)
_TYPES = ("principal_certificate_type", "site_principal_certificate_type")
_ISO = "^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$"
_IDENTITY_CARD, _OFFICER = "居民身份证", "军官证"
_PAGES = "Aliyun ICP docs 2019-09, 备案所需资料 and 管局规则"


def _dated(rows: Filings, key: str) -> pd.Series:
    """Whether a day stands there; 长期 and what is no date are not judged."""
    return rows[key].str.contains(_ISO, regex=True)


@rule(
    "ICP0510",
    zh="证件已过有效期", en="A certificate has expired",
    columns=_DATES, blank="passes", case=BEGINNING, severity="error",
    message=Words("证件到 {today} 已失效：{cells}", "no longer valid on {today}: {cells}"),
    fix=Words("换领新证件后，填写并上传新证件", "renew the certificate, then give and attach the new one"),
    owner="filer", source=_PAGES,
    good=[
        {}, {"subject_nature": "个人"}, {"principal_certificate_expires_on": "2026-01-16"},
        {"subject_certificate_expires_on": "长期"}, {"principal_certificate_expires_on": "2025年"},
        {"subject_certificate_expires_on": "2026-01-15"},
        {"principal_certificate_expires_on": "2025-01-01", "filing_type": "注销主体"},
    ],
    bad=[
        {"principal_certificate_expires_on": "2026-01-14"}, {"subject_certificate_expires_on": "2020-12-31"},
        {"site_principal_certificate_expires_on": "2025-06-01"},
    ],
)  # fmt: skip
def certificate_expired(rows: Filings) -> pd.DataFrame:
    """Every certificate must be in date, its last day included; 长期 always is."""
    today = rows.basis.as_of.isoformat()
    return pd.DataFrame({key: _dated(rows, key) & (rows[key] < today) for key in _DATES}, index=rows.index)


@certificate_expired.details
def _today(rows: Filings) -> dict[str, pd.Series]:
    return {"today": rows.constant(rows.basis.as_of.isoformat())}


def _in_months(as_of: date, months: str) -> str:
    day: date = (pd.Timestamp(as_of) + pd.DateOffset(months=int(months))).date()
    return day.isoformat()


def _last_day(rows: Filings) -> pd.Series:
    """The day up to which a card is not valid for long enough, by the province's months."""
    months = rows.policy("id_card_min_validity_months")
    days = {text: _in_months(rows.basis.as_of, text) for text in months.unique() if text}
    return months.map(days).astype("str").fillna("")


@rule(
    "ICP0511",
    zh="身份证剩余有效期不足", en="An identity card is not valid for long enough",
    columns=_DATES, blank="passes", case=BEGINNING & Case(
        "规定身份证剩余有效期的省份", "provinces that say how long identity cards must last",
        lambda rows: rows.policy("id_card_min_validity_months") != "", ("province", "subject_nature"),
    ),
    severity="error",
    message=Words("{province}要求身份证有效期超过{months}个月，即晚于 {last_day}（{snapshot} 的管局规则）：{cells}",
                  "{province} wants identity cards valid for more than {months} months, beyond {last_day} (page of "
                  "{snapshot}): {cells}"),
    fix=Words("换领新身份证后再提交", "renew the identity card first"),
    owner="filer", source="Aliyun ICP docs 2019-09, 管局规则",
    good=[
        {}, {"principal_certificate_expires_on": "2026-04-16"}, {"subject_certificate_expires_on": "2026-02-01"},
        {"principal_certificate_expires_on": "2026-02-01", "principal_certificate_type": "护照"},
        {"principal_certificate_expires_on": "2026-01-10"},
    ],
    bad=[
        {"principal_certificate_expires_on": "2026-04-15"}, {"site_principal_certificate_expires_on": "2026-01-16"},
        {"subject_nature": "个人", "subject_certificate_expires_on": "2026-03-31",
         "principal_certificate_expires_on": "2026-03-31"},
    ],
)  # fmt: skip
def identity_card_expires_soon(rows: Filings) -> pd.DataFrame:
    """The provinces' pages want identity cards valid for more than three months; other certificates
    need only be in date."""
    today, last = rows.basis.as_of.isoformat(), _last_day(rows)
    return pd.DataFrame(
        {
            key: _dated(rows, key)
            & (rows[key] >= today)
            & (rows[key] <= last)
            & (rows[key.replace("expires_on", "type")] == _IDENTITY_CARD)
            for key in _DATES
        },
        index=rows.index,
    )


@identity_card_expires_soon.details
def _months(rows: Filings) -> dict[str, pd.Series]:
    return {
        "months": rows.policy("id_card_min_validity_months"),
        "last_day": _last_day(rows),
        "snapshot": rows.policy("snapshot"),
    }


def _limited_card(rows: Filings, key: str) -> pd.Series:
    """Whether an identity card in a province that says how long it must last: that is another rule's finding."""
    card = rows[key.replace("expires_on", "type")] == _IDENTITY_CARD
    return card & (rows.policy("id_card_min_validity_months") != "")


@rule(
    "ICP0518",
    zh="证件即将到期", en="A certificate expires within a month",
    columns=_DATES, blank="passes", case=BEGINNING, severity="warning",
    message=Words("证件在一个月内到期，审核期间可能失效：{cells}",
                  "certificates that expire within a month may lapse during the review: {cells}"),
    fix=Words("先换领新证件再提交", "renew the certificate before filing"),
    owner="filer", source="Tencent Cloud docs, 材料上传: valid for more than one month",
    good=[
        {}, {"subject_certificate_expires_on": "2026-02-16"}, {"subject_certificate_expires_on": "2026-01-14"},
        {"principal_certificate_expires_on": "2026-02-01"},
        {"subject_certificate_expires_on": "2026-02-01", "filing_type": "注销主体"},
    ],
    bad=[
        {"subject_certificate_expires_on": "2026-01-15"}, {"subject_certificate_expires_on": "2026-02-15"},
        {"principal_certificate_expires_on": "2026-02-01", "principal_certificate_type": "护照"},
    ],
)  # fmt: skip
def certificate_expires_soon(rows: Filings) -> pd.DataFrame:
    """A review takes weeks, and another provider wants a month; an identity card has its own rule."""
    today, last = rows.basis.as_of.isoformat(), _in_months(rows.basis.as_of, "1")
    return pd.DataFrame(
        {
            key: _dated(rows, key) & (rows[key] >= today) & (rows[key] <= last) & ~_limited_card(rows, key)
            for key in _DATES
        },
        index=rows.index,
    )


@rule(
    "ICP0512",
    zh="该省不接受临时身份证", en="The province takes no temporary identity card",
    columns=("subject_certificate_type", *_TYPES), blank="passes", case=BEGINNING & INDIVIDUALS & where_policy(
        "temporary_id_card_accepted", "no", "不接受临时身份证的省份", "provinces that take no temporary identity card"
    ),
    severity="error",
    message=Words("{province}不接受临时身份证（{snapshot} 的管局规则）：{cells}",
                  "{province} takes no temporary identity card (page of {snapshot}): {cells}"),
    fix=Words("领到居民身份证后再提交", "wait for the identity card itself"),
    owner="filer", source="Aliyun ICP docs 2019-09, 内蒙古备案规则, 上海备案规则, 海南备案规则",
    good=[{}, {"province": "上海", "subject_nature": "个人"},
          {"province": "浙江", "subject_nature": "个人", "principal_certificate_type": "临时居民身份证"}],
    bad=[{"province": "上海", "subject_nature": "个人", "principal_certificate_type": "临时居民身份证"}],
)  # fmt: skip
def temporary_identity_card(rows: Filings) -> pd.DataFrame:
    """Some provinces refuse the card that bridges the weeks until the real one."""
    columns = ("subject_certificate_type", *_TYPES)
    return pd.DataFrame({key: rows[key].str.contains("临时", regex=False) for key in columns}, index=rows.index)


# Passports of this country; some others look the same, so this is never certain.
_OWN_PASSPORT = r"^(?:[EGDSPK][0-9]{8}|[EGDSPK][A-Z][0-9]{7})$"


def _may_be_foreign(rows: Filings) -> pd.Series:
    return ~rows["subject_certificate_type"].isin([_OFFICER]) & ~rows["principal_certificate_type"].isin([_OFFICER])


@rule(
    "ICP0513",
    zh="中国公民须用居民身份证", en="A citizen must file under the identity card",
    columns=("subject_certificate_type", "principal_certificate_type"),
    case=BEGINNING & INDIVIDUALS & where_policy(
        "citizens_must_use_id_card", "yes",
        "限用居民身份证的省份", "provinces where citizens use the identity card only",
    ),
    severity="error", warning_if=Case("护照可能是外国的", "the passport may be a foreign one", _may_be_foreign),
    message=Words("{province}要求中国公民用居民身份证备案（{snapshot} 的管局规则），而{cells}",
                  "{province} wants citizens to file under the identity card (page of {snapshot}), but {cells}"),
    fix=Words("改用居民身份证", "use the identity card"),
    owner="filer", source="Aliyun ICP docs 2019-09, 管局规则",
    good=[
        {"province": "北京", "subject_nature": "个人"},
        {"subject_nature": "个人", "subject_certificate_type": "军官证"},
        {"province": "北京", "subject_nature": "个人", "subject_certificate_type": "台湾居民居住证"},
        {"province": "北京", "subject_nature": "个人", "subject_certificate_type": "护照",
         "subject_certificate_number": "X12345678"},
        {"province": "北京", "principal_certificate_type": "军官证"},
    ],
    bad=[
        {"province": "北京", "subject_nature": "个人", "subject_certificate_type": "军官证"},
        {"province": "云南", "subject_nature": "个人", "subject_certificate_type": "护照",
         "subject_certificate_number": "E12345678"},
    ],
)  # fmt: skip
def citizen_without_identity_card(rows: Filings) -> pd.DataFrame:
    """A few provinces let citizens file under nothing but the identity card. An officer's card is
    certainly a citizen's; a passport only perhaps."""
    columns = {}
    for role in ("subject", "principal"):
        kind, number = rows[f"{role}_certificate_type"], rows[f"{role}_certificate_number"]
        own = (kind == "护照") & number.str.contains(_OWN_PASSPORT, regex=True)
        columns[f"{role}_certificate_type"] = (kind == _OFFICER) | own
    return pd.DataFrame(columns, index=rows.index)


@rule(
    "ICP0514",
    zh="港澳居民证件种类与该省要求不同", en="Another document of a Hong Kong or Macao resident is wanted",
    columns=("subject_certificate_type", "principal_certificate_type"),
    case=BEGINNING & INDIVIDUALS & where_policy(
        "hk_macao_document", "mainland_travel_permit",
        "限用港澳居民来往内地通行证的省份", "provinces that name the mainland travel permit",
    ),
    severity="error",
    message=Words("{province}要求港澳居民用来往内地通行证备案（{snapshot} 的管局规则），而{cells}",
                  "{province} wants the mainland travel permit of residents of Hong Kong and Macao (page of "
                  "{snapshot}), but {cells}"),
    fix=Words("改用港澳居民来往内地通行证；居住证须先向管局确认可用",
              "use the travel permit; ask the administration before using the residence permit"),
    owner="filer", source="Aliyun ICP docs 2019-09, 上海备案规则; 备案所需资料 takes both",
    good=[
        {"province": "上海", "subject_nature": "个人"},
        {"province": "上海", "subject_nature": "个人", "subject_certificate_type": "港澳居民来往内地通行证"},
        {"subject_nature": "个人", "subject_certificate_type": "港澳居民居住证"},
        {"province": "上海", "subject_nature": "个人", "subject_certificate_type": "台湾居民居住证"},
    ],
    bad=[{"province": "上海", "subject_nature": "个人", "subject_certificate_type": "港澳居民居住证"}],
)  # fmt: skip
def hk_macao_document_not_listed(rows: Filings) -> pd.DataFrame:
    """Shanghai fixes the travel permit; the general page takes the residence permit as well, but a province's
    own word goes before it."""
    columns = ("subject_certificate_type", "principal_certificate_type")
    return pd.DataFrame({key: rows[key] == "港澳居民居住证" for key in columns}, index=rows.index)


@rule(
    "ICP0515",
    zh="军官证可能不被接受", en="An officer's card may not be accepted",
    columns=_TYPES, blank="passes", case=BEGINNING, severity="warning",
    message=Words("新的资料清单已不列军官证：{cells}", "later lists no longer name the officer's card: {cells}"),
    fix=Words("改用居民身份证", "use the identity card"),
    owner="filer", source="Aliyun ICP docs 2019-09: named in the older field table, absent from 备案所需资料",
    good=[{}, {"province": "北京", "subject_nature": "个人", "principal_certificate_type": "军官证"}],
    bad=[{"principal_certificate_type": "军官证"}, {"site_principal_certificate_type": "军官证"}],
)  # fmt: skip
def officers_card(rows: Filings) -> pd.DataFrame:
    """Only an older table names the officer's card, so a reviewer may refuse it. Where it is refused for
    certain, that is said instead."""
    refused = rows["is_individual"] & (rows.policy("citizens_must_use_id_card") == "yes")
    return pd.DataFrame({key: (rows[key] == _OFFICER) & ~refused for key in _TYPES}, index=rows.index)


for _rule in (temporary_identity_card, citizen_without_identity_card, hk_macao_document_not_listed):
    _rule.details(lambda rows: {"snapshot": rows.policy("snapshot")})
