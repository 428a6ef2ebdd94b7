"""Filings of one subject in the same run that contradict each other.

One of two rows is wrong and the batch does not say which, so all of these warn.
"""

from __future__ import annotations

import pandas as pd

from expectations.facts import filing_types as types
from expectations.facts.other_filings import order_number, others
from expectations.rows import Filings, across, filed_as
from expectations.rule import rule
from expectations.words import Words

_OTHER_SITE = {"domain": "other-sample.cn"}
_KEY = "Aliyun ICP docs 2019-09, 备案驳回FAQ; MIIT return code 1003"
_SUBJECT = ("subject_key", "subject_name")
_OTHER_NUMBER = {"subject_certificate_number": "91330000MA0000008X"}


@across("ledger.subject_other_names", reads=_SUBJECT)
def _other_names(entries: pd.DataFrame) -> pd.Series:
    return others(entries, entries["subject_key"], entries["subject_name"])


@across("ledger.subject_other_provinces", reads=(*_SUBJECT, "province"))
def _other_provinces(entries: pd.DataFrame) -> pd.Series:
    return others(entries, entries["subject_key"], entries["province"])


@across("ledger.subject_other_types", reads=(*_SUBJECT, "filing_type"))
def _other_types(entries: pd.DataFrame) -> pd.Series:
    """First filings on one side, what presupposes a filing on the other."""
    side = entries["filing_type"].map(dict.fromkeys((*types.NEW_SITES, types.ACCESS, types.CHANGE), "filed"))
    side = side.mask(entries["filing_type"] == types.FIRST, "first").fillna("").astype("str")
    return others(entries, entries["subject_key"], side)


@across("ledger.subject_other_orders", reads=(*_SUBJECT, "filing_type", "filing_no"))
def _other_orders(entries: pd.DataFrame) -> pd.Series:
    """Other orders that are first filings of the same subject."""
    first = entries["subject_key"].where(entries["filing_type"] == types.FIRST, "")
    return others(entries, first, order_number(entries))


@rule(
    "ICP1035",
    zh="同一主体在本批中多次首次备案", en="Several first filings of one subject in the batch",
    columns=("filing_type", "subject_certificate_number"), case=filed_as(types.FIRST), severity="warning",
    message=Words(
        "同一主体在本批中另有首次备案订单：{ledger.subject_other_orders}；同一证件同时只能有一个订单",
        "the batch holds another first filing of this subject: {ledger.subject_other_orders}; "
        "a certificate can have one open order",
    ),
    fix=Words(
        "并入同一订单，或待首次备案成功后将其余改为「新增网站」提交",
        "Put the sites into one order, or submit the others as new sites once the first is filed",
    ),
    owner="agent", source="Aliyun ICP docs 2019-09, 验证备案类型, 限制说明",
    good=[
        [{"filing_no": "BA-0201"}, {"filing_no": "BA-0201", **_OTHER_SITE}],
        [{"filing_no": "BA-0202", **_OTHER_NUMBER, "subject_certificate_type": "统一社会信用代码证书"},
         {"filing_no": "BA-0203", "subject_certificate_number": "91330000MA0000009X"}],
        [{"filing_no": "1", "subject_certificate_number": "91330000MA0000023X"},
         {"filing_no": "2", "subject_certificate_number": "91330000MA0000023X", **_OTHER_SITE}],
    ],
    bad=[[{"filing_no": "BA-0204", "subject_certificate_number": "91330000MA0000010X"},
          {"filing_no": "BA-0205", "subject_certificate_number": "91330000MA0000010X", **_OTHER_SITE}]],
)  # fmt: skip
def first_filing_twice(rows: Filings) -> pd.Series:
    """Nobody files for the first time twice: the second order is refused while the first is open."""
    return rows["ledger.subject_other_orders"] != ""


