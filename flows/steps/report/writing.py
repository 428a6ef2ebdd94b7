"""What the added sheets are written with: what they tell, formats, cells in any order, headers, heights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from flows.steps.report.facts import ReportFacts
from flows.steps.report.listing import LINE_HEIGHT
from flows.steps.report.markup import cut, lines_of, quoted
from flows.steps.report.masking import mask
from flows.steps.report.tally import Tally

FONT = "Microsoft YaHei"
_HEADER = {
    "bold": True, "bg_color": "#305496", "font_color": "#FFFFFF", "text_wrap": True, "border": 1,
    "border_color": "#B4C6E7",
}  # fmt: skip
LINE = {"valign": "top", "text_wrap": True, "bottom": 1, "bottom_color": "#D9D9D9"}
"""Of a cell of a list."""


@dataclass(frozen=True)
class Sheets:
    """What the added sheets are made of."""

    tally: Tally
    facts: ReportFacts
    workbook: str
    how: str
    why: str
    sheets: Mapping[str, str]
    """The sender's sheets with filings, and the cell where our columns begin."""
    adopted: pd.DataFrame | None = None
    """Suggested values taken over: sheet, row, key, before, after."""
    skipped: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    """What was noticed on reading the sheets: columns missing or not known, rows and columns that are hidden."""


class Formats:
    """Formats by what they are for, made when first asked for."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def __call__(self, **properties: Any) -> Any:
        key = repr(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
            self._made[key] = self._book.add_format(base | properties)
        return self._made[key]

    def text(self, **properties: Any) -> Any:
        # A quote prefix keeps text text when somebody edits the cell.
        return self(quote_prefix=True, **properties)

    @property
    def header(self) -> Any:
        return self.text(**_HEADER)

    @property
    def right_header(self) -> Any:
        """Over numbers."""
        return self.text(align="right", **_HEADER)


@dataclass(frozen=True)
class _Link:
    sheet: str
    cell: str
    text: str


@dataclass(frozen=True)
class _Paragraph:
    last: int
    text: str


class Page:
    """A sheet whose cells are written in any order and kept in Excel's."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self._cells: dict[tuple[int, int], tuple[Any, Any]] = {}

    def put(self, row: int, column: int, value: Any, form: Any) -> None:
        self._cells[row, column] = (value, form)

    def link(self, row: int, column: int, sheet: str, cell: str, text: str, formats: Formats) -> None:
        """A link to a cell of another sheet."""
        self._cells[row, column] = (_Link(sheet, cell, text), formats(font_color="#0563C1", underline=1))

    def paragraph(self, row: int, last: int, width: int, text: str, form: Any) -> None:
        """Text over the columns from the first to ``last``, ``width`` digits together, in as many lines as it needs."""
        self.sheet.set_row(row, height([(text, width)]))
        self._cells[row, 0] = (_Paragraph(last, text), form)

    def close(self) -> None:
        """Write what was put."""
        for (row, column), (value, form) in sorted(self._cells.items(), key=lambda cell: cell[0]):
            if isinstance(value, _Link):
                self.sheet.write_url(row, column, f"internal:{quoted(value.sheet)}!{value.cell}", form, value.text)
            elif isinstance(value, _Paragraph):
                self.sheet.merge_range(row, column, row, value.last, "", form)
                self.sheet.write_string(row, column, readable(value.text), form)
            elif isinstance(value, str):
                self.sheet.write_string(row, column, readable(value), form)
            elif value is None:
                self.sheet.write_blank(row, column, None, form)
            else:
                self.sheet.write_number(row, column, value, form)


def readable(text: str, hide: bool = False) -> str:
    """Text XlsxWriter can write: it escapes markup and controls itself, not half surrogates or overlong text."""
    return cut(mask(text) if hide else text).encode("utf-8", "replace").decode("utf-8")


def printed(sheet: Any, paper: int) -> None:
    """On paper: landscape A3 (8) or A4 (9), as wide as the page, the header on each."""
    sheet.set_landscape()
    sheet.set_paper(paper)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def headed(sheet: Any, formats: Formats, columns: Sequence[tuple[str, int]], frozen: int, paper: int) -> None:
    """A header over columns (label, width) that stays in sight with the first ``frozen`` of them."""
    sheet.freeze_panes(1, frozen)
    sheet.set_row(0, 24)
    printed(sheet, paper)
    for column, (label, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, label, formats.header)


def height(texts: Iterable[tuple[str, int]]) -> float:
    """Of a row, for its wrapped texts given with the widths of their columns."""
    return min(409.0, LINE_HEIGHT * max(lines_of(text, width) for text, width in texts))
