"""Every rule proves itself: it fires on each of its bad rows and is silent on the good ones."""

import numpy as np
import pytest

from expectations import findings, specimen
from expectations.catalogue import catalogue
from expectations.filing import COLUMNS
from expectations.rows import Filings
from expectations.rule import Rule

RULES = list(catalogue().values())
each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.id}-{rule.name}")


def judged(rule: Rule, language: str = "zh"):
    """The rule's good then bad rows as filings, and the positions of those judged."""
    frame, positions = specimen.batch([*rule.good, *rule.bad])
    return specimen.filings(frame, language=language), positions


@each_rule
def test_rule_rejects_its_bad_rows_and_no_good_one(rule: Rule):
    filings, positions = judged(rule)
    failing = rule.outcome(filings).failing[positions]
    assert rule.good and rule.bad
    assert failing.tolist() == [False] * len(rule.good) + [True] * len(rule.bad)


@each_rule
def test_rule_gives_shuffled_rows_the_same_verdicts(rule: Rule):
    filings, _ = judged(rule)
    order = np.random.default_rng(1).permutation(len(filings))
    shuffled = filings.frame.iloc[order].reset_index(drop=True)
    again = specimen.filings(shuffled.drop(columns=["workbook", "sheet", "row"]))
    assert rule.outcome(again).failing.tolist() == rule.outcome(filings).failing[order].tolist()


@each_rule
@pytest.mark.parametrize("language", ["zh", "en"])
def test_rule_says_its_findings_in_full(rule: Rule, language: str):
    filings, positions = judged(rule, language)
    found = findings.explain(rule, filings, rule.outcome(filings))
    assert set(found["position"]) >= set(positions[len(rule.good) :])
    for column in ("message", "fix", "columns", "source"):
        assert (found[column].str.strip() != "").all(), column
    assert not found["message"].str.contains(r"[{}]").any()


@each_rule
def test_rule_is_declared_in_both_languages(rule: Rule):
    for words in (rule.title, rule.message, rule.fix):
        assert words.zh and words.en
    assert any("\u4e00" <= character <= "\u9fff" for character in rule.title.zh)
    assert rule.title.en.isascii() or "「" not in rule.title.en
    assert rule.why, "the docstring says why"
    assert set(rule.columns) <= COLUMNS.keys()


@pytest.mark.parametrize("changes", [{}, {"subject_nature": "个人"}], ids=["organisation", "individual"])
def test_no_rule_finds_fault_with_the_faultless_filing(changes: dict[str, str]):
    frame, _ = specimen.batch([changes])
    filings = specimen.filings(frame)
    assert [rule.id for rule in RULES if rule.outcome(filings).failing.any()] == []


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "域名于 45900（即 2025-08-31） 到期"), ("en", "expired on 45900 (2025-08-31)")]
)
def test_a_date_that_stands_as_excels_number_is_told_as_a_day(language: str, said: str):
    """The cell shows 45900: who is told that this day is over must be told which."""
    frame, _ = specimen.batch([{"domain_expires_on": "2025-08-31"}] * 2)
    read = specimen.filings(frame, language=language)
    filings = Filings(read.frame, frame.assign(domain_expires_on=["45900", "2025-08-31"]), read.basis)
    expired = catalogue()["ICP0133"]
    found = findings.explain(expired, filings, expired.outcome(filings))
    assert said in found["message"][0] and found["value"].tolist() == ["45900", "2025-08-31"]
    assert said not in found["message"][1] and "2025-08-31" in found["message"][1]


@pytest.mark.parametrize(
    ("damaged", "remedies"),
    [
        ("principal_phone:number_form", ["设为文本格式"]),
        ("site_name:error", ["改正公式"]),
        ("site_name:formula", ["保存一次"]),
        ("principal_phone:number_form;principal_certificate_number:digits_lost", ["设为文本格式"]),
        ("site_name:error;principal_phone:number_form", ["改正公式", "设为文本格式"]),
    ],
)
def test_what_excel_spoilt_is_mended_as_it_was_spoilt(damaged: str, remedies: list[str]):
    """Nobody mends a formula by formatting its column as text."""
    rule = catalogue()["ICP0008"]
    frame, _ = specimen.batch([{"damaged": damaged} | dict.fromkeys((d.split(":")[0] for d in damaged.split(";")), "")])
    filings = specimen.filings(frame)
    (fix,) = findings.explain(rule, filings, rule.outcome(filings))["fix"]
    assert [remedy in fix for remedy in ("设为文本格式", "改正公式", "保存一次")] == [
        remedy in remedies for remedy in ("设为文本格式", "改正公式", "保存一次")
    ]
    assert fix.count("；") == len(remedies) - 1
