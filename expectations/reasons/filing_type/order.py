"""One order: how many sites it may hold, and the service code of each."""

from __future__ import annotations

import pandas as pd

from expectations.facts import filing_types as types
from expectations.facts.other_filings import order_number, others
from expectations.facts.records_on_file import SUBJECT_ON_FILE, on_file
from expectations.filing import NO
from expectations.rows import Case, Filings, across, filed_as
from expectations.rule import rule
from expectations.words import Words

_LIMITS = "Aliyun ICP docs 2019-09, 限制说明"
_CODE = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_OTHER_SITE = {"domain": "other-sample.cn"}
_OTHER_SUBJECT = {"subject_certificate_number": "91330000MA0000008X"}
_SAME_CODE = {"service_code": "32a43232-a888-88e8-b9ec-008880000002"}
_ORDER = ("filing_no", "subject_key", "domain")


def _order(entries: pd.DataFrame) -> pd.Series:
    """Which rows are one order: the sender's number, of one subject, in one workbook."""
    number = order_number(entries)
    return (number + "\n" + entries["subject_key"]).where((number != "") & (entries["subject_key"] != ""), "")


@across("ledger.order_sites", reads=_ORDER)
def _order_sites(entries: pd.DataFrame) -> pd.Series:
    """How many different domains the order holds; blank where it cannot be told."""
    order = _order(entries)
    sites = entries["domain"].where(entries["domain"] != "", None).groupby(order).transform("nunique")
    alone = ~entries["subject_key"].duplicated(keep=False) & (entries["subject_key"] != "")
    return sites.astype("int64").astype("str").where(order != "", alone.map({True: "1", False: ""})).astype("str")


@across("ledger.order_service_codes", reads=(*_ORDER, "service_code"))
def _order_service_codes(entries: pd.DataFrame) -> pd.Series:
    """How many different service codes the order holds."""
    order = _order(entries)
    codes = entries["service_code"].str.lower()
    counted = codes.where(codes != "", None).groupby(order).transform("nunique")
    return counted.astype("int64").astype("str").where(order != "", "")


@across("ledger.service_code_used_by", reads=("service_code", "domain", "subject_name"))
def _service_code_used_by(entries: pd.DataFrame) -> pd.Series:
    return others(entries, entries["service_code"].str.lower(), entries["domain"])


@rule(
    "ICP1030",
    zh="备案服务号格式少见", en="A service code of unusual form",
    columns=("service_code",), blank="passes", severity="warning",
    message=Words(
        "备案服务号「{service_code}」不是常见的 8-4-4-4-12 位形式，可能抄写有误",
        "service code 「{service_code}」 is not of the usual form (8-4-4-4-12 letters), it may be miscopied",
    ),
    fix=Words("从接入商控制台复制备案服务号", "Copy the code from the access provider's console"),
    owner="agent", source="Aliyun ICP docs 2019-09, 名词解释",
    good=[{}, {"service_code": "32a43232-a888-88e8-b9ec-00888be8888f"},
          {"service_code": "32A43232-A888-88E8-B9EC-00888BE8888F"}],
    bad=[{"service_code": "32a43232-a888-88e8-b9ec"}, {"service_code": "BA20260001"}],
)  # fmt: skip
def service_code_of_unusual_form(rows: Filings) -> pd.Series:
    """One provider's codes have this form; others give codes of their own, so this warns."""
    return ~rows["service_code"].str.fullmatch(_CODE)


@rule(
    "ICP1031",
    zh="备案服务号用于多个网站", en="One service code for several sites",
    columns=("service_code",), evidence=("domain",), blank="passes",
    case=filed_as(*types.ADDING), severity="error",
    message=Words(
        "备案服务号「{service_code}」在本批中已用于其他网站：{ledger.service_code_used_by}",
        "service code 「{service_code}」 is used for another site in this batch: {ledger.service_code_used_by}",
    ),
    fix=Words("每个网站使用一个未用过的备案服务号", "Use a fresh code for each site"),
    owner="agent", source=_LIMITS,
    good=[
        {"service_code": "32a43232-a888-88e8-b9ec-008880000001"},
        [_SAME_CODE, _SAME_CODE],
        [{"service_code": ""}, {"service_code": "", **_OTHER_SITE}],
    ],
    bad=[[{"service_code": "32a43232-a888-88e8-b9ec-008880000003"},
          {"service_code": "32A43232-A888-88E8-B9EC-008880000003", **_OTHER_SITE}]],
)  # fmt: skip
def service_code_used_twice(rows: Filings) -> pd.Series:
    """A code serves one site, and never another, not even after that one is cancelled."""
    return rows["ledger.service_code_used_by"] != ""


