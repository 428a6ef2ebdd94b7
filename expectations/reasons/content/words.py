"""What names and descriptions give away: finance, a forum."""

from __future__ import annotations

import pandas as pd

from expectations.facts.domains import VERIFIED
from expectations.facts.people import per_value
from expectations.facts.preapproval import FINANCE, FORUM, ticks
from expectations.facts.site_names import named_forum
from expectations.facts.terms import DESCRIPTIONS, described, each_once, found_in_province, terms, undenied
from expectations.filing import INDIVIDUAL
from expectations.rows import Case, Filings
from expectations.rule import Words, rule

APPROVALS = "Aliyun ICP docs 2019-09, 前置审批"
RULES = "rules of the provincial administrations, snapshot 2019-09-20"

_FORUM_CELLS = ("site_name", *DESCRIPTIONS)
_FINANCE_CELLS = ("subject_name", "site_name", "site_description")
_PROVINCE_ASKS = {
    "江苏": Words("；江苏的融资类须先征询经信主管部门", "; Jiangsu asks the economic commission about financing"),
    "浙江": Words("；浙江的基金会须有金融监管部门的说明", "; Zhejiang wants the regulator's word on foundations"),
    "广东": Words("；广东须提交金融类承诺书", "; Guangdong wants its commitment letter"),
}


def _finance_words(rows: Filings) -> dict[str, pd.Series]:
    """Finance words cell by cell; of an individual only the description counts, the name is reason 2's."""
    nationwide, provincial = terms(rows, "finance")
    for row in rows.basis.reference.table("finance_rules"):
        own = provincial.setdefault(row["province"], {})
        own.update(dict.fromkeys(filter(None, row["terms"].split(";")), ""))
    words = {}
    for key in _FINANCE_CELLS:
        texts = undenied(rows[key]) if key == "site_description" else rows[key].where(~rows["is_individual"], "")
        words[key] = found_in_province(texts, rows["province"], nationwide, provincial)
    return words


@rule(
    "ICP0408",
    zh="涉及金融字样但没有金融类前置审批", en="Finance words without a finance approval",
    columns=_FINANCE_CELLS, case=VERIFIED, blank="passes", severity="warning",
    message=Words(
        "{cells}含金融类字样「{words}」，未勾选「互联网金融」前置审批",
        "{cells} hold finance words (「{words}」), and the finance approval is not ticked",
    ),
    fix=Words(
        "提供金融主管部门的专项审批；没有审批的，更名或变更经营范围后再备案{asks}",
        "Provide the finance authority's approval; without one, change the name or scope before filing{asks}",
    ),
    owner="filer", source=f"{APPROVALS}, 金融类; {RULES}",
    good=[
        {}, {"subject_name": "杭州样例投资管理有限公司", "preapproval_types": "互联网金融"},
        {"subject_name": "杭州样例金融监督管理局", "subject_nature": "政府机关"},
        {"site_description": "支持支付宝和微信支付购书"},
        {"subject_name": "样例教育基金会", "subject_nature": "基金会", "province": "广东"},
        {"site_description": "不涉及金融、理财业务"},
        {"subject_name": "杭州样例融资租赁有限公司"}, {"site_content": "网上银行", "subject_name": "样例金融有限公司"},
    ],
    bad=[
        {"subject_name": "杭州样例投资管理有限公司"}, {"site_name": "样例理财资讯"},
        {"site_description": "提供p2p网贷信息"},
        {"subject_name": "南京样例融资担保有限公司", "province": "江苏"},
        {"subject_name": "样例教育基金会", "subject_nature": "基金会"},
        {"subject_nature": INDIVIDUAL, "site_description": "记录我的理财和网贷"},
    ],
)  # fmt: skip
def finance_words_without_approval(rows: Filings) -> pd.DataFrame:
    """The list is given for reference, so a word raises a question and settles nothing."""
    approved = ticks(rows, FINANCE) | (rows["approval_of_content"] == FINANCE)
    asked = ~approved & (rows["subject_nature"] != "政府机关")
    return pd.DataFrame({key: asked & (words != "") for key, words in _finance_words(rows).items()})


@finance_words_without_approval.details
def _words_found(rows: Filings) -> dict[str, pd.Series]:
    words = each_once(list(_finance_words(rows).values()))
    asks = per_value(rows["province"], lambda name: _PROVINCE_ASKS.get(name, Words("", ""))(rows.basis.language))
    return {"words": words, "asks": asks}


@rule(
    "ICP0409",
    zh="网站是论坛，或说明提到论坛", en="The site is a forum, or its description speaks of one",
    columns=_FORUM_CELLS, case=VERIFIED, blank="passes", severity="error",
    warning_if=Case(
        "单位的说明只提到“论坛”，可能是会议", "a unit that only mentions one, which may be a conference",
        lambda rows: ~_certainly_forum(rows),
    ),
    message=Words(
        "{cells}提到「{words}」，论坛类网站不能备案",
        "{cells} speak of 「{words}」; a forum cannot be filed",
    ),
    fix=Words(
        "网站没有论坛的，改写名称或说明；有的，关闭后再备案",
        "Without a forum, reword it; with one, take it off the site first",
    ),
    owner="filer", source=f"{APPROVALS}; Aliyun ICP docs 2019-09, 通用网站备案",
    good=[
        {}, {"site_description": "单位介绍，不设论坛"}, {"site_description": "宣传2026年图书产业高峰论坛"},
        {"site_description": "读者论坛", "preapproval_types": "电子公告服务"}, {"site_name": "图书产业高峰论坛"},
        {"subject_nature": INDIVIDUAL, "site_description": "个人日记，不提供论坛和留言"},
    ],
    bad=[
        {"site_description": "图书介绍、读者论坛"}, {"site_remark": "含BBS版块"},
        {"site_description": "图书介绍，出版论坛回顾"},
        {"subject_nature": INDIVIDUAL, "site_description": "同学论坛"},
        {"site_name": "晨光论坛"}, {"subject_nature": INDIVIDUAL, "site_name": "读书论坛记"},
    ],
)  # fmt: skip
def forum_described(rows: Filings) -> pd.DataFrame:
    """A conference is a 论坛 too, so of a unit the word alone settles nothing; a ticked class is another rule's."""
    unticked = ~ticks(rows, FORUM)
    return pd.DataFrame({key: unticked & (words != "") for key, words in _forum_cells(rows).items()})


def _forum_cells(rows: Filings) -> dict[str, pd.Series]:
    """What speaks of a forum, cell by cell; of the name only what reason 2 is sure of."""
    told = {key: each_once([rows[described(kind, key)] for kind in ("forum_offered", "forum")]) for key in DESCRIPTIONS}
    return {"site_name": named_forum(rows), **told}


def _certainly_forum(rows: Filings) -> pd.Series:
    offered = each_once([rows[described("forum_offered", key)] for key in DESCRIPTIONS]) != ""
    return rows["is_individual"] | offered | (named_forum(rows) != "")


@forum_described.details
def _forum_words(rows: Filings) -> dict[str, pd.Series]:
    return {"words": each_once(list(_forum_cells(rows).values()))}