@rule(
    "ICP1036",
    zh="同一主体在本批中备案类型矛盾", en="Contradictory filing types of one subject in the batch",
    columns=("filing_type", "subject_certificate_number"),
    case=filed_as(*types.ADDING, types.CHANGE), severity="warning",
    message=Words(
        "同一主体既有首次备案，又有以已备案为前提的类型：{ledger.subject_other_types}",
        "a first filing of this subject stands beside types that need one on record: {ledger.subject_other_types}",
    ),
    fix=Words("查明该主体是否已备案，统一备案类型", "Find out whether the subject is on file and make the types agree"),
    owner="agent", source="Aliyun ICP docs 2019-09, 验证备案类型",
    good=[
        [{"filing_type": types.NEW_SITE, "subject_certificate_number": "91330000MA0000011X"},
         {"filing_type": types.ACCESS, "subject_certificate_number": "91330000MA0000011X", **_OTHER_SITE}],
        [{"subject_certificate_number": "91330000MA0000012X"},
         {"filing_type": types.ACCESS, "subject_certificate_number": "91330000MA0000013X"}],
    ],
    bad=[[{"subject_certificate_number": "91330000MA0000014X"},
          {"subject_certificate_number": "91330000MA0000014X", "filing_type": types.NEW_SITE, **_OTHER_SITE}]],
)  # fmt: skip
def filing_types_contradict(rows: Filings) -> pd.Series:
    """On one day a subject is either on file or not."""
    return rows["ledger.subject_other_types"] != ""


@rule(
    "ICP1037",
    zh="同一证件在本批中对应不同名称", en="One certificate, different subject names in the batch",
    columns=("subject_certificate_number", "subject_name"), severity="warning",
    message=Words(
        "同一证件在本批中另填有不同的主办单位名称：{ledger.subject_other_names}",
        "the same certificate bears another name in the batch: {ledger.subject_other_names}",
    ),
    fix=Words("对照证件核对名称和证件号码", "Compare name and number with the certificate"),
    owner="filer", source=_KEY,
    good=[
        [{"subject_certificate_number": "91330000MA0000015X"},
         {"subject_certificate_number": "91330000MA0000015X", **_OTHER_SITE}],
        [{"subject_certificate_number": "91330000MA0000016X"},
         {"subject_certificate_number": "91330000MA0000017X", "subject_name": "宁波远帆样例贸易有限公司"}],
        [{"subject_certificate_number": "91330000MA0000024X"},
         {"subject_certificate_number": "91330000MA0000024X", "subject_name": "同上"}],
    ],
    bad=[[{"subject_certificate_number": "91330000MA0000018X"},
          {"subject_certificate_number": "91330000MA0000018X", "subject_name": "宁波远帆样例贸易有限公司"}]],
)  # fmt: skip
def certificate_with_several_names(rows: Filings) -> pd.Series:
    """A certificate belongs to one subject; most wrong types come from a wrong number or name."""
    return rows["ledger.subject_other_names"] != ""


@rule(
    "ICP1038",
    zh="同一主体在本批中填有不同省份", en="One subject, different provinces in the batch",
    columns=("subject_certificate_number", "province"), severity="warning",
    message=Words(
        "同一主体在本批中另填有不同的省份：{ledger.subject_other_provinces}",
        "the same subject is filed in another province in the batch: {ledger.subject_other_provinces}",
    ),
    fix=Words("一个主体只在一个省份备案，核对所属省份", "A subject is filed in one province: check which"),
    owner="filer", source="Aliyun ICP docs 2019-09, 变更备案; MIIT return code 1046",
    good=[
        [{"subject_certificate_number": "91330000MA0000019X"},
         {"subject_certificate_number": "91330000MA0000019X", **_OTHER_SITE}],
        [{"subject_certificate_number": "91330000MA0000020X"},
         {"subject_certificate_number": "91330000MA0000021X", "province": "江苏"}],
        [{"subject_certificate_number": "91330000MA0000025X"},
         {"subject_certificate_number": "91330000MA0000025X", "province": "同上"}],
    ],
    bad=[[{"subject_certificate_number": "91330000MA0000022X"},
          {"subject_certificate_number": "91330000MA0000022X", "province": "江苏"}]],
)  # fmt: skip
def subject_in_several_provinces(rows: Filings) -> pd.Series:
    """A filing stays in one province, and a subject has one."""
    return rows["ledger.subject_other_provinces"] != ""
