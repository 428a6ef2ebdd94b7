"""A report is valid input: mended and sent again, it is read, judged and compared with what it said before."""

import subprocess
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from reported import FACTS, parts_of

from expectations.filing import COLUMNS
from expectations.specimen import ORGANISATION
from flows.steps import adopt, changes
from flows.steps.own import is_own_sheet
from flows.steps.report.write import write
from flows.steps.workbook import Reading, read

SHEET = "备案"
KEYS = ("filing_no", "subject_name", "province", "domain", "home_url", "site_name", "principal_mobile")
FILINGS = 20


def workbook(path: Path) -> None:
    """Filings of which the first ten have two faults each."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(SHEET)
        header = book.add_format({"bold": True, "bg_color": "#DDEBF7"})
        green = book.add_format({"bg_color": "#00FF00", "border": 1})
        sheet.write_row(0, 0, [COLUMNS[key].zh for key in KEYS], header)
        for row in range(1, FILINGS + 1):
            filing = ORGANISATION | {
                "filing_no": f"BA-{row:04d}", "subject_name": f"样例{row}号有限公司", "domain": f"sample{row}.cn",
                "home_url": f"www.sample{row}.cn", "site_name": f"样例站{row}",
            }  # fmt: skip
            if row <= 10:
                filing |= {"home_url": "www.other.cn", "site_name": filing["domain"]}
            for column, key in enumerate(KEYS):
                sheet.write_string(row, column, filing[key], green)


def judge(reading: Reading) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two simple rules, so that what is tested is the way there and back."""
    frame = reading.filings.to_pandas()
    typed = reading.typed.to_pandas()
    lines = []
    for place, filing in frame.iterrows():
        where = {"sheet": filing["sheet"], "row": filing["row"], "filing_no": filing["filing_no"]}
        common = {"severity": "error", "message": "不对", "fix": "改", "owner": "agent", "source": "样例"}
        if not filing["home_url"].endswith(filing["domain"]):
            lines.append(
                where
                | common
                | {
                    "reason": 1,
                    "rule": "ICP0111",
                    "columns": "home_url",
                    "value": typed["home_url"][place],
                    "expected": f"www.{filing['domain']}",
                }
            )
        if filing["site_name"] == filing["domain"]:
            lines.append(
                where
                | common
                | {
                    "reason": 2,
                    "rule": "ICP0204",
                    "columns": "site_name",
                    "value": typed["site_name"][place],
                    "expected": "",
                }
            )
        if filing["province"] == "":
            lines.append(
                where | common | {"reason": 0, "rule": "ICP0001", "columns": "province", "value": "", "expected": ""}
            )
    names = [
        "sheet",
        "row",
        "filing_no",
        "reason",
        "rule",
        "severity",
        "columns",
        "value",
        "expected",
        "message",
        "fix",
        "owner",
        "source",
    ]
    findings = pd.DataFrame(lines, columns=names).assign(workbook="a.xlsx")
    keys = frame["subject_name"] + frame["domain"]
    verdicts = frame[["workbook", "sheet", "row", "filing_no"]].assign(workbook="a.xlsx", filing_key=keys)
    failing = set(zip(findings["sheet"], findings["row"], strict=True))
    verdicts["verdict"] = [
        "rejected" if place in failing else "ready" for place in zip(frame["sheet"], frame["row"], strict=True)
    ]
    places = verdicts.set_index(["sheet", "row"])["filing_key"].to_dict()
    findings["filing_key"] = [places[place] for place in zip(findings["sheet"], findings["row"], strict=True)]
    return findings, verdicts.assign(**{f"reason_{number}": "pass" for number in range(11)})


def check(source: Path, target: Path, previous=None):
    """Read, take over, judge, compare, write."""
    reading, taken = adopt.take_over(read(source, source.name))
    findings, verdicts = judge(reading)
    compared = None
    if previous is not None:
        compared = changes.compare(findings, verdicts, *previous)
        findings, verdicts = compared.findings, compared.verdicts
    write(reading, findings, verdicts, target, FACTS, taken)
    return findings, verdicts, taken, compared


