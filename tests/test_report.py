"""What a report says: summary, findings, rules, chase list, in both languages, masked or not, of every format."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
import python_calamine
import xlsxwriter
from reported import FACTS, HOSTILE, SHEET, filing_rows, found, judged, plain_workbook, reading_of

from expectations.words import Words
from flows.steps import own
from flows.steps.coordinates import letters, number
from flows.steps.report import listing
from flows.steps.report.beside import Beside
from flows.steps.report.markup import cut, writable
from flows.steps.report.masking import mask, masked
from flows.steps.report.write import target, write
from flows.steps.report.writing import readable
from flows.steps.workbook.reading import read
from tests import made

PERSON = "330000198501010016"


def report(tmp_path: Path, findings: pd.DataFrame, facts=FACTS, **more):
    source, out = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    plain_workbook(source)
    write(reading_of(source), findings, judged(findings), out, facts, **more)
    return openpyxl.load_workbook(out)


def texts(sheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_summary_counts_what_was_found(tmp_path: Path):
    findings = pd.concat([found((3, "domain"), (5, "domain")), found((7, "site_name"), severity="warning")])
    facts = replace(FACTS, refused=(("坏.xlsx", "已加密"),), versions={"icp-preflight": "0.1.0"}, snapshot="2025-12-01")
    book = report(tmp_path, findings.reset_index(drop=True), facts)
    sheet = book["预检·摘要"]
    cards = {sheet.cell(4, column).value: sheet.cell(5, column).value for column in range(1, 9)}
    assert cards == {
        "备案总数": 12, "不通过": 2, "待复核": 1, "通过": 9, "一次通过率": 10 / 12, "实际检查率": 0.9,
        "错误": 2, "提醒": 1,
    }  # fmt: skip
    said = texts(sheet)
    assert {"坏.xlsx", "已加密", "2026-01-15", "2025-12-01", "0.1.0", "浙江"} <= set(said)
    assert len(sheet._charts) == 2
    assert book.active.title == "预检·摘要" and not book[SHEET].sheet_view.tabSelected


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_summary_tells_what_was_noticed_on_reading(tmp_path: Path, language: str):
    """A column that is not known, rows that are no filings: without these words a report would puzzle."""
    source, out = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    headers = ["网站的名称" if header == "网站名称" else header for header in made.HEADERS]
    made.book(source, headers, *(made.values(number) for number in range(1, 4)), ["合计", "3 家"])
    reading = read(source, source.name)
    nothing = found().assign(sheet=pd.Series(dtype="str"))
    verdicts = judged(nothing, rows=len(reading.filings)).assign(sheet="备案")
    write(reading, nothing, verdicts, out, replace(FACTS, language=language))
    said = texts(openpyxl.load_workbook(out)[own.sheet_name("summary", language)])
    noticed = [note(language) for note in reading.notes]
    assert len(noticed) == 3 and {note[:1].upper() + note[1:] for note in noticed} <= set(said)
    assert any("网站的名称" in note for note in noticed) and any("5" in note for note in noticed)


def test_a_header_of_merged_cells_is_reported_beside_and_known_again(tmp_path: Path):
    """Labels merged over two lines, remarks over three columns: ours stand beside them, on the header's last line."""
    source, out, again = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    made.book(source, [*made.HEADERS, "备注"], [], *([*made.values(number), "加急"] for number in (1, 2)))
    book = openpyxl.load_workbook(source)
    width = len(made.HEADERS)
    for column in range(1, width + 1):
        book.active.merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)
    for top, bottom in ((1, 2), (3, 3), (4, 4)):
        book.active.merge_cells(start_row=top, end_row=bottom, start_column=width + 1, end_column=width + 3)
    book.save(source)
    findings = found((3, "domain")).assign(sheet="备案")
    for given, target_ in ((source, out), (out, again)):
        reading = read(given, given.name)
        assert (reading.sheets[0].header_row, reading.sheets[0].last_column) == (2, width + 2)
        assert reading.filings["row"].to_pylist() == [3, 4]
        write(reading, findings, judged(findings, 2, header_row=2).assign(sheet="备案"), target_, FACTS)
        sheet = openpyxl.load_workbook(target_)["备案"]
        first = [sheet.cell(row, width + 4).value for row in range(1, 5)]
        assert first == [None, "预检·结论", "不通过", "通过"] and sheet.max_column == width + 3 + 8
        assert sheet.auto_filter.ref.startswith("A2:")


