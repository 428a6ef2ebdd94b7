"""What nobody thought of: workbooks mutated at random."""

from __future__ import annotations

from pathlib import Path

from benchmarks import fuzz

SECONDS = 12


def test_mutated_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    outcomes, wrong = fuzz.run(SECONDS, 20260115, tmp_path)
    assert wrong == []
    assert sum(outcomes.values()) > 30
