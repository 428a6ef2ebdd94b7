"""The main job through a real workbook: exactly the planted defects are found, and twice the same."""

from pathlib import Path

import pandas as pd
import pytest

from data.synthetic.filings import write_workbook
from flows.cli import main

ROWS = 10_000
EXACT = (0, 2, 7, 9)
"""The reasons whose findings must be exactly what was planted."""


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """A workbook of 10,000 filings, a tenth spoilt, checked twice; what was planted, and the two outputs."""
    folder = tmp_path_factory.mktemp("pipeline")
    planted = write_workbook(folder / "filings.xlsx", ROWS, defects=0.1, seed=42)
    for out in ("one", "two"):
        arguments = [str(folder / "filings.xlsx"), "--out", str(folder / out), "--as-of", "2026-01-15"]
        assert main(["check", *arguments]) == 1
    return planted, folder / "one", folder / "two"


def test_exactly_the_planted_defects_are_found(checked):
    planted, out, _ = checked
    found = pd.read_parquet(out / "findings.parquet")
    found = found[found["reason"].isin(EXACT)]
    wanted = {(one.position + 2, rule) for one in planted for rule in one.rules}
    assert len(planted) >= 1000
    assert set(zip(found["row"], found["rule"], strict=True)) == wanted


def test_clean_filings_are_clean(checked):
    planted, out, _ = checked
    verdicts = pd.read_parquet(out / "verdicts.parquet")
    spoilt = {one.position + 2 for one in planted}
    clean = verdicts[~verdicts["row"].isin(spoilt)]
    assert set(clean["verdict"]) == {"ready"}


def test_a_second_run_gives_the_same_bytes(checked):
    _, one, two = checked
    for name in ("findings.parquet", "verdicts.parquet", "filings.report.xlsx"):
        assert (one / name).read_bytes() == (two / name).read_bytes(), name


def test_every_filing_has_one_verdict_with_its_own_number(checked):
    _, out, _ = checked
    verdicts = pd.read_parquet(out / "verdicts.parquet")
    assert verdicts["row"].tolist() == list(range(2, ROWS + 2))
    assert verdicts["filing_no"].tolist() == [f"BA{number:06d}" for number in range(1, ROWS + 1)]


def test_report_leaves_no_file_but_its_outputs(checked):
    _, out, _ = checked
    names = {path.name for path in Path(out).rglob("*")}
    assert names == {"findings.parquet", "verdicts.parquet", "summary.json", "filings.report.xlsx"}
