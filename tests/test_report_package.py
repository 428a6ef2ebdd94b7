"""The sender's package comes back whole: a workbook with everything in it, compared part by part."""

import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import python_calamine
import xlsxwriter
from lxml import etree
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from reported import (
    FACTS,
    HEADERS,
    HOSTILE,
    MAIN,
    ROWS,
    SHEET,
    filing_rows,
    found,
    judged,
    parts_of,
    plain_workbook,
    reading_of,
    rewritten,
    rich_workbook,
)

from flows.steps.report.facts import ReportFacts
from flows.steps.report.write import write


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workbook with everything in it, and its report."""
    folder = tmp_path_factory.mktemp("rich")
    source, target = folder / "富.xlsm", folder / "富.report.xlsm"
    rich_workbook(source)
    findings = found((3, "domain;site_name"), (6, "subject_name"))
    result = write(reading_of(source, columns=10), findings, judged(findings), target, FACTS)
    assert (result.how, result.why) == ("patched", "")
    return source, target


def test_untouched_parts_come_back_byte_for_byte(rich: tuple[Path, Path]):
    before, after = parts_of(rich[0]), parts_of(rich[1])
    changed = {name for name in before if after.get(name) != before[name]}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip
    assert all(re.search("preflight", name) for name in after.keys() - before.keys())


def test_the_package_is_sound(rich: tuple[Path, Path]):
    """Every relation leads to a part, every part has a content type, every XML part parses."""
    parts = parts_of(rich[1])
    types = etree.fromstring(parts["[Content_Types].xml"])
    defaults = {entry.get("Extension").lower() for entry in types if entry.tag.endswith("Default")}
    overrides = [entry.get("PartName").lstrip("/") for entry in types if entry.tag.endswith("Override")]
    assert len(overrides) == len(set(overrides)) and set(overrides) <= parts.keys()
    for name, content in parts.items():
        assert name in overrides or name.rpartition(".")[2].lower() in defaults, name
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
        if name.endswith(".rels"):
            base = Path(name).parent.parent
            for relation in etree.fromstring(content):
                if relation.get("TargetMode") != "External":
                    target = relation.get("Target")
                    full = target.lstrip("/") if target.startswith("/") else (base / target).as_posix()
                    assert re.sub(r"[^/]+/\.\./", "", full) in parts, (name, target)


def test_two_readers_see_the_senders_values(rich: tuple[Path, Path]):
    source, target = rich
    theirs = openpyxl.load_workbook(source, rich_text=True)
    ours = openpyxl.load_workbook(target, rich_text=True)
    assert ours.sheetnames[: len(theirs.sheetnames)] == theirs.sheetnames
    for name in theirs.sheetnames:
        for row in theirs[name].iter_rows():
            for cell in row:
                mine = ours[name][cell.coordinate]
                assert (mine.value, mine.number_format) == (cell.value, cell.number_format), (name, cell.coordinate)
                assert mine.border.left.style == cell.border.left.style
    for name in theirs.sheetnames:
        rows = python_calamine.load_workbook(source).get_sheet_by_name(name).to_python()
        again = python_calamine.load_workbook(target).get_sheet_by_name(name).to_python()
        assert [row[: len(rows[0])] for row in again] == rows


def test_what_surrounds_the_rows_survives(rich: tuple[Path, Path]):
    source, target = rich
    before, after = openpyxl.load_workbook(source)[SHEET], openpyxl.load_workbook(target)[SHEET]
    assert after.freeze_panes == before.freeze_panes and after.row_dimensions[9].hidden
    assert after.merged_cells == before.merged_cells
    assert str(after.conditional_formatting) and len(after.conditional_formatting) == len(before.conditional_formatting)
    assert len(after.data_validations.dataValidation) == len(before.data_validations.dataValidation) + 1
    assert after["B2"].comment.text == "发件人的批注" and "不对" in after["C3"].comment.text
    assert after["B4"].hyperlink.target == "https://example.invalid/"
    assert after.auto_filter.ref == "A1:R13"
    sheet = etree.fromstring(parts_of(target)["xl/worksheets/sheet1.xml"])
    assert [child.tag for child in sheet] == sorted([child.tag for child in sheet], key=_order)


def _order(tag: str) -> int:
    from flows.steps.report.around import ORDER

    return ORDER.index(tag.removeprefix(MAIN))


def test_failing_cells_are_filled_over_their_own_format(rich: tuple[Path, Path]):
    sheet = openpyxl.load_workbook(rich[1])[SHEET]
    marked, beside = sheet["C3"], sheet["C4"]
    assert marked.fill.fgColor.rgb == "FFFFC7CF" and beside.fill.fgColor.rgb == "FFFFFF00"
    assert (marked.number_format, marked.border.top.style) == (beside.number_format, beside.border.top.style)


def test_our_columns_stand_right_of_everything(rich: tuple[Path, Path]):
    sheet = openpyxl.load_workbook(rich[1])[SHEET]
    header = [cell.value for cell in sheet[1]][10:]
    assert header[0] == "预检·结论" and len(header) == 8
    assert sheet["K1"].fill.fgColor.rgb == sheet["A1"].fill.fgColor.rgb
    assert [sheet.cell(row, 11).value for row in (2, 3, 6)] == ["通过", "不通过", "不通过"]
    assert sheet["L6"].value == "【网站名称】不对" and sheet["O6"].value == "主办单位名称：新"
    assert sheet["K3"].hyperlink.location == "'预检·问题清单'!A2"
    listed = openpyxl.load_workbook(rich[1])["预检·问题清单"]
    assert listed["A2"].hyperlink.location == f"'{SHEET}'!C3" and listed.auto_filter.ref == "A1:O3"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_comes_back_as_text(tmp_path: Path, text: str):
    source, target = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    plain_workbook(source)
    findings = found((2, "domain"), value=text, message=text, expected=text, fix=text, source=text)
    findings["filing_no"] = text
    write(reading_of(source), findings, judged(findings), target, FACTS)
    book = openpyxl.load_workbook(target)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if cell.hyperlink:
                    assert cell.hyperlink.target is None and own_location(cell.hyperlink.location)
    shown = book["预检·问题清单"]["H2"]
    assert shown.quotePrefix and len(shown.value) > 0


def own_location(location: str) -> bool:
    return location.startswith(("'预检·", f"'{SHEET}'"))


def prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", xml).replace("xmlns=", "xmlns:x=")


WIDE = '<cols><col min="3" max="16384" width="9" hidden="1"/></cols>'
BELOW = '<row r="31" spans="1:7"><c r="A31" t="str"><v>合计</v></c></row>'
ODDITIES = {
    "prefixed names": prefixed,
    "no cell references": lambda xml: re.sub(r'(<c) r="[A-Z]+[0-9]+"', r"\1", xml),
    "no references at all": lambda xml: re.sub(r'(<(?:c|row)) r="[A-Z]*[0-9]+"', r"\1", xml),
    "single quotes": lambda xml: re.sub(r'(<(?:c|row)[^>]*>)', lambda tag: tag[0].replace('"', "'"), xml),
    "no dimension": lambda xml: re.sub(r"<dimension[^>]*/>", "", xml),
    "blanks with a format beyond the data": lambda xml: re.sub(r"(</row>)", r'<c s="0"/><c s="0"/>\1', xml),
    "rows below the filings": lambda xml: xml.replace("</sheetData>", '<row r="30"/>' + BELOW + "</sheetData>"),
    "columns to the very end": lambda xml: xml.replace("<sheetData>", WIDE + "<sheetData>"),
    "rows closed at once": lambda xml: xml.replace("</sheetData>", '<row r="40"/><row r="41" ht="20"/></sheetData>'),
    "strings inline": lambda xml: re.sub(r't="s"><v>([0-9]+)</v>', r't="inlineStr"><is><t>\1</t></is>', xml),
}  # fmt: skip


@pytest.mark.parametrize("oddity", ODDITIES)
def test_odd_markup_is_patched_all_the_same(tmp_path: Path, oddity: str):
    source, target = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    plain_workbook(source)
    rewritten(source, "xl/worksheets/sheet1.xml", ODDITIES[oddity])
    expected = python_calamine.load_workbook(source).get_sheet_by_name(SHEET).to_python()
    findings = found((4, "photo;domain"), (5, "site_name"))
    result = write(reading_of(source), findings, judged(findings), target, FACTS)
    assert (result.how, result.marked_cells) == ("patched", 2)
    rows = python_calamine.load_workbook(target).get_sheet_by_name(SHEET).to_python()
    assert [row[:7] for row in rows[: len(expected)]] == [row[:7] for row in expected]
    assert [row[7] for row in rows[:6]] == ["预检·结论", "通过", "通过", "不通过", "不通过", "通过"]
    openpyxl.load_workbook(target)


def strict(path: Path) -> None:
    parts = parts_of(path)
    with zipfile.ZipFile(path, "w") as out:
        for name, content in parts.items():
            text = content.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            out.writestr(
                name,
                text.replace(
                    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                    b"http://purl.oclc.org/ooxml/officeDocument/relationships",
                ),
            )


def raw_text(path: Path) -> None:
    rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("<v>0</v>", "<v><![CDATA[0]]></v>", 1))


def remarks(path: Path) -> None:
    rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</row>", "<!-- x --></row>", 1))


@pytest.mark.parametrize("spoil", [strict, raw_text, remarks])
def test_what_cannot_be_patched_gets_a_fresh_report_that_says_so(tmp_path: Path, spoil):
    source, target = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    plain_workbook(source)
    spoil(source)
    findings = found((4, "domain"))
    result = write(reading_of(source), findings, judged(findings), target, FACTS)
    assert result.how == "fresh" and result.why
    book = openpyxl.load_workbook(target)
    assert [cell.value for cell in book[SHEET][4]][:4] == filing_rows()[2][:4]
    assert "新建的工作簿" in book["预检·摘要"]["A3"].value


def test_a_table_keeps_its_extent_and_ours_get_their_own_filter(tmp_path: Path):
    source, target = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    with xlsxwriter.Workbook(str(source)) as book:
        sheet = book.add_worksheet(SHEET)
        columns = [{"header": name} for name in [*HEADERS, "备用"]]
        sheet.add_table(0, 0, ROWS, 7, {"data": filing_rows(), "columns": columns})
    findings = found((4, "domain"))
    write(reading_of(source), findings, judged(findings), target, FACTS)
    assert parts_of(source)["xl/tables/table1.xml"] == parts_of(target)["xl/tables/table1.xml"]
    sheet = openpyxl.load_workbook(target)[SHEET]
    assert sheet["I1"].value == "预检·结论" and sheet.auto_filter.ref == "I1:P13"


def test_a_rule_for_the_whole_sheet_makes_room_for_our_drop_down(tmp_path: Path):
    source, target = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    plain_workbook(source)
    rules = {"A1:XFD1048576": None, "B2:B13 N2:N9": None, "M2:M13": None}
    book = openpyxl.load_workbook(source)
    for areas in rules:
        rule = DataValidation(type="textLength", operator="lessThan", formula1="500")
        rule.sqref = MultiCellRange(areas)
        book.active.add_data_validation(rule)
    book.save(source)
    findings = found((4, "domain"))
    for given, report in ((source, target), (target, tmp_path / "again.xlsx")):
        write(reading_of(given), findings, judged(findings), report, FACTS)
        sheet = openpyxl.load_workbook(report)[SHEET]
        assert sheet["M1"].value == "预检·采纳"
        found_rules = {str(rule.sqref): rule.type for rule in sheet.data_validations.dataValidation}
        assert found_rules == {
            "A1:L1048576 N1:XFD1048576": "textLength", "B2:B13 N2:N9": "textLength", "M2:M13": "list"
        }  # fmt: skip


def test_the_same_input_gives_the_same_bytes(tmp_path: Path):
    source = tmp_path / "a.xlsx"
    plain_workbook(source)
    findings = found((4, "domain"), (7, "site_name"))
    contents = []
    for name in ("b.xlsx", "c.xlsx"):
        write(reading_of(source), findings, judged(findings), tmp_path / name, FACTS)
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_comments_are_capped_at_the_costliest(tmp_path: Path):
    source, target = tmp_path / "a.xlsx", tmp_path / "a.report.xlsx"
    plain_workbook(source)
    findings = pd.concat([found((3, "domain"), severity="warning"), found(*((row, "domain") for row in range(4, 9)))])
    facts = ReportFacts(as_of=date(2026, 1, 15), comments=3)
    result = write(reading_of(source), findings.reset_index(drop=True), judged(findings), target, facts)
    sheet = openpyxl.load_workbook(target)[SHEET]
    assert [cell.row for cell in sheet["C"] if cell.comment] == [4, 5, 6] and result.comments == 3
