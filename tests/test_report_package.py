"""The sender's package comes back whole: a workbook with everything in it, compared part by part."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
import python_calamine
import xlsxwriter
from lxml import etree

from expectations.reasons import REASONS
from flows.steps.report.facts import ReportFacts
from flows.steps.report.write import write

SHEET = "备案表"
HEADERS = ["备案订单号", "主办单位名称", "域名", "网站名称", "所属省份", "到期日", "照片"]
KEYS = ["filing_no", "subject_name", "domain", "site_name", "province", "domain_expires_on"]
ROWS = 12
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f00010401005f"
    "e5c34b0000000049454e44ae426082"
)
HOSTILE = [
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://example.invalid")',
    "+1",
    "-1",
    "@SUM(1)",
    "a\x01b",
    "\ufffe_xD800_",
    "字" * 40_000,
    "_x0041_",
]


def filing_rows(count: int = ROWS) -> list[list[str]]:
    return [
        [
            f"BA-{row:04d}",
            f"样例{row}有限公司",
            f"sample{row}.cn",
            f"样例站{row}",
            "浙江",
            f"2028-01-{row % 28 + 1:02d}",
            "",
        ]
        for row in range(1, count + 1)
    ]


def rich_workbook(path: Path) -> None:
    """A chart, rich text, drop-downs from another sheet, conditional formats, a comment, hidden rows and sheets."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet, values = book.add_worksheet(SHEET), book.add_worksheet("选项")
        hidden, charts = book.add_worksheet("隐藏"), book.add_worksheet("图表")
        header = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "font_size": 12})
        yellow = book.add_format({"bg_color": "#FFFF00", "border": 1, "num_format": "@"})
        plain = book.add_format({"border": 1})
        bold = book.add_format({"bold": True, "font_color": "red"})
        sheet.write_row(0, 0, HEADERS, header)
        for row, cells in enumerate(filing_rows(), start=1):
            for column, text in enumerate(cells):
                sheet.write(row, column, text, yellow if column == 2 else plain)
        sheet.write_rich_string(3, 1, "样例", bold, "3", "有限公司", plain)
        sheet.write_formula(5, 6, '_xlfn.DISPIMG("ID_1",1)', plain, "图")
        sheet.write_comment("B2", "发件人的批注", {"author": "林示例"})
        sheet.data_validation("E2:E13", {"validate": "list", "source": "=选项!$A$1:$A$3"})
        sheet.conditional_format("A2:A13", {"type": "data_bar"})
        sheet.conditional_format("F2:F13", {"type": "text", "criteria": "begins with", "value": "2028", "format": bold})
        sheet.merge_range("I1:J1", "合并", header)
        sheet.autofilter(0, 0, ROWS, len(HEADERS) - 1)
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 6, 17)
        sheet.set_row(8, None, None, {"hidden": True})
        sheet.write_url("B4", "https://example.invalid/", plain, "样例3有限公司")
        values.write_column(0, 0, ["浙江", "广东", "北京"])
        hidden.write(0, 0, "看不见")
        hidden.very_hidden()
        charts.write_column(0, 0, [1, 2, 3])
        charts.write_formula(0, 1, "=SUM(A1:A3)", None, 6)
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": "=图表!$A$1:$A$3"})
        charts.insert_chart("D2", chart)
        charts.insert_image("D20", "pixel.png", {"image_data": io.BytesIO(PIXEL)})
        book.define_name("各省", "=选项!$A$1:$A$3")
    _add_parts(path)


