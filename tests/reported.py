"""Workbooks to be reported on, what the reader would say of them, and findings to write into them."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa
import xlsxwriter

from expectations.reasons import REASONS
from flows.steps.report.facts import ReportFacts
from flows.steps.workbook import Sheet

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
        "headers": {}, "last_cell_column": columns - 1,
    }  # fmt: skip
    return SimpleNamespace(
        path=path,
        workbook=path.name,
        format=path.suffix[1:],
        sheets=(Sheet(**one | sheet),),
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
