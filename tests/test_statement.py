"""Reason 8 under each setting of the switch, and the worked examples."""

from dataclasses import replace

import pytest

from expectations import findings, specimen
from expectations.catalogue import catalogue, of_reason
from expectations.rows import Filings

ATTACHED = {"attachment_statement": "statement.jpg", "statement_signed": "是", "statement_sealed": "是"}
BEIJING_LINE = {"province": "北京", "statement_province": "北京", **ATTACHED}
PROVINCES = sorted(specimen.filings(specimen.batch([{}])[0]).basis.reference.provinces)
LISTED = {"广东", "西藏"}


def filings(row: dict[str, str], switch: str) -> Filings:
    made = specimen.filings(specimen.batch([row])[0])
    return Filings(made.frame, made.frame, replace(made.basis, statement=switch))


def found(row: dict[str, str], switch: str = "required") -> dict[str, str]:
    rows = filings(row, switch)
    outcomes = {rule: rule.outcome(rows) for rule in of_reason(8)}
    return {
        rule.id: "warning" if outcome.softened[0] else rule.severity
        for rule, outcome in outcomes.items()
        if outcome.failing[0]
    }


def state(row: dict[str, str], switch: str) -> str:
    rows = filings(row, switch)
    outcomes = {rule.id: rule.outcome(rows) for rule in of_reason(8)}
    return findings.verdicts(rows, outcomes)["reason_8"].iloc[0]


@pytest.mark.parametrize("nature", ["企业", "个人"])
@pytest.mark.parametrize("province", PROVINCES)
def test_missing_statement_by_province_and_switch(province: str, nature: str):
    row = {"province": province, "subject_nature": nature}
    assert found(row, "required") == {"ICP0801": "error"}
    assert found(row, "by-province") == ({"ICP0801": "error"} if province in LISTED else {})
    assert found(row, "off") == {}


def test_off_is_a_pass_whatever_stands_there():
    wrong = {"province": "广东", "statement_province": "西藏", "statement_signed": "否", "statement_sealed": "否",
        "attachment_statement": "statement.jpg"}  # fmt: skip
    assert found(wrong, "off") == {}
    assert state(wrong, "off") == "pass"
    assert set(found(wrong, "by-province")) == {"ICP0802", "ICP0803", "ICP0804"}


def test_what_is_not_due_passes_and_what_is_due_but_unknown_is_unchecked():
    assert state({}, "by-province") == "pass"
    assert state({"attachment_statement": "statement.jpg"}, "required") == "unchecked"


def test_a_statement_nobody_asked_for_is_only_a_warning():
    row = {**ATTACHED, "statement_signed": "否"}
    assert found(row, "required") == {"ICP0803": "error"}
    assert found(row, "by-province") == {"ICP0803": "warning"}


@pytest.mark.parametrize(
    ("row", "rejected"),
    [
        ({**ATTACHED, "statement_sealed": "否"}, {"ICP0804"}),
        ({"subject_nature": "个人", "province": "江西", **ATTACHED, "statement_fingerprinted": "否"}, {"ICP0805"}),
        ({"subject_nature": "个人", "province": "新疆", **ATTACHED, "statement_fingerprinted": "否"}, {"ICP0805"}),
        ({"subject_nature": "个人", "province": "湖北", **ATTACHED, "statement_fingerprinted": "否"}, set()),
        ({"province": "山东", "statement_province": "山西", **ATTACHED}, {"ICP0802"}),
        ({**BEIJING_LINE, "domain": "aliyun.xin", "statement_domain_line": "aliyun.xin 阿里云"}, set()),
        ({**BEIJING_LINE, "domain": "123.com;234.com",
          "statement_domain_line": "123.com 阿里云；234.com 万网"}, set()),
        ({**BEIJING_LINE, "domain": "aliyun.xin", "statement_domain_line": "aliyun.xin"}, {"ICP0806"}),
        ({**BEIJING_LINE, "domain": "样例.中国", "statement_domain_line": "样例.中国"}, {"ICP0806"}),
    ],
)  # fmt: skip
def test_worked_examples(row: dict[str, str], rejected: set[str]):
    assert set(found(row)) == rejected


def test_the_line_for_beijing_is_generated():
    row = {**BEIJING_LINE, "domain": "a-sample.cn;b-sample.cn", "statement_domain_line": "a-sample.cn"}
    rows = filings(row, "required")
    rule = catalogue()["ICP0806"]
    finding = findings.explain(rule, rows, rule.outcome(rows)).iloc[0]
    assert finding["expected"] == "a-sample.cn 样例注册商；b-sample.cn 样例注册商"
    assert "缺b-sample.cn" in finding["message"]
