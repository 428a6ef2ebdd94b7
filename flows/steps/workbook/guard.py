"""What a file is, by its content, and whether it is safe to open. Nothing here unpacks to disk."""

from __future__ import annotations

import re
import stat
import zipfile
from pathlib import Path

from flows.steps.workbook import refusals, textfile
from flows.steps.workbook.model import MIB, Format, Limits, Refused
from flows.steps.workbook.package import BROKEN

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"BM", "图片", "a picture"),
    (b"Rar!", "压缩包（RAR）", "a RAR archive"),
    (b"7z\xbc\xaf", "压缩包（7z）", "a 7z archive"),
    (b"\x1f\x8b", "压缩包（gzip）", "a gzip archive"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"MZ", "程序", "a program"),
    (b"\x7fELF", "程序", "a program"),
)
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TEXT_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def detect(path: Path) -> Format:
    """The format of the file at ``path``.

    Raises:
        Refused: it is no spreadsheet we read: empty, encrypted, truncated, HTML, another kind of file.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise Refused(refusals.NOT_A_FILE)
    if status.st_size == 0:
        raise Refused(refusals.EMPTY)
    with path.open("rb") as file:
        head = file.read(65536)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(path)
    if head.startswith(_OLE):
        return _ole_format(path)
    return _plain_format(head)


def _zip_format(path: Path) -> Format:
    try:
        with zipfile.ZipFile(path) as package:
            names = {name.lower().lstrip("/") for name in package.namelist()}
            kind = _member(package, "mimetype", 200)
            if kind is not None:
                return _ods(package, kind, names)
            types = _member(package, "[content_types].xml", 1 << 20) or b""
    except BROKEN as error:
        raise Refused(refusals.TRUNCATED, type(error).__name__) from error
    if "xl/workbook.bin" in names:
        return "xlsb"
    if b"sheet.main+xml" in types or b"template.main+xml" in types or "xl/workbook.xml" in names:
        return "xlsm" if b"macroEnabled.main+xml" in types else "xlsx"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        raise Refused(refusals.other("Word 或 PowerPoint 文档", "a Word or PowerPoint document"))
    raise Refused(
        refusals.other("压缩包（ZIP），请解压后再提交其中的工作簿", "a ZIP archive: send the workbooks in it")
    )


def _ods(package: zipfile.ZipFile, kind: bytes, names: set[str]) -> Format:
    if b"opendocument.spreadsheet" not in kind:
        raise Refused(refusals.other("其他类型的文档", "a document of another kind"))
    if b"encryption-data" in (_member(package, "meta-inf/manifest.xml", 1 << 20) or b""):
        raise Refused(refusals.ENCRYPTED)
    if "content.xml" not in names:
        raise Refused(refusals.TRUNCATED, "no content.xml")
    return "ods"


def _member(package: zipfile.ZipFile, name: str, size: int) -> bytes | None:
    """The first ``size`` bytes of a member, found without regard to case."""
    for entry in package.infolist():
        if entry.filename.lower().lstrip("/") == name:
            with package.open(entry) as file:
                return file.read(size)
    return None


def _ole_format(path: Path) -> Format:
    found = {"EncryptedPackage": False, "Workbook": False, "Book": False, "WordDocument": False, "PowerPoint": False}
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(4 * MIB):
            data = tail + chunk
            for name, seen in found.items():
                # A name of the directory begins at a multiple of 128 bytes.
                found[name] = seen or name.encode("utf-16le") + b"\0\0" in data
            tail = data[-64:]
    if found["EncryptedPackage"]:
        raise Refused(refusals.ENCRYPTED)
    if found["Workbook"] or found["Book"]:
        return "xls"
    if found["WordDocument"] or found["PowerPoint"]:
        raise Refused(refusals.other("Word 或 PowerPoint 文档", "a Word or PowerPoint document"))
    raise Refused(refusals.TRUNCATED, "OLE file without a Workbook stream")


def _plain_format(head: bytes) -> Format:
    for magic, zh, en in _OTHERS:
        if head.startswith(magic):
            raise Refused(refusals.other(zh, en))
    if head[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08") and head[2:4] in (b"\4\0", b"\6\0", b"\x08\0"):
        raise Refused(refusals.TOO_OLD)
    if (encoding := textfile.wide_encoding(head)) is not None:
        head = head[: len(head) & ~1].decode(encoding, "replace").encode("utf-8", "replace")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    _no_markup(text.lower())
    if _TEXT_CONTROLS.search(head):
        if not head.strip(b"\0"):
            raise Refused(refusals.TRUNCATED, "nothing but zero bytes")
        raise Refused(refusals.other("无法识别的文件", "a file of an unknown kind"))
    if not text:
        raise Refused(refusals.EMPTY)
    return "csv"


def _no_markup(text: bytes) -> None:
    """Refuse web pages and XML that go by a spreadsheet's name."""
    if text.startswith(b"mime-version:") or b"content-type: multipart/related" in text[:2000]:
        raise Refused(refusals.WEB_PAGE)
    if not text.startswith(b"<"):
        return
    if b"urn:oasis:names:tc:opendocument" in text:
        raise Refused(refusals.FLAT_OPENDOCUMENT)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        raise Refused(refusals.XML_SPREADSHEET)
    if re.match(rb"<(?:!doctype html|html|head|body|meta|table|div|style|!--)", text) or b"<table" in text:
        raise Refused(refusals.WEB_PAGE)
    raise Refused(refusals.other("XML 文件", "an XML file"))


def check_package(package: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse a package no honest program wrote.

    Raises:
        Refused: too many or too large parts, parts that share a name, entities declared.
    """
    entries = package.infolist()
    if len(entries) > limits.entries:
        raise Refused(refusals.too_large(f"{len(entries)} 个部件", f"{len(entries)} parts", limits.entries))
    total = sum(entry.file_size for entry in entries)
    if total > limits.expanded:
        raise Refused(
            refusals.too_large(f"解压后 {total // MIB} MB", f"{total // MIB} MB unpacked", limits.expanded // MIB)
        )
    for entry in entries:
        if entry.file_size > 32 * MIB and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise Refused(refusals.BOMB, entry.filename[:100])
        if entry.flag_bits & 1:
            raise Refused(refusals.ENCRYPTED)
    names = [entry.filename.lower().lstrip("/") for entry in entries]
    if len(set(names)) != len(names):
        raise Refused(refusals.AMBIGUOUS)
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels", ".vml")) and entry.file_size:
            _no_entities(package, entry)


def _no_entities(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with package.open(entry) as file:
        head = file.read(4096)
    if _DECLARATION.search(head) or _DECLARATION.search(head.replace(b"\0", b"")):
        raise Refused(refusals.ENTITIES)
