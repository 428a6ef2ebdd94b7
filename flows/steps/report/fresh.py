"""Where the sender's file cannot be patched: a plain workbook with all its data, to be patched instead."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import python_calamine
import xlsxwriter

from expectations.rule import Words
from flows.steps.coordinates import LAST_ROW
from flows.steps.own import is_own_sheet
from flows.steps.report.writing import FONT, readable
from flows.steps.workbook import Limits, grids, textfile

if TYPE_CHECKING:
    from flows.steps.workbook import Reading

_WHY = Words("原文件为 .{format} 格式", "the original is an .{format} file")


def why_fresh(reading: Reading, language: str) -> str:
    """Why the file cannot be patched by its format alone; empty for a package of today's kind."""
    if reading.format in ("xlsx", "xlsm"):
        return ""
    return _WHY(language).format(format=reading.format)


def unpatchable(reason: str, language: str) -> str:
    """Why the file's own parts could not be patched, in words for the sender."""
    if language != "zh":
        return reason
    return "原文件采用 Strict OOXML 格式" if "strict" in reason else "原文件的内部写法特殊，原样修改会有损坏的风险"


def write_base(reading: Reading, path: Path) -> None:
    """All sheets of the source as a plain workbook, every row and column where it was."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        plain = book.add_format({"font_name": FONT, "font_size": 10})
        header = book.add_format({"font_name": FONT, "font_size": 10, "bold": True, "bg_color": "#DDEBF7", "bottom": 1})
        day = book.add_format({"font_name": FONT, "font_size": 10, "num_format": "yyyy-mm-dd"})
        moment = book.add_format({"font_name": FONT, "font_size": 10, "num_format": "yyyy-mm-dd hh:mm:ss"})
        filings = {sheet.name: sheet for sheet in reading.sheets}
        for name, rows in _sheets(reading):
            sheet = book.add_worksheet(safe_name(name))
            known = filings.get(name)
            header_row = known.header_row if known else 0
            if known:
                sheet.freeze_panes(header_row, 0)
                sheet.set_column(0, known.last_column, 18)
            for place, row in enumerate(rows):
                form = header if place + 1 <= header_row else plain
                for column, value in enumerate(row):
                    _put(sheet, place, column, value, (form, day, moment))


def _put(sheet: Any, row: int, column: int, value: Any, formats: tuple[Any, Any, Any]) -> None:
    plain, day, moment = formats
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, plain)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, plain)
    elif isinstance(value, (datetime, date)) and value.year >= 1900:
        sheet.write_datetime(row, column, value, moment if isinstance(value, datetime) else day)
    elif isinstance(value, (time, timedelta)):
        sheet.write_string(row, column, str(value), plain)
    else:
        sheet.write_string(row, column, readable(str(value)), plain)


def safe_name(name: str) -> str:
    """A name Excel allows a sheet; a text file's own name may be none."""
    safe = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "_", name).strip("'")[:31] or "Sheet1"
    return f"_{safe[:30]}" if is_own_sheet(safe) or safe.casefold() == "history" else safe


def _sheets(reading: Reading) -> Iterator[tuple[str, Iterable[list[Any]]]]:
    if reading.format == "csv":
        yield reading.sheets[0].name, islice(textfile.rows(reading.path, Limits()), LAST_ROW)
        return
    source = grids.source_of(reading.path, reading.format)
    book = python_calamine.load_workbook(io.BytesIO(source) if isinstance(source, bytes) else source)
    for name in book.sheet_names:
        if not is_own_sheet(name):
            try:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            except python_calamine.CalamineError:
                rows = []  # a chart sheet, or one no filing was read from
            yield name, rows
