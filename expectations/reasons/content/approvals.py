"""Approvals that have to come first: ticked, proven, or called for by what the site is."""

from __future__ import annotations

import pandas as pd

from expectations.facts.domains import VERIFIED
from expectations.facts.preapproval import EDUCATION, FORUM, HEALTH, lacks, number_given, proven, ticks
from expectations.facts.terms import described
from expectations.filing import INDIVIDUAL
from expectations.rows import INDIVIDUALS, ORGANISATIONS, Filings
from expectations.rule import Words, rule

APPROVALS = "Aliyun ICP docs 2019-09, 前置审批"
RULES = "rules of the provincial administrations, snapshot 2019-09-20"


def _snapshot(rows: Filings) -> dict[str, pd.Series]:
    return {"snapshot": rows.policy("snapshot")}


@rule(
    "ICP0401",
    zh="个人备案勾选了前置审批", en="An individual ticks a pre-approval",
    columns=("preapproval_types",), case=VERIFIED & INDIVIDUALS, blank="passes", severity="error",
    message=Words(
        "个人无法取得前置审批，却勾选了「{preapproval_types}」",
        "Individuals cannot obtain a pre-approval, yet 「{preapproval_types}」 is ticked",
    ),
    fix=Words(
        "取消勾选；网站确有此类内容的，以单位名义备案",
        "Untick it; a site of this kind is filed by an organisation",
    ),
    owner="filer", source=f"{APPROVALS}; Tencent Cloud docs, 网站备案",
    good=[
        {"subject_nature": INDIVIDUAL}, {"preapproval_types": "新闻"},
        {"subject_nature": INDIVIDUAL, "preapproval_types": "以上都不涉及"},
    ],
    bad=[
        {"subject_nature": INDIVIDUAL, "preapproval_types": "文化"},
        {"subject_nature": INDIVIDUAL, "preapproval_types": "电子公告服务"},
    ],
)  # fmt: skip
def individual_ticks_preapproval(rows: Filings) -> pd.Series:
    """Every approval is given to units only."""
    return rows["ticked_approvals"] != ""


@rule(
    "ICP0402",
    zh="勾选了前置审批，但缺审批号或文件", en="A pre-approval is ticked without its number or document",
    columns=("preapproval_number", "attachment_preapproval"), case=VERIFIED & ORGANISATIONS, blank="judged",
    severity="error",
    message=Words(
        "已勾选前置审批「{preapproval_types}」，但缺少：{labels}",
        "「{preapproval_types}」 is ticked, but missing: {labels}",
    ),
    fix=Words(
        "填写审批号并上传审批文件；网站不涉及该内容的，取消勾选",
        "Give number and document, or untick what the site is not about",
    ),
    owner="filer", source=f"{APPROVALS}; MIIT filing interface, return code 1033",
    good=[
        {},
        {
            "preapproval_types": "新闻", "preapproval_number": "样例新闻许可0001号",
            "attachment_preapproval": "BA-0001/news.jpg",
        },
        {"preapproval_types": "教育", "province": "广东"}, {"preapproval_types": "电子公告服务"},
        {"preapproval_types": "无此项"},
        {
            "preapproval_types": "新闻", "damaged": "preapproval_number:digits_lost",
            "attachment_preapproval": "BA-0001/news.jpg",
        },
    ],
    bad=[
        {"preapproval_types": "新闻"}, {"preapproval_types": "文化", "preapproval_number": "样例文网0001号"},
        {"preapproval_types": "文化;新闻", "attachment_preapproval": "BA-0001/all.jpg"},
        {"preapproval_types": "教育", "province": "浙江"},
        {"preapproval_types": "出版", "preapproval_number": "N/A", "attachment_preapproval": "BA-0001/a.jpg"},
    ],
)  # fmt: skip
def preapproval_without_number_or_file(rows: Filings) -> pd.DataFrame:
    """An approval counts with class, number and document; classes no longer given are another rule's."""
    proof = rows["tick_wants_proof"]
    lost = rows["damaged"].str.contains("preapproval_number:", regex=False)
    return pd.DataFrame(
        {
            "preapproval_number": proof & ~number_given(rows) & ~lost,
            "attachment_preapproval": proof & (rows["attachment_preapproval"] == "") & (rows["approval_column"] != ""),
        }
    )


