"""Reason 4: words are found without being fooled, and each cause gives one finding."""

import pandas as pd
import pytest

from expectations import findings, specimen
from expectations.catalogue import of_reason
from expectations.facts.terms import found, undenied
from expectations.filing import INDIVIDUAL

RULES = {rule.id: rule for rule in of_reason(4)}
PERSON = {"subject_nature": INDIVIDUAL}
APPROVED = {"preapproval_number": "样例许可0001号", "attachment_preapproval": "BA-0001/approval.jpg"}


def judged(changes, without=()):
    frame, _ = specimen.batch([changes])
    filings = specimen.filings(frame.drop(columns=list(without)))
    outcomes = {name: rule.outcome(filings) for name, rule in RULES.items()}
    return findings.all_findings(filings, outcomes), findings.verdicts(filings, outcomes)["reason_4"].iloc[0]


def severities(changes, without=()) -> dict[str, str]:
    rows, _ = judged(changes, without)
    return dict(zip(rows["rule"], rows["severity"], strict=True))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("记录生活,不涉及企业、产品。欢迎来信", "记录生活,。欢迎来信"),
        ("与公司产品无关的日记", "的日记"),
        ("非商业个人网站", ""),
        ("非遗剪纸", "非遗剪纸"),
        ("无锡风光", "无锡风光"),
    ],
)
def test_denials_are_no_content(text: str, left: str):
    assert undenied(pd.Series([text], dtype="str")).tolist() == [left]


def test_words_around_a_term_excuse_it():
    texts = pd.Series(["样例基金会", "样例基金管理有限公司", "支付宝付款,也可支付现金", "p2p"], dtype="str")
    wanted = [("基金", "基金会"), ("基金管理", ""), ("支付", "支付宝"), ("P2P", "")]
    assert found(texts, wanted).tolist() == ["", "基金管理", "支付", "P2P"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, {}),
        (PERSON, {}),
        ({"site_content": "综合门户"}, {}),
        ({"preapproval_types": "新闻", **APPROVED}, {}),
        ({"preapproval_types": "新闻"}, {"ICP0402": "error"}),
        ({"preapproval_types": "教育", "province": "广东"}, {"ICP0405": "error"}),
        ({"preapproval_types": "教育", "province": "广东", **APPROVED}, {}),
        ({"preapproval_types": "文化", **APPROVED, "preapproval_number": "正在办理"}, {"ICP0402": "error"}),
        ({"preapproval_types": "教育", "province": "青海"}, {"ICP0402": "error"}),
        ({"preapproval_types": "电子公告服务"}, {"ICP0404": "error"}),
        ({"preapproval_types": "电子公告服务", **APPROVED}, {"ICP0404": "error"}),
        ({"preapproval_types": "电子公告服务", "site_description": "读者论坛"}, {"ICP0404": "error"}),
        ({**PERSON, "preapproval_types": "新闻"}, {"ICP0401": "error"}),
        ({**APPROVED}, {"ICP0403": "warning"}),
        ({"site_content": "网上支付", "site_description": "提供支付服务"}, {"ICP0406": "warning"}),
        ({"site_content": "网络教育", "site_description": "在线教育", "province": "西藏"}, {"ICP0406": "warning"}),
        ({"subject_name": "样例理财有限公司", "site_name": "样例理财网"}, {"ICP0408": "warning"}),
        ({"subject_name": "样例理财有限公司", "preapproval_types": "互联网金融", **APPROVED}, {}),
        ({"subject_name": "样例理财有限公司", "preapproval_types": "互联网金融"}, {"ICP0402": "error"}),
        ({"site_description": "读者论坛"}, {"ICP0409": "error"}),
        ({"site_description": "2025年出版论坛回顾"}, {"ICP0409": "warning"}),
        ({"site_description": "举办产业高峰论坛，不设论坛、留言板"}, {}),
        ({**PERSON, "site_description": "技术论坛"}, {"ICP0409": "error"}),
        ({**PERSON, "site_description": "个人日记，不提供论坛和留言"}, {}),
        ({"site_name": "晨光论坛"}, {"ICP0409": "error"}),
        ({"site_name": "样例论坛", "subject_name": "样例论坛秘书处", "subject_nature": "社会团体"}, {}),
        ({**PERSON, "site_content": "单位门户网站"}, {"ICP0410": "error"}),
        ({**PERSON, "site_content": "网上银行"}, {"ICP0410": "error"}),
        ({**PERSON, "site_content": "网络图片"}, {"ICP0410": "error"}),
        ({**PERSON, "site_content": "博客/个人空间"}, {"ICP0410": "warning"}),
        ({**PERSON, "site_description": "公司产品展示与销售"}, {"ICP0412": "error"}),
        ({**PERSON, "site_description": "行业资讯"}, {"ICP0412": "error"}),
        ({**PERSON, "site_description": "记录代购见闻"}, {"ICP0412": "warning"}),
        ({**PERSON, "site_description": "批发市场见闻"}, {"ICP0412": "warning"}),
        ({**PERSON, "site_description": "在零售门店打工的日子"}, {"ICP0412": "warning"}),
        ({**PERSON, "site_description": "产品经理的成长笔记，公司上班日常"}, {}),
        ({**PERSON, "site_description": "做销售工作的心得，无任何经营性内容"}, {}),
        ({**PERSON, "province": "天津", "site_content": "网络购物"}, {"ICP0413": "error"}),
        ({**PERSON, "province": "天津", "site_description": "淘宝商城"}, {"ICP0413": "error"}),
        ({**PERSON, "province": "浙江", "site_description": "我的商城"}, {"ICP0412": "warning"}),
        ({**PERSON, "site_name": "淘宝商城"}, {}),
        ({"site_content": "博客/个人空间"}, {"ICP0411": "error"}),
        ({**PERSON, "preapproval_types": "新闻", "site_content": "单位门户网站", "filing_type": "注销网站"}, {}),
        ({"subject_name": "杭州样例教育文化有限公司", "site_name": "样例教育"}, {}),
    ],
)  # fmt: skip
def test_one_cause_gives_one_finding(changes, expected):
    assert severities(changes) == expected


def test_finance_finding_names_the_cells_and_the_words():
    rows, _ = judged({"subject_name": "样例投资管理有限公司", "site_description": "基金与网贷", "province": "广东"})
    assert rows["columns"].tolist() == ["subject_name;site_description"]
    assert "投资管理、基金、网贷" in rows["message"].iloc[0]
    assert "承诺书" in rows["fix"].iloc[0]


def test_a_sheet_without_a_column_for_the_document_is_not_blamed_for_it():
    numbered = {"preapproval_number": "样例许可0001号"}
    for approval in ("文化", "医疗保健"):
        ticked = {**numbered, "preapproval_types": approval}
        assert severities(ticked, without=["attachment_preapproval"]) == {}
        assert "error" in severities(ticked).values()


def test_suggested_class():
    assert judged({**PERSON, "province": "重庆"})[0]["expected"].tolist() == ["博客/个人空间"]


def test_optional_blanks_leave_the_reason_passed_and_a_missing_class_unchecked():
    assert judged({})[1] == "pass"
    assert judged({"site_content": ""})[1] == "unchecked"
