"""What cannot be read is refused in words of its own."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from flows.steps.workbook import refusals
from tests import made
from tests.made import HEADERS
from tests.reads import HEAD, ONE, refusal

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def entry(name: str) -> bytes:
    return name.encode("utf-16le").ljust(128, b"\0")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", refusals.EMPTY),
        (b"\xef\xbb\xbf \r\n", refusals.EMPTY),
        (OLE + entry("Root Entry") + entry("EncryptedPackage"), refusals.ENCRYPTED),
        (OLE + entry("Root Entry"), refusals.TRUNCATED),
        (OLE + entry("Workbook"), refusals.DAMAGED),
        (b"<html><body><table><tr><td>1</td></tr></table></body></html>", refusals.WEB_PAGE),
        ("\ufeff<!DOCTYPE HTML><table>".encode(), refusals.WEB_PAGE),
        ("<html><table>".encode("utf-16"), refusals.WEB_PAGE),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", refusals.WEB_PAGE),
        (b'<?xml version="1.0"?><W xmlns="urn:schemas-microsoft-com:office:spreadsheet">', refusals.XML_SPREADSHEET),
        (b'<?xml version="1.0"?><o:document xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><table:table>',
         refusals.FLAT_OPENDOCUMENT),
        (b"\x09\x04\x06\x00\x00\x04\x10\x00", refusals.TOO_OLD),
        (bytes(4096), refusals.TRUNCATED),
        (b"PK\x03\x04" + bytes(100), refusals.TRUNCATED),
        (b"%PDF-1.7", refusals.other("PDF 文件", "a PDF")),
        (b"\x89PNG\r\n\x1a\n", refusals.other("图片", "a picture")),
        (b"\x01\x02\x03abc", refusals.other("无法识别的文件", "a file of an unknown kind")),
        ("主办单位名称,域名\r\n".encode() + b"\xff\xff,\x81", refusals.NO_TEXT),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_for_what_it_is(tmp_path: Path, content: bytes, words: object) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(content)
    assert refusal(path).words == words


def test_a_truncated_workbook(tmp_path: Path) -> None:
    path = made.good(tmp_path / "a.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    assert refusal(path).words == refusals.TRUNCATED


def test_a_sheet_that_breaks_off(tmp_path: Path) -> None:
    broken = made.sheet(made.row(1, HEAD) + made.row(2, ONE))[:-40]
    assert refusal(made.package(tmp_path / "a.xlsx", made.parts(broken))).words in (
        refusals.TRUNCATED,
        refusals.DAMAGED,
    )


def test_an_encrypted_old_workbook(tmp_path: Path) -> None:
    data = bytearray((Path(__file__).parent / "files" / "filings.xls").read_bytes())
    after_start = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    data[after_start : after_start + 2] = b"\x2f\x00"  # what follows says how it is encrypted
    (tmp_path / "a.xls").write_bytes(data)
    assert refusal(tmp_path / "a.xls").words == refusals.ENCRYPTED


def test_an_encrypted_opendocument_workbook(tmp_path: Path) -> None:
    path = made.package(
        tmp_path / "a.ods",
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": "x",
            "META-INF/manifest.xml": "<m><encryption-data/></m>",
        },
    )
    assert refusal(path).words == refusals.ENCRYPTED


@pytest.mark.parametrize(("name", "word"), [("word/document.xml", "Word"), ("photo.jpg", "ZIP")])
def test_other_packages(tmp_path: Path, name: str, word: str) -> None:
    assert word in refusal(made.package(tmp_path / "a.xlsx", {name: "x"})).words.zh


def test_nothing_found_says_what_was_found_and_expected(tmp_path: Path) -> None:
    words = refusal(made.book(tmp_path / "a.xlsx", ("商品", "数量"), ("书", 3), title="库存")).words
    assert all(text in words.zh for text in ("库存", "商品", "主办单位名称"))


def test_a_near_header_is_named(tmp_path: Path) -> None:
    words = refusal(made.book(tmp_path / "a.xlsx", ("主办单位全称", "网站的域名地址"), ("甲", "乙"))).words
    assert "「主办单位全称」≈ 主办单位名称" in words.zh


def test_a_header_alone(tmp_path: Path) -> None:
    assert refusals.NO_ROWS.zh in refusal(made.book(tmp_path / "a.xlsx", HEADERS)).words.zh


def test_a_workbook_without_cells(tmp_path: Path) -> None:
    assert refusals.BLANK_SHEET.zh in refusal(made.book(tmp_path / "a.xlsx")).words.zh


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx").words == refusals.GONE


def test_a_package_with_an_encrypted_part(tmp_path: Path) -> None:
    path = made.good(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        offsets = [entry.header_offset for entry in package.infolist()]
    central = data.find(b"PK\x01\x02")
    for place in [offset + 6 for offset in offsets] + [central + 8]:
        data[place : place + 2] = struct.pack("<H", struct.unpack_from("<H", data, place)[0] | 1)
    path.write_bytes(data)
    assert refusal(path).words in (refusals.ENCRYPTED, refusals.TRUNCATED)