@rule(
    "ICP0403",
    zh="有前置审批号或文件，但未勾选类型", en="A pre-approval's number or document without its class",
    columns=("preapproval_number", "attachment_preapproval"), case=VERIFIED & ORGANISATIONS, blank="passes",
    severity="warning",
    message=Words("填写了{cells}，但没有勾选前置审批类型", "Here stand {cells}, but no class is ticked"),
    fix=Words("勾选对应的前置审批类型，或删除审批号和文件", "Tick the class, or take number and document out"),
    owner="agent", source=APPROVALS,
    good=[
        {}, {"preapproval_number": "N/A"}, {"preapproval_number": "暂无"},
        {"preapproval_number": "样例0001号", "preapproval_types": "新闻"},
    ],
    bad=[{"preapproval_number": "样例文网0001号"}, {"attachment_preapproval": "BA-0001/culture.jpg"}],
)  # fmt: skip
def approval_without_its_class(rows: Filings) -> pd.DataFrame:
    """The reviewer sees an approval and does not know for what."""
    unticked = rows["preapproval_types"] == ""
    return pd.DataFrame(
        {
            "preapproval_number": unticked & number_given(rows),
            "attachment_preapproval": unticked & (rows["attachment_preapproval"] != ""),
        }
    )


@rule(
    "ICP0404",
    zh="论坛类（电子公告服务）不能备案", en="A forum cannot be filed",
    columns=("preapproval_types",), case=VERIFIED & ORGANISATIONS, blank="passes", severity="error",
    message=Words(
        "勾选了「电子公告服务」：该审批已取消，论坛类网站不能备案",
        "「电子公告服务」 is ticked: that approval is no longer given, so a forum cannot be filed",
    ),
    fix=Words("关闭论坛功能并取消勾选", "Take the forum off the site and untick it"),
    owner="filer", source=f"{APPROVALS}; Aliyun ICP docs 2019-09, 通用网站备案",
    good=[{}, {"preapproval_types": "新闻"}, {"subject_nature": INDIVIDUAL, "preapproval_types": "电子公告服务"}],
    bad=[
        {"preapproval_types": "电子公告服务"},
        {
            "preapproval_types": "电子公告服务;新闻", "preapproval_number": "样例0001号",
            "attachment_preapproval": "BA-0001/bbs.jpg",
        },
    ],
)  # fmt: skip
def forum_class_ticked(rows: Filings) -> pd.Series:
    """Since the approval was abolished nothing can stand behind the tick, an old number and document neither."""
    return ticks(rows, FORUM)


@rule(
    "ICP0405",
    zh="勾选了该省已取消的前置审批，且缺审批号或文件", en="A class the province no longer approves, without its proof",
    columns=("preapproval_types",), case=VERIFIED & ORGANISATIONS, evidence=("province",), blank="passes",
    severity="error",
    message=Words(
        "勾选了「{classes}」但缺审批号或文件；{province}已不再办理该项前置审批（{snapshot} 快照）",
        "「{classes}」 is ticked without number or document; {province} no longer approves it (snapshot {snapshot})",
    ),
    fix=Words("取消勾选，或附上已有的审批号和文件", "Untick it, or attach the number and document you have"),
    owner="agent", source=f"{APPROVALS}; {RULES}",
    good=[
        {"preapproval_types": "教育", "province": "浙江"}, {"preapproval_types": "医疗保健", "province": "河北"},
        {"preapproval_types": "新闻"},
        {
            "preapproval_types": "教育", "province": "广东", "preapproval_number": "样例0001号",
            "attachment_preapproval": "BA-0001/edu.jpg",
        },
    ],
    bad=[{"preapproval_types": "教育", "province": "广东"}, {"preapproval_types": "医疗保健", "province": "浙江"}],
)  # fmt: skip
def class_no_longer_approved(rows: Filings) -> pd.Series:
    """A tick counts with number and document only. Education and health care are left to few provinces, so
    elsewhere the tick itself is the mistake; an approval from before is no fault."""
    return (rows["ticks_no_longer_given"] != "") & ~proven(rows)


@class_no_longer_approved.details
def _classes(rows: Filings) -> dict[str, pd.Series]:
    return {"classes": rows["ticks_no_longer_given"], **_snapshot(rows)}