@rule(
    "ICP1032",
    zh="备案服务号少于网站数", en="Fewer service codes than sites",
    columns=("service_code",), evidence=("ledger.order_sites", "ledger.order_service_codes"), blank="judged",
    case=filed_as(*types.ADDING), severity="warning",
    message=Words(
        "同一订单有 {ledger.order_sites} 个网站，只填写了 {ledger.order_service_codes} 个备案服务号，此网站未填",
        "sites in the order: {ledger.order_sites}, service codes given: {ledger.order_service_codes}; "
        "this site has none",
    ),
    fix=Words("为此网站填写一个未用过的备案服务号", "Give a fresh code for this site"),
    owner="agent", source=_LIMITS,
    good=[
        {"filing_no": "BA-0100"},
        [{"filing_no": "BA-0101"}, {"filing_no": "BA-0101", **_OTHER_SITE}],
        [{"filing_no": "BA-0102", "service_code": "32a43232-a888-88e8-b9ec-008880000004"},
         {"filing_no": "BA-0102", **_OTHER_SITE}],
        [{"filing_no": "BA-0103"},
         {"filing_no": "BA-0104", **_OTHER_SITE, "service_code": "32a43232-a888-88e8-b9ec-008880000005"}],
    ],
    bad=[[{"filing_no": "BA-0105"},
          {"filing_no": "BA-0105", **_OTHER_SITE, "service_code": "32a43232-a888-88e8-b9ec-008880000006"}]],
)  # fmt: skip
def fewer_service_codes_than_sites(rows: Filings) -> pd.Series:
    """Each site takes a code of its own; where an order gives some, the others were probably forgotten."""
    sites, codes = (pd.to_numeric(rows[f"ledger.order_{name}"]) for name in ("sites", "service_codes"))
    return (rows["service_code"] == "") & (codes > 0) & (codes < sites)


_POLICIES = {"first": filed_as(types.FIRST), "new_site": filed_as(*types.NEW_SITES)}


def _limit(rows: Filings) -> pd.Series:
    """How many sites the province lets one order of this type hold; blank where it says nothing."""
    limit = rows.constant("")
    for name, case in _POLICIES.items():
        limit = limit.mask(case.holds(rows), rows.policy(f"filing_max_sites_per_order_{name}"))
    return limit


@rule(
    "ICP1033",
    zh="同一订单网站数超过所在省上限", en="More sites in one order than the province accepts",
    columns=("filing_no", "domain"), evidence=("province", "subject_nature", "ledger.order_sites"), blank="passes",
    case=filed_as(types.FIRST, *types.NEW_SITES), severity="error",
    message=Words(
        "同一订单（{filing_no}）有 {ledger.order_sites} 个网站，"
        "{province}每个订单最多 {limit} 个（管局规则 {snapshot}）",
        "order {filing_no} holds {ledger.order_sites} sites; "
        "{province} accepts {limit} in one order (rules of {snapshot})",
    ),
    fix=Words("拆分为多个订单，依次提交", "Split it into several orders and submit one after the other"),
    owner="agent", source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息 and 管局规则",
    good=[
        {"province": "湖北"},
        [{"filing_no": "BA-0111"}, {"filing_no": "BA-0111", **_OTHER_SITE}],
        [{"province": "湖北", "filing_no": "BA-0112"},
         {"province": "湖北", "filing_no": "BA-0113", **_OTHER_SITE}],
        [{"province": "湖北", "filing_no": "BA-0114"}, {"province": "湖北", "filing_no": "BA-0114"}],
        [{"province": "湖北", "filing_no": "BA-0125"},
         {"province": "湖北", "filing_no": "BA-0125", **_OTHER_SUBJECT, **_OTHER_SITE}],
        [{"province": "湖北", "filing_no": "BA-0115", "filing_type": types.ACCESS},
         {"province": "湖北", "filing_no": "BA-0115", **_OTHER_SITE, "filing_type": types.ACCESS}],
        [{"province": "湖北", "filing_no": "7"}, {"province": "湖北", "filing_no": "7", **_OTHER_SITE}],
        [{"province": "河南", "filing_no": "BA-0116", "domain": f"sample-{n}.cn"} for n in range(5)],
    ],
    bad=[
        [{"province": "湖北", "filing_no": "BA-0117"},
         {"province": "湖北", "filing_no": "BA-0117", **_OTHER_SITE}],
        [{"province": "河南", "filing_no": "BA-0118", "domain": f"sample-{n}.cn"} for n in range(6)],
        [{"province": "河南", "subject_nature": "个人", "filing_no": "BA-0119", "domain": f"sample-{n}.cn"}
         for n in range(4)],
        [{"province": "陕西", "filing_no": "BA-0120", "domain": f"sample-{n}.cn"} for n in range(6)],
    ],
)  # fmt: skip
def too_many_sites_in_order(rows: Filings) -> pd.Series:
    """Some administrations take one site, three or five in an order; all rows of a longer order are returned."""
    sites, limit = pd.to_numeric(rows["ledger.order_sites"]), pd.to_numeric(_limit(rows))
    return sites > limit