def test_what_was_noticed_does_not_bury_the_figures(tmp_path: Path):
    source, out = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    plain_workbook(source)
    reading = reading_of(source)
    reading.notes = tuple(Words(f"第 {number} 件事", f"matter {number}") for number in range(30))
    write(reading, found(), judged(found()), out, FACTS)
    said = texts(openpyxl.load_workbook(out)["预检·摘要"])
    assert "第 19 件事" in said and "第 20 件事" not in said and "另有 10 条，见 summary.json" in said


def test_findings_are_listed_by_what_costs_most_to_mend(tmp_path: Path):
    findings = pd.concat(
        [
            found((2, "domain"), owner="agent", message="甲"),
            found((3, "domain"), owner="registrar", message="乙"),
            found((4, "domain"), owner="filer", message="丙"),
            found((5, "domain"), owner="registrar", severity="warning", message="丁"),
        ],
        ignore_index=True,
    )
    sheet = report(tmp_path, findings)["预检·问题清单"]
    assert [sheet.cell(row, 8).value for row in range(2, 6)] == ["乙", "丙", "甲", "丁"]
    assert [cell.value for cell in sheet[2]][:7] == [
        "C3", "BA-0002", "样例2有限公司", "sample2.cn", "错误", "网站名称", sheet["G2"].value,
    ]  # fmt: skip
    assert sheet["L2"].value == "域名注册商"


def test_a_list_longer_than_a_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(listing, "LINES_A_SHEET", 3)
    monkeypatch.setattr("flows.steps.report.plan.LINES_A_SHEET", 3)
    book = report(tmp_path, found(*((row, "domain") for row in range(2, 9))))
    assert [name for name in book.sheetnames if "清单" in name][:3] == [
        "预检·问题清单",
        "预检·问题清单 2",
        "预检·问题清单 3",
    ]
    assert [book[name].max_row for name in book.sheetnames if "问题清单" in name] == [4, 4, 2]
    assert book[SHEET]["H5"].hyperlink.location == "'预检·问题清单 2'!A2"


def test_nothing_found_still_makes_a_report(tmp_path: Path):
    book = report(tmp_path, found())
    assert book["预检·问题清单"].max_row == 1 and book["预检·催办清单"].max_row == 1
    assert [book[SHEET].cell(row, 8).value for row in range(2, 14)] == ["通过"] * 12


def test_the_chase_list_says_what_each_filer_must_supply_without_numbers(tmp_path: Path):
    findings = pd.concat(
        [
            found((2, "subject_name"), fix=f"把 {PERSON} 改成 13805710001"),
            found((2, "domain"), rule="ICP0120", owner="registrar", fix="过户"),
            found((3, "domain"), owner="agent", fix="我们自己改"),
        ],
        ignore_index=True,
    )
    sheet = report(tmp_path, findings)["预检·催办清单"]
    assert sheet.max_row == 2 and sheet["D2"].value == 2
    message = sheet["E2"].value
    assert message.startswith("样例1有限公司，您好！") and "过户" in message and "sample1.cn" in message
    assert PERSON not in message and "13805710001" not in message


def test_a_cell_that_cannot_be_read_names_no_filing(tmp_path: Path):
    """Of a formula without its result the list shows what stands there, but calls nobody by it."""
    source, out = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    rows = [made.values(1, domain="=其他!A1", site_name="晨光"), made.values(2, site_name="晨光")]
    made.book(source, made.HEADERS, *rows)
    reading = read(source, source.name)
    assert reading.filings["damaged"].to_pylist() == ["domain:formula", ""]
    findings = found((2, "domain"), (3, "site_name"), owner="filer").assign(sheet="备案")
    write(reading, findings, judged(findings, rows=2).assign(sheet="备案"), out, FACTS)
    book = openpyxl.load_workbook(out)
    listed = book["预检·问题清单"]
    assert [cell.value for cell in listed["D"]] == ["域名", None, "chenguang-2.cn"]
    assert not any("=其他" in text for text in texts(book["预检·催办清单"]))


def test_mask_hides_numbers_on_added_sheets_only(tmp_path: Path):
    findings = found((2, "domain"), value=PERSON, message=f"{PERSON} 与 13805710001", fix="改")
    book = report(tmp_path, findings, replace(FACTS, mask=True))
    for name in book.sheetnames[1:]:
        assert not any(PERSON in text or "13805710001" in text for text in texts(book[name]))
    assert PERSON in book[SHEET]["I2"].value
    assert any(PERSON in text for text in texts(report(tmp_path, findings)["预检·问题清单"]))