@pytest.fixture
def first(tmp_path: Path):
    source, target = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    workbook(source)
    findings, verdicts, _, _ = check(source, target)
    return source, target, findings, verdicts


def through_another_program(path: Path) -> Path:
    """The workbook as another spreadsheet program saves it."""
    out = path.parent / "saved"
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{path.parent}/profile",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(out),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)  # noqa: S603
    return out / path.name


def mend(path: Path, cells: dict[str, str]) -> None:
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book[SHEET][cell] = value
    book.save(path)


def test_a_report_sent_back_unmended_gives_the_same_findings(first, tmp_path: Path):
    _, report, findings, _ = first
    again, _, taken, _ = check(report, tmp_path / "b.xlsx")
    pd.testing.assert_frame_equal(again, findings)
    assert taken.empty
    before, after = (openpyxl.load_workbook(path) for path in (report, tmp_path / "b.xlsx"))
    assert before.sheetnames == after.sheetnames
    for name in (SHEET, "预检·问题清单", "预检·催办清单"):
        rows = [[[cell.value for cell in row] for row in book[name].iter_rows()] for book in (before, after)]
        assert rows[0] == rows[1]
    assert parts_of(report).keys() == parts_of(tmp_path / "b.xlsx").keys()


def test_mended_broken_and_untouched_rows_are_told_apart(first, tmp_path: Path):
    _, report, findings, verdicts = first
    mend(report, {f"E{row}": f"www.sample{row - 1}.cn" for row in range(2, 7)} | {"E15": "www.broken.cn"})
    again, marked, _, compared = check(report, tmp_path / "b.xlsx", (findings, verdicts))
    assert compared.counts == {"fixed": 5, "new": 1, "unchanged": 15}
    assert again.groupby("change").size().to_dict() == {"new": 1, "unchanged": 15}
    assert again[again["change"] == "new"]["row"].tolist() == [15]
    assert marked.set_index("row")["change"].loc[[2, 8, 15, 16]].tolist() == [
        "fixed:1;unchanged:1",
        "unchanged:2",
        "new:1",
        "",
    ]
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert [book[SHEET].cell(row, 15).value for row in (1, 2, 15)] == [
        "预检·与上次相比",
        "已修复 1，仍未改 1",
        "新增 1",
    ]
    listed = {book["预检·摘要"].cell(row, 1).value: book["预检·摘要"].cell(row, 2).value for row in range(1, 80)}
    assert (listed["已修复"], listed["新增"], listed["仍未改"]) == (5, 1, 15)