@rule(
    "ICP0406",
    zh="网站内容通常需要前置审批", en="Content of this class needs a pre-approval",
    columns=("site_content",), case=VERIFIED & ORGANISATIONS, severity="warning",
    message=Words(
        "网站内容「{site_content}」通常需要「{needed}」前置审批（{document}），此处未勾选",
        "「{site_content}」 usually needs the approval 「{needed}」 ({document}), which is not ticked",
    ),
    fix=Words("补充前置审批，或按实际内容改选网站内容", "Add the approval, or choose the class that fits the site"),
    owner="filer", source=APPROVALS,
    good=[
        {}, {"site_content": "网络购物"}, {"site_content": "网络游戏", "preapproval_types": "游戏"},
        {"site_content": "网络教育", "province": "广东"}, {"site_content": "综合门户"}, {"site_content": "其他"},
    ],
    bad=[
        {"site_content": "网络新闻"}, {"site_content": "网络游戏", "preapproval_types": "文化"},
        {"site_content": "网上非银支付"},
        {"site_content": "网络教育", "province": "浙江"},
    ],
)  # fmt: skip
def content_class_without_its_approval(rows: Filings) -> pd.Series:
    """The class is the filer's own word that the site falls under an approval; whether it does is the reviewer's."""
    return lacks(rows, rows["approval_of_content"])


@content_class_without_its_approval.details
def _document(rows: Filings) -> dict[str, pd.Series]:
    needed = rows["approval_of_content"]
    documents = {row["class"]: row["document"] for row in rows.basis.reference.table("preapproval_classes")}
    return {"needed": needed, "document": needed.map(documents).astype("str").fillna("")}


def _kept(rows: Filings, kind: str, approval: str, policy: str) -> tuple[pd.Series, pd.Series]:
    """Whether the province still asks and the class is not ticked; and whether the description speaks of it."""
    asked = (rows.policy(policy) == "yes") & ~ticks(rows, approval)
    return asked, rows[described(kind, "site_description")] != ""


@rule(
    "ICP0407",
    zh="该省仍需教育或医疗保健前置审批", en="A province that still approves education or health care",
    columns=("site_description", "subject_nature"), case=VERIFIED & ORGANISATIONS, evidence=("province",),
    blank="passes",
    severity="warning",
    message=Words(
        "{province}仍办理教育、医疗保健类前置审批中的「{needed}」（{snapshot} 快照），{cells}涉及此类内容但未勾选",
        "{province} still approves 「{needed}」 (snapshot {snapshot}); {cells} point to it, yet it is not ticked",
    ),
    fix=Words(
        "网站涉及该内容的，补充前置审批；不涉及的，在网站备注中说明",
        "Add the approval, or state in the remark that the site has no such content",
    ),
    owner="filer", source=f"{APPROVALS}; {RULES}",
    good=[
        {"site_description": "在线教育平台", "province": "广东"}, {"subject_nature": "医疗机构", "province": "浙江"},
        {},
        {"site_description": "展示图书，不涉及在线教育", "province": "浙江"},
        {"site_description": "在线教育平台", "province": "浙江", "preapproval_types": "教育"},
    ],
    bad=[
        {"site_description": "提供在线教育课程", "province": "浙江"},
        {"subject_nature": "医疗机构", "province": "河北"},
    ],
)  # fmt: skip
def kept_class_not_ticked(rows: Filings) -> pd.DataFrame:
    """The word education stands in many harmless names, so only descriptions and medical bodies are looked at."""
    taught, school = _kept(rows, "education", EDUCATION, "content_education_preapproval_required")
    healed, health = _kept(rows, "health", HEALTH, "content_healthcare_preapproval_required")
    by_class = rows["approval_of_content"] == EDUCATION
    return pd.DataFrame(
        {
            "site_description": (taught & school & ~by_class) | (healed & health),
            "subject_nature": healed & (rows["subject_nature"] == "医疗机构"),
        }
    )


@kept_class_not_ticked.details
def _kept_classes(rows: Filings) -> dict[str, pd.Series]:
    taught, school = _kept(rows, "education", EDUCATION, "content_education_preapproval_required")
    needed = rows.constant(HEALTH).mask(taught & school, EDUCATION)
    return {"needed": needed, **_snapshot(rows)}