def test_masking_keeps_what_tells_numbers_apart():
    assert mask(f"a{PERSON}") == f"a{PERSON}", "part of a longer code"
    assert mask(f"号码{PERSON}。") == "号码330************016。"
    assert mask("电话 138-0571-0001 或 +8613805710001") == "电话 138****0001 或 +86138****0001"
    assert mask("2026-01-15 91330000MA0000007W") == "2026-01-15 91330000MA0000007W"
    assert masked("「E1234567」不对", "principal_certificate_number", "E1234567") == "「E12**567」不对"


def test_english_reports_are_english(tmp_path: Path):
    findings = found((2, "domain"), message="wrong", fix="mend", value="a", expected="b", source="sample")
    book = report(tmp_path, findings, replace(FACTS, language="en"))
    assert book.sheetnames[1:] == ["Precheck·Summary", "Precheck·Findings", "Precheck·Rules", "Precheck·Chase list"]
    sheet = book[SHEET]
    assert (sheet["H1"].value, sheet["H2"].value, sheet["I2"].value) == (
        "Precheck·Verdict",
        "Rejected",
        "[Site name] wrong",
    )
    assert sheet["L2"].value == "Domain: b"
    headings = [cell.value for name in book.sheetnames[2:] for cell in book[name][1]]
    assert all(heading.isascii() for heading in headings)


def test_values_taken_over_are_written_into_their_cells_and_listed(tmp_path: Path):
    adopted = pd.DataFrame(
        [(SHEET, 3, "domain", "sample2.cn", "b.cn"), (SHEET, 4, "province", "浙江", "=1+1")],
        columns=["sheet", "row", "key", "before", "after"],
    )
    book = report(tmp_path, found(), adopted=adopted)
    sheet = book[SHEET]
    assert (sheet["C3"].value, sheet["C3"].fill.fgColor.rgb) == ("b.cn", "FFDDEBF8")
    assert (sheet["E4"].value, sheet["E4"].data_type) == ("=1+1", "s")
    assert "已采纳的建议值（2 项）" in texts(book["预检·摘要"])


def test_a_csv_gets_a_fresh_report_with_all_its_columns(tmp_path: Path):
    source, out = (
        tmp_path / "很长的[名字]：一个表格文件的名字可以有多长就写多长没有人管它.csv",
        tmp_path / "a.report.xlsx",
    )
    with source.open("w", encoding="gb18030", newline="") as lines:
        csv.writer(lines).writerows(
            [["备案订单号", "主办单位名称", "域名", "网站名称", "省", "到期", "备注"], *filing_rows()]
        )
    findings = found((2, "domain")).assign(sheet=source.stem)
    reading = named(reading_of(source, name=source.stem), source.stem)
    result = write(reading, findings, judged(findings).assign(sheet=source.stem), out, FACTS)
    assert result.how == "fresh"
    book = openpyxl.load_workbook(out)
    sheet = book.worksheets[0]
    assert len(sheet.title) == 31 and "[" not in sheet.title
    assert [cell.value for cell in sheet[3]][:6] == filing_rows()[1][:6]
    assert sheet["G1"].value == "备注" and sheet["H2"].value == "不通过"
    assert sheet["C2"].fill.fgColor.rgb == "FFFFC7CF"
    assert book["预检·问题清单"]["A2"].hyperlink.location == f"'{sheet.title}'!C2"
    assert book["预检·问题清单"]["C2"].value == "样例1有限公司"


def test_a_senders_own_hostile_cells_stay_text_in_a_fresh_report(tmp_path: Path):
    source, out = tmp_path / "a.csv", tmp_path / "a.report.xlsx"
    rows = filing_rows()
    for row, text in zip(rows, HOSTILE, strict=False):
        row[6] = text[:32_767]
    with source.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["备案订单号", "主办单位名称", "域名", "网站名称", "省", "到期", "备注"], *rows])
    reading = named(reading_of(source, name="a"), "a")
    write(reading, found().assign(sheet="a"), judged(found()).assign(sheet="a"), out, FACTS)
    sheet = openpyxl.load_workbook(out)["a"]
    cells = [sheet.cell(row + 2, 7) for row in range(len(HOSTILE))]
    assert {cell.data_type for cell in cells} == {"s"} and not any(cell.hyperlink for cell in cells)
    assert [cell.value for cell in cells[:5]] == HOSTILE[:5] and len(cells[7].value) == 32_767