def test_a_mended_cell_gets_its_own_colour_back(first, tmp_path: Path):
    _, report, _, _ = first
    assert openpyxl.load_workbook(report)[SHEET]["E2"].fill.fgColor.rgb == "FFFFC7CF"
    mend(report, {"E2": "www.sample1.cn"})
    check(report, tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")[SHEET]
    assert sheet["E2"].fill.fgColor.rgb == "FF00FF00" and sheet["E3"].fill.fgColor.rgb == "FFFFC7CF"
    assert sheet["E2"].border.left.style == "thin"
    assert sheet["E2"].comment is None and sheet["E3"].comment is not None


def test_yes_takes_the_suggested_value_and_nothing_else(first, tmp_path: Path):
    _, report, _, _ = first
    sheet = openpyxl.load_workbook(report)[SHEET]
    assert sheet["L2"].value == "首页URL：www.sample1.cn" or sheet["L2"].value.endswith("：www.sample1.cn")
    mend(report, {"M2": "是", "M3": "否", "M4": " 是 "})
    findings, _, taken, _ = check(report, tmp_path / "b.xlsx")
    assert taken[["row", "key", "before", "after"]].values.tolist() == [
        [2, "home_url", "www.other.cn", "www.sample1.cn"], [4, "home_url", "www.other.cn", "www.sample3.cn"],
    ]  # fmt: skip
    assert not findings[(findings["rule"] == "ICP0111") & findings["row"].isin([2, 4])].size
    after = openpyxl.load_workbook(tmp_path / "b.xlsx")[SHEET]
    assert [after[cell].value for cell in ("E2", "E3", "E4", "M2")] == [
        "www.sample1.cn",
        "www.other.cn",
        "www.sample3.cn",
        None,
    ]
    again, _, taken, _ = check(tmp_path / "b.xlsx", tmp_path / "c.xlsx")
    assert taken.empty and len(again) == len(findings)


def test_a_cell_merged_over_filings_is_marked_where_it_is_seen_and_mended_for_all(tmp_path: Path):
    """The first of its filings is faultless, the others are not."""
    source, report = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    workbook(source)
    mend(source, {"D2": "other.cn", "F2": "样例站"})
    book = openpyxl.load_workbook(source)
    book[SHEET].merge_cells("E2:E4")
    book.save(source)
    findings, _, _, _ = check(source, report)
    assert findings[findings["rule"] == "ICP0111"]["row"].tolist()[:3] == [3, 4, 5]
    sheet = openpyxl.load_workbook(report)[SHEET]
    assert (sheet["H2"].value, sheet["H3"].value) == ("通过", "不通过")
    assert [sheet[f"E{row}"].fill.fgColor.rgb == "FFFFC7CF" for row in range(2, 6)] == [True, False, False, True]
    commented = [cell.coordinate for row in sheet["E2:E5"] for cell in row if cell.comment]
    assert commented == ["E2", "E5"] and sheet["E2"].comment.text.count("不对") == 1
    mend(report, {"M3": "是"})
    findings, _, taken, _ = check(report, tmp_path / "b.xlsx")
    assert taken[["row", "key", "after"]].values.tolist() == [[row, "home_url", "www.sample2.cn"] for row in (2, 3, 4)]
    assert findings[findings["rule"] == "ICP0111"]["row"].tolist()[:3] == [2, 4, 5]
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")[SHEET]
    assert [sheet[f"E{row}"].value for row in (2, 3, 4)] == ["www.sample2.cn", None, None]
    again, _, taken, _ = check(tmp_path / "b.xlsx", tmp_path / "c.xlsx")
    assert taken.empty and again["row"].tolist() == findings["row"].tolist()


def test_a_column_inserted_and_columns_moved_do_no_harm(first, tmp_path: Path):
    _, report, findings, _ = first
    book = openpyxl.load_workbook(report)
    book[SHEET].insert_cols(3)
    book[SHEET]["C1"], book[SHEET]["C2"] = "我的备注", "看过"
    book[SHEET]["Q1"], book[SHEET]["Q2"] = "右边的备注", "也看过"
    book.save(report)
    again, _, _, _ = check(report, tmp_path / "b.xlsx")
    assert again["row"].tolist() == findings["row"].tolist()
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")[SHEET]
    header = [cell.value for cell in sheet[1]]
    assert len(header) == len(set(header)) and (sheet["C2"].value, sheet["Q2"].value) == ("看过", "也看过")
    assert sheet["F2"].fill.fgColor.rgb == "FFFFC7CF"


@pytest.mark.skipif(not Path("/usr/bin/soffice").exists(), reason="needs LibreOffice")
def test_a_report_saved_by_another_program_is_known_again(first, tmp_path: Path):
    _, report, findings, _ = first
    saved = through_another_program(report)
    again, _, _, _ = check(saved, tmp_path / "b.xlsx")
    assert again[["row", "rule"]].values.tolist() == findings[["row", "rule"]].values.tolist()
    book = openpyxl.load_workbook(tmp_path / "b.xlsx")
    assert len([name for name in book.sheetnames if is_own_sheet(name)]) == 4
    header = [cell.value for cell in book[SHEET][1] if cell.value]
    assert len(header) == len(set(header)) == len(KEYS) + 8
    assert book[SHEET]["E2"].comment is not None


# -- comparing runs --------------------------------------------------------------------------------


def run(**rows: tuple[str, str, tuple[str, ...]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Findings and verdicts of filings given as (key, number, rules)."""
    verdicts, findings = [], []
    for row, (key, number, rules) in enumerate(rows.values(), start=2):
        where = {"workbook": "a.xlsx", "sheet": SHEET, "row": row, "filing_no": number, "filing_key": key}
        verdicts.append(where)
        findings += [
            where | {"rule": rule, "reason": int(rule[3:5]), "columns": "domain", "severity": "error"} for rule in rules
        ]
    names = ["workbook", "sheet", "row", "filing_no", "filing_key"]
    return pd.DataFrame(findings, columns=[*names, "rule", "reason", "columns", "severity"]), pd.DataFrame(
        verdicts, columns=names
    )


def became(now, then) -> list[str]:
    return changes.compare(*now, *then).verdicts["change"].tolist()


def test_a_filing_never_seen_is_a_new_filing():
    then = run(a=("k1", "1", ("ICP0101",)))
    assert became(run(a=("k1", "1", ()), b=("k2", "2", ("ICP0101",))), then) == ["fixed:1", "new_filing"]


def test_a_filing_whose_key_was_mended_is_known_by_its_number():
    then = run(a=("k1", "1", ("ICP0101", "ICP0102")))
    assert became(run(a=("other", "1", ("ICP0102",))), then) == ["fixed:1;unchanged:1"]


def test_a_number_that_stands_twice_proves_nothing():
    then = run(a=("k1", "1", ("ICP0101",)), b=("k2", "1", ()))
    assert became(run(a=("x", "1", ()), b=("y", "1", ())), then) == ["new_filing", "new_filing"]


def test_twins_are_compared_in_their_order():
    then = run(a=("k", "1", ("ICP0101",)), b=("k", "2", ()))
    assert became(run(a=("k", "1", ()), b=("k", "2", ("ICP0101",))), then) == ["fixed:1", "new:1"]


def test_a_cell_that_was_emptied_is_not_mended():
    then = run(a=("k", "1", ("ICP0101",)))
    assert became(run(a=("k", "1", ("ICP0001",))), then) == ["new:1"]


def test_what_could_not_be_checked_is_not_mended():
    then, now = run(a=("k", "1", ("ICP0101",))), run(a=("k", "1", ()))
    findings, verdicts = now
    assert became((findings, verdicts.assign(reason_1="unchecked")), then) == [""]
    assert became((findings, verdicts.assign(reason_1="pass")), then) == ["fixed:1"]


def test_what_was_mended_and_fails_again_has_regressed():
    """However many runs lie between: each hands on what was mended in its verdicts."""
    failing, mended = run(a=("k", "1", ("ICP0101", "ICP0102"))), run(a=("k", "1", ("ICP0102",)))
    last = failing
    for _ in range(2):
        compared = changes.compare(*mended, *last)
        assert compared.verdicts["mended"].tolist() == ["ICP0101"]
        last = (compared.findings, compared.verdicts)
    again = changes.compare(*failing, *last)
    assert again.verdicts["change"].tolist() == ["regressed:1;unchanged:1"]
    assert again.verdicts["mended"].tolist() == [""]
    assert became(failing, mended) == ["new:1;unchanged:1"], "nothing says that it ever failed"


def test_nothing_before_and_nothing_now():
    assert became(run(), run()) == []
    assert became(run(a=("", "", ("ICP0101",))), run(b=("", "", ("ICP0101",)))) == ["new_filing"]


def test_suggested_values_are_read_by_their_labels():
    assert adopt.suggested("域名：a.cn\nDomain holder: 样例: 公司\n不认识：x\n空：") == {
        "domain": "a.cn", "domain_holder_name": "样例: 公司",
    }  # fmt: skip


def test_a_workbook_that_was_never_a_report_asks_for_nothing(tmp_path: Path):
    workbook(tmp_path / "a.xlsx")
    reading = read(tmp_path / "a.xlsx", "a.xlsx")
    assert adopt.requests(reading) == {}
    assert adopt.take_over(replace(reading, format="ods"))[1].empty
