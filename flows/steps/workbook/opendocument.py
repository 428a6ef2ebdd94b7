"""What the reader does not tell of the sheets of an OpenDocument workbook: errors, merges, hidden rows, true extent."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
import zipfile

from flows.steps.workbook import refusals
from flows.steps.workbook.model import Limits, Refused
from flows.steps.workbook.package import BROKEN, local
from flows.steps.workbook.scanned import Area, Scan, check_extent

_CELLS = ("table-cell", "covered-table-cell")


def scan(package: zipfile.ZipFile, limits: Limits) -> list[Scan]:
    """One scan for each sheet, in order.

    Raises:
        Refused: the content is broken, or a sheet is larger than allowed.
    """
    found: list[Scan] = []
    row, column, inside = 0, 0, 0
    try:
        with package.open("content.xml") as stream:
            for event, element in ElementTree.iterparse(stream, events=("start", "end")):  # noqa: S314 - see the guard
                name = local(element.tag)
                if name == "table":
                    inside += 1 if event == "start" else -1
                    if event == "start" and inside == 1:
                        found.append(Scan())
                        row, column = 0, 0
                    elif inside == 0:
                        check_extent(found[-1].last_row, found[-1].last_column, limits)
                        element.clear()
                elif event == "end" and inside == 1:
                    if name == "table-row":
                        row += _row(element, row, found[-1])
                        element.clear()
                    elif name == "table-column":
                        column += _column(element, column, found[-1])
    except (ElementTree.ParseError, *BROKEN) as error:
        raise Refused(refusals.DAMAGED, f"{type(error).__name__} in content.xml") from error
    return found


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    """Attributes without namespace; the office's own ``value-type`` is told from Calc's, which knows errors."""
    return {
        ("calc-type" if "calc" in key and key.endswith("}value-type") else local(key)): value
        for key, value in element.items()
    }


def _times(attributes: dict[str, str], name: str) -> int:
    return max(1, int(attributes.get(name, "1")))


def _row(element: ElementTree.Element, row: int, found: Scan) -> int:
    """Note what stands in a row; how many rows it is repeated over."""
    attributes = _attributes(element)
    times = _times(attributes, "number-rows-repeated")
    column, filled = 0, False
    for cell in element:
        if local(cell.tag) not in _CELLS:
            continue
        about = _attributes(cell)
        across = _times(about, "number-columns-repeated")
        if "value-type" in about or len(cell):
            filled = True
            found.last_column = max(found.last_column, column + across - 1)
            if about.get("calc-type") == "error":
                found.errors[row, column] = "".join(cell.itertext()).strip() or "#N/A"
            down = _times(about, "number-rows-spanned")
            if down > 1 or _times(about, "number-columns-spanned") > 1:
                right = column + _times(about, "number-columns-spanned") - 1
                found.merges.append(Area(row, column, row + down - 1, right))
        column += across
    if filled:
        found.last_row = row + times - 1
        if attributes.get("visibility", "visible") != "visible":
            found.hidden_rows += range(row, row + min(times, 1 << 20))
    return times


def _column(element: ElementTree.Element, first: int, found: Scan) -> int:
    """Note a hidden column; how many columns it is repeated over."""
    attributes = _attributes(element)
    times = _times(attributes, "number-columns-repeated")
    if attributes.get("visibility", "visible") != "visible":
        found.hidden_columns.append((first, first + times - 1))
    return times