def named(reading, name: str):
    """The reading with another name for its sheet."""
    place = reading.filings.column_names.index("sheet")
    names = pa.array([name] * len(reading.filings), pa.large_string())
    reading.filings = reading.filings.set_column(place, "sheet", names)
    return reading


def test_the_report_of_a_macro_workbook_keeps_its_ending(tmp_path: Path):
    reading = reading_of(tmp_path / "a.xlsm")
    reading.workbook = "sub/浙江.v2.xlsm"
    assert target(reading, tmp_path) == tmp_path / "sub" / "浙江.v2.report.xlsm"


def test_names_too_long_for_a_report_are_cut_and_stay_apart(tmp_path: Path):
    source = tmp_path / "a.xlsx"
    plain_workbook(source)
    reading = reading_of(source)
    names = []
    for end in "甲乙":
        reading.workbook = "很长的文件名" * 13 + f"很长的{end}.xlsx"
        names.append(target(reading, tmp_path))
    assert names[0] != names[1] and all(len(name.name.encode()) <= 239 for name in names)
    reading.workbook = names[0].name  # the report comes back
    assert target(reading, tmp_path) == names[0]


def test_many_findings_of_a_filing_are_cut_short_with_a_pointer():
    findings = pd.concat([found((2, "domain"), message=f"问题{n}") for n in range(12)], ignore_index=True).assign(
        line=range(12)
    )
    beside = Beside(findings, judged(found((2, "domain"))), {"domain": 2}, "zh").of(2)
    assert beside is not None
    assert beside.reasons.count("\n") == 8 and "另有 4 项" in beside.reasons
    assert beside.suggested == "域名：新" and beside.line == 0


@pytest.mark.parametrize(("name", "ours"), [
    ("预检·摘要", True), ("预检·问题清单 12", True), ("Precheck·Findings", True), ("摘要", False), ("规则", False),
    ("预检·问题清单x", False), ("预检", False),
])  # fmt: skip
def test_own_sheets_are_known_by_their_mark(name: str, ours: bool):
    assert own.is_own_sheet(name) is ours


def test_own_headers_are_known_and_a_senders_are_not():
    assert all(own.own_column(header) == key for key, headers in own.COLUMNS.items() for header in headers)
    assert not any(own.is_own_header(header) for header in ("结论", "驳回原因", "采纳", "Verdict", ""))


def test_places_and_texts():
    assert [letters(column) for column in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(number(letters(column).encode()) == column for column in (0, 27, 702, 16383))
    assert len(cut("x" * 40_000)) == 32_767 and len(cut("𠀀" * 20_000).encode("utf-16-le")) <= 2 * 32_767
    assert writable("\ud800a\udfff") == "\ufffda\ufffd" and readable("\ud800") == "?", "half surrogates"
    assert writable("a\x01_x0041_\ufffe") == "a_x0001__x005F_x0041_\ufffd"


def test_other_formats_are_read_with_their_types(tmp_path: Path):
    """Dates stay dates and numbers numbers where a workbook is written afresh."""
    source, out = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, ["备案订单号", "主办单位名称", "域名", "到期"])
        sheet.write_row(1, 0, ["BA-0001", "样例1有限公司", 12.5])
        sheet.write_datetime(1, 3, date(2026, 1, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    reading = reading_of(source, rows=1, columns=4)
    reading.format = "xlsb"
    write(reading, found(), judged(found(), rows=1), out, FACTS)
    row = python_calamine.load_workbook(out).get_sheet_by_name(SHEET).to_python()[1]
    assert row[2:4] == [12.5, date(2026, 1, 5)]


def test_a_sheet_named_by_many_apostrophes_is_linked(tmp_path: Path):
    source, out = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    name = "O'Neil & <备案>"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet(name)
        for row, cells in enumerate([["备案订单号", "名", "域名", "站", "省", "期", "注"], *filing_rows()]):
            sheet.write_row(row, 0, cells)
    findings = found((2, "domain")).assign(sheet=name)
    reading = named(reading_of(source, name=name), name)
    write(reading, findings, judged(findings).assign(sheet=name), out, FACTS)
    assert openpyxl.load_workbook(out)["预检·问题清单"]["A2"].hyperlink.location == "'O''Neil & <备案>'!C2"
