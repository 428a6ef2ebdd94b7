"""What a site may be about when a person files it, and the class it is filed under."""

from __future__ import annotations

import pandas as pd

from expectations.facts.domains import VERIFIED
from expectations.facts.terms import DESCRIPTIONS, described, each_once
from expectations.filing import INDIVIDUAL, choices
from expectations.rows import INDIVIDUALS, ORGANISATIONS, Case, Filings
from expectations.rule import Words, rule


def _snapshot(rows: Filings) -> dict[str, pd.Series]:
    return {"snapshot": rows.policy("snapshot")}


_PERSONAL, _PERSONAL_CHONGQING = "其他", "博客/个人空间"


def _right_for_individual(rows: Filings) -> pd.Series:
    return rows.constant(_PERSONAL).mask(rows["province"] == "重庆", _PERSONAL_CHONGQING)


@rule(
    "ICP0410",
    zh="个人网站的网站内容选项不符", en="The content class does not fit an individual",
    columns=("site_content",), case=VERIFIED & INDIVIDUALS, evidence=("province",), severity="error",
    warning_if=Case(
        "「其他」与「博客/个人空间」互相误选", "one of the two classes of individuals for the other",
        lambda rows: rows["site_content"].isin((_PERSONAL, _PERSONAL_CHONGQING)),
    ),
    message=Words(
        "个人网站的网站内容应选「{expected}」，此处为「{site_content}」",
        "An individual's site is filed as 「{expected}」; here stands 「{site_content}」",
    ),
    fix=Words(
        "改选「{expected}」；内容确属单位或需审批的，以单位名义备案",
        "Choose 「{expected}」, or file as an organisation if the content is one's",
    ),
    owner="agent", source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息; MIIT filing interface, return code 1034",
    good=[
        {"subject_nature": INDIVIDUAL},
        {"subject_nature": INDIVIDUAL, "province": "重庆", "site_content": "博客/个人空间"},
        {"site_content": "单位门户网站"}, {"subject_nature": INDIVIDUAL, "site_content": "APP", "service_type": "APP"},
        {"subject_nature": INDIVIDUAL, "site_content": "读书笔记"},
        {"subject_nature": INDIVIDUAL, "province": "天津", "site_content": "网络购物"},
    ],
    bad=[
        {"subject_nature": INDIVIDUAL, "site_content": "单位门户网站"},
        {"subject_nature": INDIVIDUAL, "site_content": "博客/个人空间"},
        {"subject_nature": INDIVIDUAL, "site_content": "网络新闻"}, {"subject_nature": INDIVIDUAL, "province": "重庆"},
    ],
)  # fmt: skip
def content_class_unfit_for_individual(rows: Filings) -> pd.Series:
    """Individuals file under one class; any other says that the nature or the class is wrong."""
    content = rows["site_content"]
    known = content.isin([choice.value for choice in choices()["site_content"]]) & (rows["service_type"] != "APP")
    return known & (content != _right_for_individual(rows)) & ~_shop(rows)["site_content"]


