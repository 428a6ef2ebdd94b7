"""Report, mend, check again, with the rules and the command as they are: what the analyst sees after each round."""

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data.synthetic.filings import filings, write
from flows.cli import main
from flows.steps.own import column_header

DAYS = ("2026-01-15", "2026-01-16", "2026-01-17", "2026-01-18")
FAULTY, BROKEN, MENDED = 8, 9, range(5)
"""The first eight filings have a faulty mobile; five are mended then, and the tenth is broken."""


def check(source: Path, out: Path, *more: object, day: str = DAYS[0]) -> pd.DataFrame:
    main(["check", str(source), "--out", str(out), "--as-of", day, "--quiet", *map(str, more)])
    return pd.read_parquet(out / "findings.parquet")


def column(sheet, header: str) -> int:
    """Where the column ``header`` stands."""
    return next(cell.column for row in sheet.iter_rows(max_row=5) for cell in row if cell.value == header)


def said(report: Path, key: str = "change") -> dict[str, str | None]:
    """What stands in a column of ours beside each filing number."""
    sheet = openpyxl.load_workbook(report).worksheets[0]
    place, number = column(sheet, column_header(key, "zh")), column(sheet, "备案订单号")
    rows = range(2, sheet.max_row + 1)
    return {
        sheet.cell(row, number).value: sheet.cell(row, place).value for row in rows if sheet.cell(row, number).value
    }


def edited(report: Path, target: Path, cells: dict[int, str], header: str) -> Path:
    """The report with cells of a column changed, by the place of the filing."""
    book = openpyxl.load_workbook(report)
    sheet = book.worksheets[0]
    place, first = column(sheet, header), next(row for row in range(1, 9) if sheet.cell(row, 1).value == "BA000001")
    for filing, text in cells.items():
        sheet.cell(first + filing, place, text)
    target.parent.mkdir(exist_ok=True)
    book.save(target)
    return target


@pytest.fixture(scope="module", autouse=True)
def key() -> Iterator[None]:
    """Of the digests by which a history knows filings; else a file would be made for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ICP_PREFLIGHT_KEY", "sixteen letters at least")
        yield


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, str]]]:
    """The reports of the first day, recorded in a history, and the filings as they should be."""
    folder = tmp_path_factory.mktemp("rounds")
    rows = filings(12, seed=21)
    faulty = [row | ({"site_name": "12345"} if place < FAULTY else {}) for place, row in enumerate(rows)]
    write(faulty, folder / "a.xlsx")
    check(folder / "a.xlsx", folder / "one", "--history", folder / "history")
    return folder, rows


def mended(first, target: Path) -> Path:
    folder, rows = first
    cells = {place: rows[place]["site_name"] for place in MENDED} | {BROKEN: "67890"}
    return edited(folder / "one" / "a.report.xlsx", target, cells, "网站名称")


def test_unmended_a_report_gives_the_same_findings_and_every_one_is_still_there(first, tmp_path: Path):
    folder, _ = first
    again = check(folder / "one" / "a.report.xlsx", tmp_path, "--previous", folder / "one")
    before = pd.read_parquet(folder / "one" / "findings.parquet")
    same = ["row", "filing_no", "rule", "columns", "value", "message", "fix"]
    pd.testing.assert_frame_equal(again[same], before[same])
    assert set(again["change"]) == {"unchanged"} and len(again) == FAULTY
    assert json.loads((tmp_path / "summary.json").read_text())["changes"] == {"unchanged": FAULTY}


@pytest.mark.parametrize("by", ["previous", "history"])
def test_mended_broken_and_untouched_filings_are_told_apart(first, tmp_path: Path, by: str):
    """By the reports of the run before, or by the history."""
    folder, _ = first
    source = mended(first, tmp_path / "in" / "a.report.xlsx")
    known = [f"--{by}", folder / ("one" if by == "previous" else "history")]
    found = check(source, tmp_path / "two", *known, day=DAYS[1])
    assert found.groupby("change").size().to_dict() == {"new": 1, "unchanged": FAULTY - len(MENDED)}
    changes = said(tmp_path / "two" / "a.report.xlsx")
    numbers = list(changes)
    assert [changes[number] for number in numbers[: FAULTY + 2]] == (
        ["已修复 1"] * len(MENDED) + ["仍未改 1"] * (FAULTY - len(MENDED)) + [None, "新增 1"]
    )
    counts = json.loads((tmp_path / "two" / "summary.json").read_text())["changes"]
    assert counts == {"fixed": 5, "new": 1, "unchanged": 3}
    # What was mended and fails again, and a filing that was never sent.
    source = edited(tmp_path / "two" / "a.report.xlsx", tmp_path / "back" / "a.report.xlsx", {0: "1"}, "网站名称")
    more = tmp_path / "back" / "b.xlsx"
    write(filings(13, seed=22)[12:], more)
    known = ["--previous", tmp_path / "two"] if by == "previous" else known
    found = check(source.parent, tmp_path / "three", *known, day=DAYS[2])
    assert found.groupby("change").size().to_dict() == {"regressed": 1, "unchanged": 4}
    assert said(tmp_path / "three" / "a.report.xlsx")[numbers[0]] == "回退 1"
    assert set(said(tmp_path / "three" / "b.report.xlsx").values()) == {"新行"}
    summary = openpyxl.load_workbook(tmp_path / "three" / "a.report.xlsx")["预检·摘要"]
    listed = {row[0].value: row[1].value for row in summary.iter_rows(max_col=2)}
    assert (listed["仍未改"], listed["回退"]) == (4, 1)