@too_many_sites_in_order.details
def _limits(rows: Filings) -> dict[str, pd.Series]:
    return {"limit": _limit(rows), "snapshot": rows.policy("snapshot")}


_FROM_ELSEWHERE = Case(
    "原备案不在本接入商的新增网站",
    "a new site of a subject filed elsewhere",
    lambda rows: (
        (rows["filing_type"] == types.NEW_SITE_ELSEWHERE)
        | ((rows["filing_type"] == types.NEW_SITE) & _filed_elsewhere(rows))
    ),
    ("filing_type",),
)


def _filed_elsewhere(rows: Filings) -> pd.Series:
    return rows["register.subject_here"] == NO if rows.has("register.subject_here") else rows.constant(False)


@rule(
    "ICP1034",
    zh="原备案不在本接入商时一个订单只能新增一个网站", en="Several new sites in one order of a subject filed elsewhere",
    columns=("filing_no", "domain"), evidence=("ledger.order_sites",), blank="passes",
    case=_FROM_ELSEWHERE, severity="error",
    message=Words(
        "同一订单（{filing_no}）新增 {ledger.order_sites} 个网站；主体备案不在本接入商时，每个订单只能新增 1 个",
        "order {filing_no} adds {ledger.order_sites} sites; while the subject is filed elsewhere an order adds one",
    ),
    fix=Words(
        "先提交一个网站，备案成功后再以「新增网站」提交其余网站", "Submit one site; once it is filed, add the others"
    ),
    owner="agent", source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息 (earlier version)",
    good=[
        {"filing_type": types.NEW_SITE_ELSEWHERE},
        [{"filing_type": types.NEW_SITE_HERE, "filing_no": "BA-0121"},
         {"filing_type": types.NEW_SITE_HERE, "filing_no": "BA-0121", **_OTHER_SITE}],
        [{"filing_type": types.NEW_SITE, "filing_no": "BA-0122"},
         {"filing_type": types.NEW_SITE, "filing_no": "BA-0122", **_OTHER_SITE}],
    ],
    bad=[
        [{"filing_type": types.NEW_SITE_ELSEWHERE, "filing_no": "BA-0123"},
         {"filing_type": types.NEW_SITE_ELSEWHERE, "filing_no": "BA-0123", **_OTHER_SITE}],
        [{"filing_type": types.NEW_SITE, "filing_no": "BA-0124", **on_file(**SUBJECT_ON_FILE | {"subject_here": NO})},
         {"filing_type": types.NEW_SITE, "filing_no": "BA-0124", **_OTHER_SITE}],
    ],
)  # fmt: skip
def several_sites_added_from_elsewhere(rows: Filings) -> pd.Series:
    """The first new site brings the subject to this provider; only then can it take more."""
    return pd.to_numeric(rows["ledger.order_sites"]) > 1
