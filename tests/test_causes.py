"""A verdict that changes while the data does not: the report says which rule or table did."""

import os
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from data.synthetic.filings import filings, write
from expectations import catalogue
from flows.cli import main
from flows.night import night
from flows.settings import Settings
from flows.steps.causes import cause

THEN = {"rules": {"ICP0211": "a", "ICP0501": "b"}, "tables": {"name_terms": "c", "provinces": "d"}, "shared": "e"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"rules": {"ICP0211": "new", "ICP0501": "new"}}, "rule:ICP0211"),
        ({"tables": {"name_terms": "new", "provinces": "d"}}, "table:name_terms"),
        ({"shared": "new"}, "rule:ICP0211"),
        ({"shared": "new", "tables": {"name_terms": "c"}}, "table:provinces"),
        ({}, "elsewhere"),
    ],
)
def test_cause_is_the_rule_before_the_table_before_anything_else(changed, told):
    assert cause({"ICP0211:error"}, THEN, THEN | changed) == told


def test_each_rule_and_table_has_a_fingerprint_of_its_own():
    rules = catalogue.fingerprints()
    assert rules.keys() == catalogue.catalogue().keys() and len(set(rules.values())) == len(rules)
    assert catalogue.shared_fingerprint() not in rules.values()
    shared = catalogue._undeclared()
    declared = [own for functions in catalogue._declarations().values() for own in functions]
    assert all(text and text not in shared[place] for place, text in declared)


def cells(report: Path) -> str:
    book = openpyxl.load_workbook(report, read_only=True)
    try:
        return "\n".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )
    finally:
        book.close()


def table(folder: Path, term: str) -> Path:
    """A user's own table with a sensitive word of theirs."""
    folder.mkdir(exist_ok=True)
    (folder / "name_terms.csv").write_text(f"term,kind,applies_to\n{term},sensitive,all\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def rows() -> list:
    made = filings(3, seed=31)
    made[0]["site_name"] = "云杉示例茶叶"
    return made


def test_nights_tell_what_changed(tmp_path, rows):
    def on(day: int, reference: Path | None) -> tuple[pd.Series, str]:
        path = tmp_path / "inbox" / "a.xlsx"
        path.parent.mkdir(exist_ok=True)
        write(rows, path)
        os.utime(path, (1_700_000_000, 1_700_000_000))
        night(Settings(data=tmp_path, as_of=date(2026, 1, day), workers=1, reference=reference))
        reports = tmp_path / "reports" / f"2026-01-{day}"
        return pd.read_parquet(reports / "verdicts.parquet")["change"], cells(reports / "a.report.xlsx")

    assert on(14, None)[0].tolist() == ["", "", ""]
    change, report = on(15, table(tmp_path / "tables", "茶叶"))
    assert change.tolist() == ["new:1;table:name_terms", "", ""]
    assert "数据未变，参考表已更新 name_terms" in report
    assert on(16, table(tmp_path / "tables", "茶叶"))[0].tolist() == ["unchanged:1", "", ""]
    rows[1]["site_name"] = "茶叶" + str(rows[1]["site_name"])  # other data: nothing to explain
    assert on(17, table(tmp_path / "tables", "茶叶"))[0].tolist() == ["unchanged:1", "new:1", ""]


def test_check_beside_an_earlier_one_tells_the_rule(tmp_path, rows, monkeypatch):
    write(rows, tmp_path / "a.xlsx")
    common = ["--as-of", "2026-01-15", "--quiet", "--reference"]
    main(["check", str(tmp_path / "a.xlsx"), "--out", str(tmp_path / "1"), *common, str(table(tmp_path / "t", "无"))])
    before = catalogue.fingerprints()
    monkeypatch.setattr(catalogue, "fingerprints", lambda: dict.fromkeys(before, "another"))
    common += [str(table(tmp_path / "t", "茶叶")), "--previous", str(tmp_path / "1")]
    main(["check", str(tmp_path / "a.xlsx"), "--out", str(tmp_path / "2"), *common])
    change = pd.read_parquet(tmp_path / "2" / "verdicts.parquet")["change"]
    assert change[0].startswith("new:1;rule:ICP0211")
    assert "新增 1，数据未变，规则已更新 ICP0211" in cells(tmp_path / "2" / "a.report.xlsx")
