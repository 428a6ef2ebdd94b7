"""The scan of a sheet that is not written the way Excel writes it: element by element."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from typing import IO

from flows.steps.workbook import refusals
from flows.steps.workbook.model import Refused
from flows.steps.workbook.package import local
from flows.steps.workbook.scanned import Cell, Scan, area


def scan_elements(stream: IO[bytes], zero_styles: dict[str, int]) -> Scan:
    """Scan a sheet: any prefix, quotes, order of attributes, rows without numbers."""
    found = Scan(regular=False)
    row, column, stack = -1, -1, []
    for event, element in ElementTree.iterparse(stream, events=("start", "end")):  # noqa: S314 - see the guard
        name = local(element.tag)
        if event == "start":
            stack.append(element)
            if name == "row":
                row, column = _row_number(element, row), -1
                found.rows += 1
                if element.get("hidden") in ("1", "true"):
                    found.hidden_rows.append(row)
            continue
        stack.pop()
        if name == "c":
            row, column = _cell_position(element, row, column)
            found.last_row, found.last_column = max(found.last_row, row), max(found.last_column, column)
            _element(element, (row, column), found, zero_styles)
        else:
            _surroundings(name, element, found)
        if name in ("row", "c") and stack:
            stack[-1].remove(element)
    return found


def _surroundings(name: str, element: ElementTree.Element, found: Scan) -> None:
    """What stands before and after the cells."""
    if name == "col":
        if element.get("hidden") in ("1", "true"):
            found.hidden_columns.append((int(element.attrib["min"]) - 1, int(element.attrib["max"]) - 1))
    elif name == "mergeCell":
        if (merge := area(element.get("ref", "").encode())) is not None:
            found.merges.append(merge)
    elif name == "autoFilter":
        found.autofilter = True
    elif name == "tablePart":
        found.tables = True


def _row_number(element: ElementTree.Element, row: int) -> int:
    number = element.get("r")
    if number is None:
        return row + 1
    if not re.fullmatch(r"[1-9][0-9]{0,6}", number):
        raise Refused(refusals.DAMAGED, "a row no sheet has")
    return int(number) - 1


def _cell_position(element: ElementTree.Element, row: int, column: int) -> Cell:
    reference = element.get("r")
    if reference is None:
        return row, column + 1
    place = area(reference.encode())
    if place is None:
        raise Refused(refusals.DAMAGED, "a cell no sheet has")
    return place.top, place.left


def _element(cell: ElementTree.Element, where: Cell, found: Scan, zero_styles: dict[str, int]) -> None:
    children = {local(child.tag): (child.text or "") for child in cell}
    kind, value = cell.get("t", "n"), children.get("v", "").strip()
    if "f" in children and not value and (kind != "str" or "v" not in children):
        found.formulas[where] = "=" + children["f"]
    elif kind == "e":
        found.errors[where] = value
    elif kind == "n" and value:
        if value.isascii() and value.isdigit() and cell.get("s") in zero_styles:
            found.padded[where] = value.rjust(zero_styles[cell.get("s", "")], "0")
        if re.fullmatch(r"[0-9.]{9,}|-?[0-9.]+[Ee]\+?[0-9]+", value) and not re.fullmatch("1[3-9][0-9]{9}", value):
            found.numbers[where] = value
