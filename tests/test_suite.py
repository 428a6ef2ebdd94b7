"""Great Expectations computes what the rules say: no more, no less, and never in silence."""

import json
import logging
import tempfile
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from great_expectations.execution_engine import pandas_execution_engine

from data.synthetic import filings as synthetic
from expectations import catalogue, specimen, suite
from expectations.reasons import REASONS


@pytest.fixture(scope="module")
def filings():
    """The good and bad rows of every rule as one batch."""
    rows = [row for rule in catalogue.catalogue().values() for row in (*rule.good, *rule.bad)]
    return specimen.filings(specimen.batch(rows)[0])


def test_gx_marks_the_rows_the_rules_mark(filings):
    outcomes = suite.evaluate(filings)
    assert list(outcomes) == list(catalogue.catalogue())
    for rule in catalogue.catalogue().values():
        assert outcomes[rule.id].failing.tolist() == rule.outcome(filings).failing.tolist(), rule.id


def test_every_failing_row_is_found_beyond_the_limit_of_gx():
    # GX lists at most 200 unexpected values whatever it is asked for.
    frame = pd.DataFrame([specimen.filing({"site_name": "ab"})] * 1001, dtype="str")
    found = suite.judge(specimen.filings(frame)).findings
    assert found.loc[found["columns"] == "site_name", "position"].nunique() == 1001


def test_a_rule_that_breaks_is_our_fault(filings, monkeypatch):
    rule = next(iter(catalogue.catalogue().values()))

    def breaks(rows):
        raise ZeroDivisionError

    monkeypatch.setitem(catalogue.catalogue(), rule.id, replace(rule, predicate=breaks))
    with pytest.raises(suite.RuleError, match=rule.id):
        suite.evaluate(filings)


@pytest.mark.parametrize("verdict", [pd.Series([None, True]), pd.Series([1, 0]), pd.Series([True])], ids=str)
def test_a_rule_that_answers_anything_but_plain_booleans_is_our_fault(verdict):
    rule = next(rule for rule in catalogue.catalogue().values() if rule.columns == ("site_name",))
    two = specimen.filings(specimen.batch([{}, {}])[0])
    with pytest.raises(TypeError, match=rule.id):
        replace(
            rule, predicate=lambda rows: verdict, case=replace(rule.case, holds=lambda rows: rows.constant(True))
        ).outcome(two)


def test_gx_does_not_hash_the_filings():
    assert pandas_execution_engine.HASH_THRESHOLD == -1


def test_suites_serialise_and_hold_every_rule():
    rules = []
    for reason in REASONS:
        content = suite.suite(reason).to_json_dict()
        rules += [entry["kwargs"]["rule_id"] for entry in json.loads(json.dumps(content))["expectations"]]
    assert rules == list(catalogue.catalogue())


def test_gx_says_nothing_and_leaves_nothing_behind(tmp_path, caplog, monkeypatch):
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with caplog.at_level(logging.INFO):
        suite.evaluate(specimen.filings(specimen.batch([{}])[0]), tmp_path / "docs")
    assert not [record for record in caplog.records if record.name.startswith("great_expectations")]
    assert list((tmp_path / "temporary").iterdir()) == []
    assert (tmp_path / "docs" / "index.html").is_file()


def test_data_docs_hold_no_cell(tmp_path):
    filings = specimen.filings(specimen.batch([{"site_name": "ab"}, {"principal_mobile": "123"}])[0])
    suite.judge(filings, tmp_path)
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 10
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    assert "ICP02" in text
    for key in ("subject_name", "principal_name", "principal_mobile", "principal_certificate_number", "domain"):
        for value in filings.frame[key]:
            assert value not in text or len(value) < 4, key


def test_threads_judge_their_own_filings():
    from concurrent.futures import ThreadPoolExecutor

    batches = [specimen.filings(specimen.batch([{}] * size + [{"site_name": "ab"}])[0]) for size in (1, 2, 3, 4, 5, 6)]
    with ThreadPoolExecutor(3) as pool:
        judged = list(pool.map(suite.judge, batches))
    named = [found.findings.loc[found.findings["reason"] == 2, "position"] for found in judged]
    assert [sorted(set(positions)) for positions in named] == [[n] for n in (1, 2, 3, 4, 5, 6)]


def test_verdicts_do_not_depend_on_the_order_of_rows():
    rows = synthetic.filings(400, seed=8)
    synthetic.plant(rows, share=0.3, seed=8)
    frame = pd.DataFrame(rows).fillna("").astype("str")
    straight = suite.judge(specimen.filings(frame)).verdicts
    order = np.random.default_rng(7).permutation(len(frame))
    shuffled = suite.judge(specimen.filings(frame.iloc[order].reset_index(drop=True))).verdicts
    assert set(straight["verdict"]) == {"ready", "review", "rejected"}
    pd.testing.assert_frame_equal(shuffled, straight.iloc[order].reset_index(drop=True))
