"""Files that would break a reader: bombs, loops, lies and halves, each by its name."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import made
from tests.reads import HEAD, ONE

DATA = made.row(1, HEAD) + made.row(2, ONE)

Maker = Callable[[Path], object]
HOSTILE: dict[str, Maker] = {}


def hostile(name: str) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        HOSTILE[name] = maker
        return maker

    return keep


def raw(name: str, content: bytes) -> None:
    HOSTILE[name] = lambda path: path.write_bytes(content)


def xlsx(name: str, change: Callable[[dict[str, str]], object], data: str = DATA) -> None:
    def make(path: Path) -> None:
        members = made.parts(made.sheet(data))
        change(members)
        made.package(path, members)

    HOSTILE[name] = make


def stored(path: Path, name: str, head: bytes, piece: bytes, times: int, tail: bytes) -> None:
    """A package with one more member: ``piece`` many times over, deflated without ever being laid out."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = block.compress(piece) + block.flush(zlib.Z_FULL_FLUSH)
    crc = zlib.crc32(head)
    for _ in range(times):
        crc = zlib.crc32(piece, crc)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream += packed * times + last.compress(tail) + last.flush()
    size = len(head) + len(piece) * times + len(tail)
    made.package(path, {key: text for key, text in made.parts(made.sheet(DATA)).items() if key != name})
    with zipfile.ZipFile(path, "a") as package:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.CRC, entry.compress_size, entry.file_size = zlib.crc32(tail, crc), len(stream), size
        entry.header_offset = package.start_dir
        assert package.fp is not None
        package.fp.seek(package.start_dir)
        package.fp.write(entry.FileHeader(False) + stream)
        package.start_dir = package.fp.tell()
        package.filelist.append(entry)
        package.NameToInfo[name] = entry
        package._didModify = True


SHEET = "xl/worksheets/sheet1.xml"
OPEN, CLOSE = made.sheet("|").encode().split(b"|")
ROWS = made.row(1, HEAD).encode()


@hostile("bomb-sheet.xlsx")
def _(path: Path) -> None:
    stored(path, SHEET, OPEN + ROWS, b" " * (1 << 24), 64, CLOSE)


@hostile("bomb-strings.xlsx")
def _(path: Path) -> None:
    stored(path, "xl/sharedStrings.xml", b"<sst><si><t>", b"A" * (1 << 24), 64, b"</t></si></sst>")


@hostile("bomb-repeated-row.xlsx")
def _(path: Path) -> None:
    stored(path, SHEET, OPEN + ROWS, made.row(2, ONE).encode() * 20_000, 200, CLOSE)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
for part in (SHEET, "xl/workbook.xml", "[Content_Types].xml"):
    xlsx(
        f"laughs-{part[-9:-4]}.xlsx",
        lambda members, part=part: members.update(
            {part: LAUGHS + members[part].partition("?>\n")[2] or LAUGHS + members[part]}
        ),
    )