def _add_parts(path: Path) -> None:
    """A macro, pictures in cells as WPS stores them, custom XML and a pivot table, put in by hand."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = parts["[Content_Types].xml"].decode()
    types = types.replace("spreadsheetml.sheet.main+xml", "sheet.macroEnabled.main+xml").replace(
        "openxmlformats-officedocument.sheet.macro", "ms-excel.sheet.macro"
    )
    extra = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
    pivot = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivot"
    for name, kind in (
        ("/xl/cellimages.xml", "application/vnd.wps-officedocument.cellimage+xml"),
        ("/xl/pivotCache/pivotCacheDefinition1.xml", f"{pivot}CacheDefinition+xml"),
        ("/xl/pivotCache/pivotCacheRecords1.xml", f"{pivot}CacheRecords+xml"),
        ("/xl/pivotTables/pivotTable1.xml", f"{pivot}Table+xml"),
    ):
        extra += f'<Override PartName="{name}" ContentType="{kind}"/>'
    parts["[Content_Types].xml"] = types.replace("</Types>", extra + "</Types>").encode()
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    relations = relations.replace(
        "</Relationships>",
        '<Relationship Id="rIdV" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" '
        'Target="vbaProject.bin"/>'
        '<Relationship Id="rIdW" Type="http://www.wps.cn/officeDocument/2020/cellImage" Target="cellimages.xml"/>'
        f'<Relationship Id="rIdP" Type="{office}/pivotCacheDefinition" '
        'Target="pivotCache/pivotCacheDefinition1.xml"/></Relationships>',
    )
    parts["xl/_rels/workbook.xml.rels"] = relations.encode()
    parts["xl/workbook.xml"] = re.sub(
        rb"(<calcPr[^>]*/>)",
        rb'\1<pivotCaches><pivotCache cacheId="7" r:id="rIdP"/></pivotCaches>',
        parts["xl/workbook.xml"],
    )
    parts["xl/vbaProject.bin"] = bytes(range(256)) * 8
    parts["xl/media/cell1.png"] = PIXEL
    parts["xl/cellimages.xml"] = b'<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>'
    parts["customXml/item1.xml"] = b"<note>kept</note>"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="' + office + '"'
    fields = "".join(f'<cacheField name="{name}" numFmtId="0"><sharedItems/></cacheField>' for name in HEADERS[:2])
    parts["xl/pivotCache/pivotCacheDefinition1.xml"] = (
        f'<pivotCacheDefinition {main} r:id="rId1" refreshOnLoad="1" recordCount="0"><cacheSource type="worksheet">'
        f'<worksheetSource ref="A1:B13" sheet="{SHEET}"/></cacheSource><cacheFields count="2">{fields}</cacheFields>'
        "</pivotCacheDefinition>"
    ).encode()
    parts["xl/pivotCache/_rels/pivotCacheDefinition1.xml.rels"] = _relation(
        f"{office}/pivotCacheRecords", "pivotCacheRecords1.xml"
    )
    parts["xl/pivotCache/pivotCacheRecords1.xml"] = f'<pivotCacheRecords {main} count="0"/>'.encode()
    parts["xl/pivotTables/pivotTable1.xml"] = (
        f'<pivotTableDefinition {main} name="透视表" cacheId="7" dataCaption="值">'
        '<location ref="F1:G3" firstHeaderRow="1" firstDataRow="1" firstDataCol="0"/><pivotFields count="2">'
        '<pivotField showAll="0"/><pivotField showAll="0"/></pivotFields></pivotTableDefinition>'
    ).encode()
    parts["xl/pivotTables/_rels/pivotTable1.xml.rels"] = _relation(
        f"{office}/pivotCacheDefinition", "../pivotCache/pivotCacheDefinition1.xml"
    )
    sheet_relations = "xl/worksheets/_rels/sheet2.xml.rels"
    parts[sheet_relations] = _relation(f"{office}/pivotTable", "../pivotTables/pivotTable1.xml")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)


def _relation(kind: str, target: str) -> bytes:
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'
    ).encode()


def reading_of(path: Path, rows: int = ROWS, columns: int = len(HEADERS), header_row: int = 1, **sheet: object):
    """What the reader would say of a sheet made here."""
    filings = pd.DataFrame(filing_rows(rows), columns=[*KEYS, "photo"], dtype="str").drop(columns="photo")
    typed = pa.Table.from_pandas(filings, preserve_index=False)
    located = filings.assign(workbook=path.name, sheet=SHEET, row=range(header_row + 1, header_row + rows + 1))
    one = {
        "name": SHEET, "part": None, "header_row": header_row, "last_column": columns - 1,
        "columns": {key: place for place, key in enumerate(KEYS)}, "first_row": header_row + 1,
        "last_row": header_row + rows, "rows": rows, "hidden": False,
    }  # fmt: skip
    return SimpleNamespace(
        path=path,
        workbook=path.name,
        format=path.suffix[1:],
        sheets=(SimpleNamespace(**one | sheet),),
        skipped=(),
        filings=pa.Table.from_pandas(located, preserve_index=False),
        typed=typed,
        notes=(),
    )


def found(*places: tuple[int, str], **cells: str) -> pd.DataFrame:
    """Findings at (row, columns)."""
    line = {
        "reason": 2, "rule": "ICP0204", "severity": "error", "value": "旧", "expected": "新",
        "message": "不对", "fix": "改", "owner": "filer", "source": "样例",
    } | cells  # fmt: skip
    lines = [
        {"sheet": SHEET, "row": row, "filing_no": f"BA-{row - 1:04d}", "columns": columns} | line
        for row, columns in places
    ]
    names = ["sheet", "row", "filing_no", "columns", *line]
    return pd.DataFrame(lines, columns=names).astype({"row": "int32", "reason": "int8"})


def judged(findings: pd.DataFrame, rows: int = ROWS, header_row: int = 1) -> pd.DataFrame:
    """Verdicts to go with findings."""
    worst = findings.groupby("row")["severity"].agg(lambda levels: "error" in set(levels)).to_dict()
    numbers = range(header_row + 1, header_row + rows + 1)
    verdict = ["ready" if row not in worst else "rejected" if worst[row] else "review" for row in numbers]
    states = {f"reason_{reason.number}": "unchecked" if reason.number == 9 else "pass" for reason in REASONS}
    return pd.DataFrame({"sheet": SHEET, "row": numbers, "filing_no": "", "verdict": verdict, **states})


FACTS = ReportFacts(as_of=date(2026, 1, 15))


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


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
    from flows.steps.report.around import _ORDER

    return _ORDER.index(tag.removeprefix(MAIN))


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


def plain_workbook(path: Path, rows: int = ROWS) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(SHEET)
        for row, cells in enumerate([HEADERS, *filing_rows(rows)]):
            for column, text in enumerate(cells):
                if text:
                    sheet.write_string(row, column, text)


def rewritten(path: Path, part: str, change) -> None:
    """Change one part of a package."""
    parts = parts_of(path)
    parts[part] = change(parts[part].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in parts.items():
            out.writestr(name, content)


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
