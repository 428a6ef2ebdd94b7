"""A small labelled set: known defects are found by their reason, faultless filings raise no error and little else."""

from __future__ import annotations

import pytest

from benchmarks.labelled.measure import elsewhere, false_alarms, recall
from benchmarks.labelled.sets import judged_sets
from expectations.reasons import REASONS

ROWS, SEED = 900, 20260115
DUE = ("ICP0516", "ICP0409", "ICP0124")
"""Errors a defect of another reason brings by right: six sites also need their domain certificates, a site named
a forum is one, and a slip in the domain holder's number also makes it another number than the subject's."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    return judged_sets(ROWS, SEED, tmp_path_factory.mktemp("labelled"))


@pytest.mark.parametrize("reason", [reason.number for reason in REASONS])
def test_defects_are_found_by_their_reason(judged, reason: int):
    defects = recall(judged).query(f"reason == {reason}")
    missed = defects[defects["found"].eq(False)]["kind"].tolist()
    assert len(defects) >= 8
    assert len(missed) <= 0.01 * len(defects), missed


def test_faultless_filings_raise_no_error(judged):
    clean, alarms = false_alarms(judged)
    errors = alarms[alarms["severity"] == "error"]
    wrong = errors.drop_duplicates(["part", "position"])
    assert clean > ROWS / 3
    assert len(wrong) <= 0.005 * clean, errors[["rule", "kind"]].to_numpy().tolist()


def test_no_rule_warns_often_without_need(judged):
    clean, alarms = false_alarms(judged)
    often = alarms["rule"].value_counts() / clean
    assert often[often > 0.01].to_dict() == {}


def test_a_slip_is_one_error(judged):
    found = elsewhere(judged)
    kinds, rules = found.index.get_level_values("kind"), found.index.get_level_values("rule")
    by_right = rules.isin(DUE) | ((kinds == "holder's number has a slip") & rules.str.startswith("ICP00"))
    assert found[~by_right].to_dict() == {}