xlsx(
    "laughs-strings.xlsx",
    lambda members: members.update({"xl/sharedStrings.xml": LAUGHS + "<sst><si><t>&b;</t></si></sst>"}),
)
xlsx(
    "laughs-utf16.xlsx",
    lambda members: members.update({SHEET: (LAUGHS + members[SHEET].partition("?>\n")[2]).encode("utf-16")}),
)
xlsx(
    "external-entity.xlsx",
    lambda members: members.update(
        {"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'}
    ),
)
xlsx("far-corner.xlsx", len, made.row(1, HEAD) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
xlsx("far-cell-in-first-row.xlsx", len, made.row(1, HEAD).replace("</row>", '<c r="XFD1048576"><v>1</v></c></row>'))
xlsx("beyond-the-corner.xlsx", len, '<row r="99999999"><c r="ZZZZZZ99999999"><v>1</v></c></row>')
xlsx("huge-numbers.xlsx", len, f'<row r="{"9" * 400}"><c r="A{"9" * 400}"><v>1</v></c></row>')
xlsx(
    "blank-styled-rows.xlsx",
    len,
    "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(1, 300_001)),
)
xlsx("sixteen-thousand-columns.xlsx", len, "".join(made.row(n, ["x"] * 16_000) for n in range(1, 4)))
xlsx("deep.xlsx", lambda members: members.update({SHEET: "<a>" * 300_000}))
xlsx("missing-sheet.xlsx", lambda members: members.pop(SHEET))
xlsx("missing-workbook.xlsx", lambda members: members.pop("xl/workbook.xml"))
xlsx("no-strings.xlsx", len, '<row r="1"><c r="A1" t="s"><v>4294967296</v></c></row>')
xlsx("broken-off.xlsx", lambda members: members.update({SHEET: members[SHEET].partition("</sheetData>")[0]}))
xlsx("many-parts.xlsx", lambda members: members.update({f"xl/media/{n}.bin": "" for n in range(6000)}))
xlsx(
    "merges.xlsx",
    lambda members: members.update(
        {SHEET: made.sheet(DATA, after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 300_001 + "</mergeCells>")}
    ),
)
xlsx(
    "sheet-is-workbook.xlsx",
    lambda members: members.update(
        {
            "xl/_rels/workbook.xml.rels": members["xl/_rels/workbook.xml.rels"].replace(
                "worksheets/sheet1.xml", "workbook.xml"
            )
        }
    ),
)


@hostile("two-parts-of-one-name.xlsx")
def _(path: Path) -> None:
    made.package(path, made.parts(made.sheet(DATA)))
    with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning):
        package.writestr(SHEET, made.sheet(made.row(1, HEAD)))


@hostile("outward-paths.xlsx")
def _(path: Path) -> None:
    made.package(path, {"../../../../evil.xml": "x", "/etc/evil": "x", "xl/workbook.xml": "<workbook/>"})


for share in (0.1, 0.5, 0.9, 0.99):

    @hostile(f"truncated-{share}.xlsx")
    def _(path: Path, share: float = share) -> None:
        made.good(path, 50)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


@hostile("corrupt-data.xlsx")
def _(path: Path) -> None:
    made.good(path, 200)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        start = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    data[start : start + 400] = bytes(400)
    path.write_bytes(data)


@hostile("repeated.ods")
def _(path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    made.opendocument(path, [f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'])


@hostile("truncated.xlsb")
def _(path: Path) -> None:
    made.binary(path, [HEAD, ONE])
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    made.package(path, {**members, "xl/worksheets/sheet1.bin": members["xl/worksheets/sheet1.bin"][:60]})


def ole(loop: int) -> bytes:
    """An OLE file whose table of sectors leads back to ``loop``."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack(
        "<109I", 0, *[0xFFFFFFFF] * 108
    )
    table = struct.pack("<128I", 0xFFFFFFFD, loop, *[0xFFFFFFFF] * 126)

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16le")
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    return header + table + entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("Workbook", 2, 1, 1 << 31) + bytes(256)


raw("ole-loop.xls", ole(1))
raw("ole-garbage.xls", ole(0xFFFFFFFE) + os.urandom(0) + bytes(range(256)) * 40)
raw(
    "encrypted.xlsx",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16le") + bytes(96),
)
raw("empty.xlsx", b"")
raw("zeros.xlsx", bytes(10_000))
raw("page.xls", b"<html><table><tr><td>1</td></tr></table></html>")
raw("one-line.csv", b"," * 200_000_00)
raw("quotes.csv", '主办单位名称,域名\n"'.encode() + b"x," * 2_000_000)
raw("program.xlsx", b"MZ" + bytes(1000))


@hostile("pipe.xlsx")
def _(path: Path) -> None:
    os.mkfifo(path)


@hostile("link-out.xlsx")
def _(path: Path) -> None:
    path.symlink_to(made.good(path.parent.parent / "outside.xlsx"))


@hostile("link-to-itself.xlsx")
def _(path: Path) -> None:
    path.symlink_to(path)


@hostile("~$lock.xlsx")
def _(path: Path) -> None:
    path.write_bytes(b"x")
