"""What stands around the rows of a sheet: widths, filter, drop-down, links; the rest is kept as it was."""

from __future__ import annotations

from itertools import pairwise

from lxml import etree

from flows.steps import own
from flows.steps.coordinates import area, bounds
from flows.steps.report import words
from flows.steps.report.markup import MAIN, MOST_LINKS, RELATIONSHIPS
from flows.steps.report.package import child_of
from flows.steps.report.plan import Plan, width_of

ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
    "tableParts", "extLst",
)  # fmt: skip
"""Of a worksheet's children (ECMA-376 part 1, CT_Worksheet)."""


def _tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def child(root: etree._Element, name: str) -> etree._Element:
    """The worksheet's child ``name``, put where the schema wants it if there is none."""
    # mc:AlternateContent stands among the objects at the end, never before one of ours.
    return child_of(root, name, {*ORDER[ORDER.index(name) + 1 :], "AlternateContent"})


def edit_head(root: etree._Element, plan: Plan) -> None:
    """Extent, selection and column widths."""
    dimension = root.find(_tag("dimension"))
    if dimension is not None:
        dimension.set("ref", area(0, 1, plan.last_of_all, max(plan.last_row, plan.header_row)))
    if plan.deselect:
        for view in root.iter(_tag("sheetView")):
            view.attrib.pop("tabSelected", None)
    if plan.positions:
        _set_widths(child(root, "cols"), plan)


def column_formats(root: etree._Element) -> list[tuple[int, int, int]]:
    """First column, last column and format of the columns that have one."""
    return [
        (int(column.get("min", "1")) - 1, int(column.get("max", "1")) - 1, int(column.get("style", "0")))
        for column in root.iter(_tag("col"))
        if "style" in column.attrib
    ]


def _set_widths(columns: etree._Element, plan: Plan) -> None:
    for column in list(columns):
        first, last = int(column.get("min", "1")) - 1, int(column.get("max", "1")) - 1
        cut = [place for place in sorted(plan.mine) if first <= place <= last]
        if not cut:
            continue
        edges = [first - 1, *cut, last + 1]
        for before, after in pairwise(edges):
            if after - before > 1:
                piece = etree.Element(_tag("col"), dict(column.attrib))
                piece.set("min", str(before + 2))
                piece.set("max", str(after))
                columns.append(piece)
        columns.remove(column)
    for key, place in plan.positions.items():
        at = str(place + 1)
        columns.append(
            etree.Element(_tag("col"), min=at, max=at, width=str(width_of(key, plan.language)), customWidth="1")
        )
    columns[:] = sorted(columns, key=lambda column: int(column.get("min", "1")))


LINKS_HERE = "links"
"""A comment that stands where links are to be written: of many, none is held as an element."""


def edit_tail(root: etree._Element, plan: Plan, links: int) -> tuple[str, int]:
    """Filter, drop-down, comments and room for ``links``; gives the filtered area and how many links fit."""
    filtered = ""
    if plan.positions:
        filtered = _filter(root, plan)
        _validate(root, plan)
    fitting = _room_for_links(root, links)
    if plan.notes:
        child(root, "legacyDrawing").set(f"{{{RELATIONSHIPS}}}id", plan.notes)
    return filtered, fitting


def _filter(root: etree._Element, plan: Plan) -> str:
    """A filter over all columns, ours too; where a table has its own, over ours."""
    existing = root.find(_tag("autoFilter"))
    if existing is not None:
        first, top, last, bottom = bounds(existing.get("ref", "A1"))
        filtered = area(first, top, max(last, *plan.mine), bottom)
        existing.set("ref", filtered)
        return filtered
    under_a_table = any(top <= plan.header_row <= bottom for _, top, _, bottom in map(bounds, plan.table_areas))
    first = min(plan.mine) if under_a_table else 0
    filtered = area(first, plan.header_row, plan.last_of_all, max(plan.last_row, plan.header_row))
    child(root, "autoFilter").set("ref", filtered)
    return filtered


def _validate(root: etree._Element, plan: Plan) -> None:
    language, place = plan.language, plan.positions["adopt"]
    choices = [f'"{words.ADOPT(code)},{words.DECLINE(code)}"' for code in ("zh", "en")]
    group = child(root, "dataValidations")
    for old in list(group):
        formula = old.find(_tag("formula1"))
        if formula is not None and formula.text in choices and plan.own_columns:
            group.remove(old)
        elif rest := _beside(old.get("sqref", ""), place):
            old.set("sqref", rest)
        else:
            group.remove(old)
    rule = etree.SubElement(
        group, _tag("dataValidation"), type="list", allowBlank="1", showInputMessage="1", showErrorMessage="1",
        promptTitle=words.ADOPT_TITLE(language), prompt=words.ADOPT_HINT(language),
        sqref=area(place, plan.header_row + 1, place, max(plan.last_row, plan.header_row + 1)),
    )  # fmt: skip
    etree.SubElement(rule, _tag("formula1")).text = f'"{words.ADOPT(language)},{words.DECLINE(language)}"'
    group.set("count", str(len(group)))


def _beside(references: str, column: int) -> str:
    """The areas without a column of ours: of two rules for a cell, Excel keeps to either."""
    kept: list[str] = []
    for reference in references.split():
        try:
            first, top, last, bottom = bounds(reference)
        except ValueError:  # whole columns or rows, as no common program writes them
            first = last = -1
        if first <= column <= last:
            parts = ((first, column - 1), (column + 1, last))
            kept += [area(start, top, end, bottom) for start, end in parts if start <= end]
        else:
            kept.append(reference)
    return " ".join(kept)


def _room_for_links(root: etree._Element, links: int) -> int:
    existing = root.find(_tag("hyperlinks"))
    if existing is not None:
        for link in list(existing):
            sheet = link.get("location", "").rpartition("!")[0].strip("'").replace("''", "'")
            if own.is_own_sheet(sheet):
                existing.remove(link)
    kept = len(existing) if existing is not None else 0
    fitting = min(links, max(0, MOST_LINKS - kept))
    if fitting:
        child(root, "hyperlinks").append(etree.Comment(LINKS_HERE))
    elif existing is not None and not kept:
        root.remove(existing)
    return fitting
