"""The parts of an Office Open XML package the reader needs to know: its sheets, and formats that show leading zeros."""

from __future__ import annotations

import lzma
import posixpath
import re
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from dataclasses import dataclass

from flows.steps.workbook import refusals
from flows.steps.workbook.model import MIB, Refused

_SMALL = 32 * MIB
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, ValueError, LookupError)
"""What Python raises of a package that is broken: the archive, its compression, its encodings and numbers."""
_LEADING_ZEROS = re.compile(r"0{2,}(?:_[^;]|\\ )?(?:;.*)?")


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook names it; ``part`` is None for charts and macros, and where it is not there."""

    name: str
    part: str | None
    hidden: bool
    missing: bool = False


@dataclass(frozen=True)
class Book:
    """What the workbook part says."""

    sheets: tuple[SheetPart, ...]
    date1904: bool
    zero_styles: dict[str, int]
    """Style ids whose number format pads with zeros, with the digits shown."""


def local(tag: str) -> str:
    """The name of an element or attribute without its namespace."""
    return tag.rpartition("}")[2]


def _parse(package: zipfile.ZipFile, names: dict[str, str], part: str) -> ElementTree.Element | None:
    name = names.get(part.lower())
    if name is None:
        return None
    if package.getinfo(name).file_size > _SMALL:
        raise Refused(refusals.too_large(f"部件 {part}", f"part {part}", _SMALL))
    # Entities were refused by the guard, and expat resolves nothing external.
    return ElementTree.fromstring(package.read(name))  # noqa: S314


def _relations(package: zipfile.ZipFile, names: dict[str, str], part: str) -> dict[str, tuple[str, str]]:
    """Type and target part by relation id."""
    folder, name = posixpath.split(part)
    root = _parse(package, names, f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels")
    found = {}
    for relation in root if root is not None else ():
        if relation.get("TargetMode") == "External":
            continue
        target = (relation.get("Target") or "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[relation.get("Id") or ""] = (local_type(relation.get("Type") or ""), path)
    return found


def local_type(address: str) -> str:
    """The last part of a relation's type: ``worksheet``, ``chartsheet``, ``styles``."""
    return address.rpartition("/")[2]


def open_book(package: zipfile.ZipFile) -> Book:
    """Sheets and styles of the workbook.

    Raises:
        Refused: the package has no workbook, or its parts cannot be parsed.
    """
    names = {name.lower().lstrip("/"): name for name in package.namelist()}
    try:
        main = next(
            (path for kind, path in _relations(package, names, "").values() if kind == "officeDocument"),
            "xl/workbook.xml",
        )
        root = _parse(package, names, main)
        relations = _relations(package, names, main)
        if root is None:
            raise Refused(refusals.DAMAGED, "no workbook part")
        styles = next((path for kind, path in relations.values() if kind == "styles"), "xl/styles.xml")
        zero_styles = _zero_styles(_parse(package, names, styles))
    except (ElementTree.ParseError, *BROKEN) as error:
        raise Refused(refusals.DAMAGED, f"{type(error).__name__} in the workbook's own parts") from error
    date1904, sheets = False, []
    for element in root.iter():
        if local(element.tag) == "workbookPr":
            date1904 = element.get("date1904") in ("1", "true")
        elif local(element.tag) == "sheet":
            sheets.append(_sheet(element, relations, names))
    return Book(tuple(sheets), date1904, zero_styles)


def _sheet(element: ElementTree.Element, relations: dict[str, tuple[str, str]], names: dict[str, str]) -> SheetPart:
    identifier = next((value for name, value in element.attrib.items() if local(name) == "id"), "")
    kind, path = relations.get(identifier, ("", ""))
    part = names.get(path.lower()) if kind == "worksheet" else None
    other = kind in ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet")
    hidden = element.get("state", "visible") != "visible"
    return SheetPart(element.get("name") or "", part, hidden, missing=part is None and not other)


def _zero_styles(root: ElementTree.Element | None) -> dict[str, int]:
    if root is None:
        return {}
    formats: dict[str, int] = {}
    styles: dict[str, int] = {}
    for element in root.iter():
        if local(element.tag) == "numFmt" and _LEADING_ZEROS.fullmatch(element.get("formatCode") or ""):
            code = (element.get("formatCode") or "").partition(";")[0]
            formats[element.get("numFmtId") or ""] = code.count("0")
        elif local(element.tag) == "cellXfs":
            for index, style in enumerate(element):
                if style.get("numFmtId") in formats:
                    styles[str(index)] = formats[style.get("numFmtId") or ""]
    return styles