@content_class_unfit_for_individual.details
def _right(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": _right_for_individual(rows)}


@rule(
    "ICP0411",
    zh="单位网站选择了个人空间", en="An organisation's site as a personal space",
    columns=("site_content",), case=VERIFIED & ORGANISATIONS, severity="error",
    message=Words(
        "单位网站的网站内容选了「{site_content}」，一般选「单位门户网站」「综合门户」或「其他」",
        "「{site_content}」 for an organisation, which is filed as 单位门户网站, 综合门户 or 其他",
    ),
    fix=Words(
        "改选「单位门户网站」「综合门户」或「其他」；确属个人网站的，以个人名义备案",
        "Choose 单位门户网站, 综合门户 or 其他; a person's own site is filed by the person",
    ),
    owner="agent", source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息",
    good=[{}, {"site_content": "综合门户"}, {"site_content": "其他"}, {"site_content": "网络购物"}],
    bad=[{"site_content": "博客/个人空间"}],
)  # fmt: skip
def content_class_unfit_for_organisation(rows: Filings) -> pd.Series:
    """The class is for individuals; with a unit's filing either the class or the nature is wrong."""
    return rows["site_content"] == _PERSONAL_CHONGQING


_SHOP_NAME = "商城|网店|淘宝"


def _shop(rows: Filings) -> dict[str, pd.Series]:
    """Where a province refuses shops of individuals: which cells say that the site is one."""
    refused = rows.policy("content_individual_shop_accepted") == "no"
    words = {key: refused & (rows[described("shop", key)] != "") for key in DESCRIPTIONS}
    named = refused & rows["site_name"].str.contains(_SHOP_NAME, regex=True).astype(bool)
    return {"site_content": refused & (rows["site_content"] == "网络购物"), "site_name": named, **words}


@rule(
    "ICP0412",
    zh="个人网站的说明涉及行业、企业或产品", en="An individual's site about an industry, enterprise or product",
    columns=DESCRIPTIONS, case=VERIFIED & INDIVIDUALS, blank="passes", severity="error",
    warning_if=Case("只有存疑的字词", "words in doubt only", lambda rows: ~_certainly_business(rows)),
    message=Words(
        "{cells}涉及「{words}」，个人网站不得有行业、企业、产品内容",
        "{cells} speak of 「{words}」; an individual's site shows no industry, enterprise or product",
    ),
    fix=Words("改为个人内容，或以单位名义备案", "Keep to personal content, or file as an organisation"),
    owner="filer", source="Aliyun ICP docs 2019-09, 备案驳回FAQ and 限制说明",
    good=[
        {"subject_nature": INDIVIDUAL, "site_remark": "本网站为个人网站，做学习记录使用，网站开通后主要内容为读书笔记"},
        {"subject_nature": INDIVIDUAL, "site_description": "记录生活，不涉及企业网站、产品展示、商城"},
        {"subject_nature": INDIVIDUAL, "site_description": "个人日记，与公司产品无关"},
        {"site_description": "公司简介、产品展示"},
        {"subject_nature": INDIVIDUAL, "province": "天津", "site_description": "我的淘宝店"},
    ],
    bad=[
        {"subject_nature": INDIVIDUAL, "site_description": "公司简介与产品展示"},
        {"subject_nature": INDIVIDUAL, "site_remark": "茶叶批发"},
        {"subject_nature": INDIVIDUAL, "site_description": "我的网店"},
    ],
)  # fmt: skip
def individual_describes_business(rows: Filings) -> pd.DataFrame:
    """What touches an enterprise is filed by one; the site's name is judged by reason 2."""
    shop = _shop(rows)
    return pd.DataFrame({key: (_business(rows, key) != "") & ~shop[key] for key in DESCRIPTIONS})


def _business(rows: Filings, *keys: str) -> pd.Series:
    return each_once([rows[described(kind, key)] for key in keys for kind in ("industry", "industry_hint", "shop")])


def _certainly_business(rows: Filings) -> pd.Series:
    return each_once([rows[described("industry", key)] for key in DESCRIPTIONS]) != ""


@individual_describes_business.details
def _business_words(rows: Filings) -> dict[str, pd.Series]:
    return {"words": _business(rows, *DESCRIPTIONS)}


@rule(
    "ICP0413",
    zh="该省不接受个人商城类网站", en="The province takes no shop of an individual",
    columns=("site_content", "site_name", *DESCRIPTIONS), case=VERIFIED & INDIVIDUALS, evidence=("province",),
    blank="passes", severity="error",
    message=Words(
        "{province}不接受个人的商城、淘宝类网站（{snapshot} 快照）：{cells}",
        "{province} takes no shop-type site of an individual (snapshot {snapshot}): {cells}",
    ),
    fix=Words("去掉商城类内容，或以单位名义备案", "Take the shop off, or file as an organisation"),
    owner="filer", source="Aliyun ICP docs 2019-09, 关于天津地区备案网站内容一项说明",
    good=[
        {"subject_nature": INDIVIDUAL, "province": "天津"},
        {"subject_nature": INDIVIDUAL, "province": "浙江", "site_content": "网络购物"},
        {"province": "天津", "site_content": "网络购物"},
        {"subject_nature": INDIVIDUAL, "province": "天津", "site_remark": "无商城功能，不设商城"},
    ],
    bad=[
        {"subject_nature": INDIVIDUAL, "province": "天津", "site_content": "网络购物"},
        {"subject_nature": INDIVIDUAL, "province": "天津", "site_description": "淘宝好物商城"},
        {"subject_nature": INDIVIDUAL, "province": "天津", "site_name": "晨光手工商城"},
    ],
)  # fmt: skip
def shop_of_an_individual(rows: Filings) -> pd.DataFrame:
    """Tianjin says so in a page of its own."""
    return pd.DataFrame(_shop(rows))


shop_of_an_individual.details(_snapshot)
