"""Workbooks made for tests, byte by byte where no library would write them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl

from expectations.filing import COLUMNS
from expectations.specimen import ORGANISATION

KEYS = tuple(key for key in COLUMNS if key in ORGANISATION)
HEADERS = tuple(COLUMNS[key].zh for key in KEYS)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def filing(number: int = 1, **changes: str) -> dict[str, str]:
    """A faultless filing; each number has its own domain and order number."""
    return {**ORGANISATION, "filing_no": f"BA-{number:04d}", "domain": f"chenguang-{number}.cn", **changes}


def values(number: int = 1, **changes: Any) -> list[Any]:
    return [filing(number, **changes)[key] for key in KEYS]


def book(path: Path, *rows: Sequence[Any], title: str = "备案") -> Path:
    """A workbook of one sheet with these rows."""
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(list(row))
    made.save(path)
    return path


def good(path: Path, count: int = 2) -> Path:
    """A workbook of faultless filings."""
    return book(path, HEADERS, *(values(number) for number in range(1, count + 1)))


def cell(reference: str, text: str, attributes: str = "") -> str:
    return f'<c r="{reference}" t="inlineStr"{attributes}><is><t>{escape(text)}</t></is></c>'


def letters(column: int) -> str:
    return openpyxl.utils.get_column_letter(column + 1)


def row(number: int, texts: Sequence[str], attributes: str = "") -> str:
    cells = "".join(cell(f"{letters(column)}{number}", text) for column, text in enumerate(texts) if text)
    return f'<row r="{number}"{attributes}>{cells}</row>'


def sheet(data: str, before: str = "", after: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'
    )


def parts(*sheets: str, names: Sequence[str] = (), main: str = "sheet.main") -> dict[str, str]:
    """The parts of a package with these sheets."""
    names = names or [f"表{number}" for number in range(1, len(sheets) + 1)]
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    listed = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        f'spreadsheetml.{main}+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets, 1)},
    }


def package(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return path


def written(path: Path, data: str, before: str = "", after: str = "") -> Path:
    """A workbook of one sheet with this XML as its data."""
    return package(path, parts(sheet(data, before, after)))


def binary(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """An .xlsb workbook; text, numbers, and error codes given as bytes."""

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size, length = len(content), b""
        while True:
            size, low = size >> 7, size & 0x7F
            length += bytes([low | (0x80 if size else 0)])
            if not size:
                return head + length + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16le")

    def of(column: int, value: Any) -> bytes:
        place = struct.pack("<II", column, 0)
        if isinstance(value, bytes):
            return record(3, place + value)
        return record(6, place + wide(value)) if isinstance(value, str) else record(5, place + struct.pack("<d", value))

    data = b"".join(
        record(0, struct.pack("<I", number) + bytes(13))
        + b"".join(of(column, value) for column, value in enumerate(line) if value not in ("", None))
        for number, line in enumerate(rows)
    )
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    page = record(129) + record(148, extent) + record(145) + data + record(146) + record(130)
    listed = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("备案"))
    workbook = record(131) + record(143) + listed + record(144) + record(132)
    members: dict[str, str | bytes] = dict(parts(""))
    del members["xl/workbook.xml"], members["xl/worksheets/sheet1.xml"], members["xl/_rels/workbook.xml.rels"]
    members["[Content_Types].xml"] = str(members["[Content_Types].xml"]).replace("workbook.xml", "workbook.bin")
    members["_rels/.rels"] = str(members["_rels/.rels"]).replace("workbook.xml", "workbook.bin")
    members["xl/workbook.bin"] = workbook
    members["xl/_rels/workbook.bin.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
        'Target="worksheets/sheet1.bin"/></Relationships>'
    )
    members["xl/worksheets/sheet1.bin"] = page
    return package(path, members)


def opendocument(path: Path, rows: Sequence[str]) -> Path:
    """An .ods workbook of rows of XML."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    content = (
        f'<office:document-content {names} {calc} office:version="1.2"><office:body><office:spreadsheet>'
        f'<table:table table:name="备案">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return package(path, {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def opendocument_row(texts: Sequence[str], attributes: str = "") -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
        if text
        else "<table:table-cell/>"
        for text in texts
    )
    return f"<table:table-row{attributes}>{cells}</table:table-row>"
