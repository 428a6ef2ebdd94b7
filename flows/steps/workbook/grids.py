"""The cells of a workbook as columns of text, whatever its format; row 0 of a grid is row 1 of Excel."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow as pa

from flows.steps.workbook import guard, opendocument, package, prescan, refusals, textfile
from flows.steps.workbook.model import Format, Limits, Refused
from flows.steps.workbook.scanned import Area, Scan, check_extent

_CODES = {
    "Div0": "#DIV/0!", "NA": "#N/A", "Name": "#NAME?", "Null": "#NULL!", "Num": "#NUM!", "Ref": "#REF!",
    "Value": "#VALUE!", "GettingData": "#GETTING_DATA",
}  # fmt: skip


@dataclass
class Grid:
    """A sheet. ``columns`` holds those with any cell, by their number from 0; null where nothing stands."""

    name: str
    hidden: bool
    rows: int
    columns: dict[int, pa.Array]
    scan: Scan = field(default_factory=Scan)
    part: str | None = None
    date1904: bool = False

    @property
    def blank(self) -> bool:
        """Whether it has no cell."""
        return self.rows == 0 or not self.columns


Blank = tuple[str, Any]
"""A sheet without cells, and why (:class:`expectations.words.Words`)."""


def grids(path: Path, kind: Format, limits: Limits) -> Iterator[Grid | Blank]:
    """Every sheet of the workbook, one at a time, in its order.

    Raises:
        Refused: the workbook cannot be read, or is larger than allowed.
    """
    if kind == "csv":
        texts = textfile.rows(path, limits)
        check_extent(len(texts) - 1, max(map(len, texts), default=0) - 1, limits)
        yield rows_grid(path.stem.encode("utf-8", "replace").decode(), False, iter(texts))
    elif kind in ("xlsx", "xlsm"):
        yield from _package_grids(path, limits)
    else:
        yield from _other_grids(path, kind, limits)


def _package_grids(path: Path, limits: Limits) -> Iterator[Grid | Blank]:
    try:
        opened = zipfile.ZipFile(path)
    except package.BROKEN as error:
        raise Refused(refusals.TRUNCATED, type(error).__name__) from error
    with opened as parts:
        try:
            guard.check_package(parts, limits)
        except package.BROKEN as error:
            raise Refused(refusals.TRUNCATED, type(error).__name__) from error
        book = package.open_book(parts)
        reader = None
        for number, sheet in enumerate(book.sheets):
            if sheet.part is None:
                yield sheet.name, refusals.MISSING_SHEET if sheet.missing else refusals.CHART_SHEET
                continue
            scan = prescan.scan(parts, sheet.part, book.zero_styles, limits)
            if scan.last_row < 0:
                yield sheet.name, refusals.BLANK_SHEET
                continue
            reader = reader or _open(path, "xlsx")
            place = number if _same_sheets(reader, book) else sheet.name
            load = _load_at_once if scan.anchored else _load
            grid = load(reader, path, place, sheet.hidden)
            scan.errors = {**grid.scan.errors, **scan.errors}
            grid.name, grid.scan, grid.part, grid.date1904 = sheet.name, scan, sheet.part, book.date1904
            _make_room(grid)
            yield grid


def _make_room(grid: Grid) -> None:
    """Rows below the last value that hold formulas without a result are rows all the same."""
    rows = max((row + 1 for row, _ in grid.scan.formulas), default=0)
    if rows > grid.rows:
        for number, column in grid.columns.items():
            grid.columns[number] = pa.concat_arrays([column, pa.nulls(rows - grid.rows, column.type)])
        grid.rows = rows


def _same_sheets(reader: Any, book: package.Book) -> bool:
    return list(reader.sheet_names) == [sheet.name for sheet in book.sheets]


_SUFFIXES: dict[Format, tuple[str, ...]] = {
    "xlsx": (".xlsx", ".xlsm"), "xlsm": (".xlsx", ".xlsm"), "xlsb": (".xlsb",), "xls": (".xls",), "ods": (".ods",),
}  # fmt: skip


def source_of(path: Path, kind: Format) -> str | bytes:
    """What the native readers are given: they go by a file's name where they know it, else by its content."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return path.read_bytes()
    return str(path) if path.suffix.lower() in _SUFFIXES[kind] else path.read_bytes()


def _open(path: Path, kind: Format) -> Any:
    try:
        return fastexcel.read_excel(source_of(path, kind))
    except fastexcel.FastExcelError as error:
        raise Refused(_words_of(error), _detail(error)) from error


def _words_of(error: Exception) -> Any:
    text = str(error).lower()
    if "password" in text or "encrypt" in text:
        return refusals.ENCRYPTED
    return refusals.DAMAGED


def _detail(error: Exception) -> str:
    # The text of a reader's error may quote a cell: only its kind is told.
    return type(error).__name__


def _load_at_once(reader: Any, path: Path, sheet: int | str, hidden: bool) -> Grid:
    """As :func:`_load` and cheaper, for a sheet whose first column is A; errors are left to the scan."""
    try:
        batch = reader.load_sheet_eager(sheet, header_row=None, skip_rows=0, dtypes="string", schema_sample_rows=1)
    except fastexcel.FastExcelError as error:
        return _load_slowly(path, sheet, hidden, error)
    return Grid("", hidden, batch.num_rows, dict(enumerate(batch.columns)))


def _load(reader: Any, path: Path, sheet: int | str, hidden: bool) -> Grid:
    """One sheet through the fast reader; where that cannot, through the slow one."""
    try:
        loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string", schema_sample_rows=1)
        batch, failures = loaded.to_arrow_with_errors()
    except fastexcel.FastExcelError as error:
        return _load_slowly(path, sheet, hidden, error)
    names = [column.absolute_index for column in loaded.selected_columns]
    grid = Grid(
        loaded.name, hidden or loaded.visible != "visible", batch.num_rows, dict(zip(names, batch.columns, strict=True))
    )
    for failure in failures.errors if failures else ():
        row, column = failure.position
        code = failure.detail.partition("Error(")[2].partition(")")[0]
        if code:
            grid.scan.errors[row, names[column]] = _CODES.get(code, f"#{code.upper()}")
    return grid


def _load_slowly(path: Path, sheet: int | str, hidden: bool, reason: Exception) -> Grid:
    import openpyxl

    try:
        with path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            page = book.worksheets[sheet] if isinstance(sheet, int) else book[sheet]
            page.reset_dimensions()
            return rows_grid(page.title, hidden, page.iter_rows(values_only=True))
    except Exception as error:
        # Any error of any kind: openpyxl was the last to try, and the file is at fault.
        raise Refused(refusals.DAMAGED, f"{_detail(reason)}, {type(error).__name__}") from error


def shown(value: object) -> str | None:
    """A typed cell as its text."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def rows_grid(name: str, hidden: bool, rows: Iterator[Sequence[object]]) -> Grid:
    """A grid of typed rows, the first of which is Excel's first."""
    kept = [list(row) for row in rows]
    while kept and not any(value not in (None, "") for value in kept[-1]):
        kept.pop()
    grid = Grid(name, hidden, len(kept), {})
    for number, column in enumerate(zip_longest(*kept)):
        texts = [shown(value) for value in column]
        if any(texts):
            grid.columns[number] = pa.array(texts, pa.large_string())
            grid.scan.last_column = number
        for row, value in enumerate(column):
            if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 1_000_000:
                grid.scan.numbers[row, number] = texts[row] or ""
    grid.scan.last_row = len(kept) - 1
    return grid


def _other_grids(path: Path, kind: Format, limits: Limits) -> Iterator[Grid | Blank]:
    """Sheets of .xls, .xlsb and .ods."""
    import python_calamine as calamine

    scans = _scans(path, kind, limits)
    try:
        source = source_of(path, kind)
        book = calamine.load_workbook(io.BytesIO(source) if isinstance(source, bytes) else source)
    except calamine.PasswordError as error:
        raise Refused(refusals.ENCRYPTED) from error
    except (calamine.CalamineError, OSError) as error:
        raise Refused(refusals.DAMAGED, _detail(error)) from error
    reader = None
    for number, metadata in enumerate(book.sheets_metadata):
        if metadata.typ != calamine.SheetTypeEnum.WorkSheet:
            yield metadata.name, refusals.CHART_SHEET
            continue
        try:
            sheet = book.get_sheet_by_index(number)
        except (calamine.CalamineError, OSError) as error:
            raise Refused(refusals.DAMAGED, _detail(error)) from error
        if sheet.end is None:
            yield metadata.name, refusals.BLANK_SHEET
            continue
        check_extent(*sheet.end, limits)
        hidden = metadata.visible != calamine.SheetVisibleEnum.Visible
        grid = rows_grid(metadata.name, hidden, iter(sheet.to_python(skip_empty_area=False)))
        grid.scan.merges = [Area(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
        reader = reader or _open(path, kind)
        grid.scan.errors = _load(reader, path, number, hidden).scan.errors
        if number < len(scans):
            scan = scans[number]
            grid.scan.errors |= scan.errors
            grid.scan.merges += scan.merges
            grid.scan.hidden_rows, grid.scan.hidden_columns = scan.hidden_rows, scan.hidden_columns
        for _, column in grid.scan.errors:
            grid.columns.setdefault(column, pa.nulls(grid.rows, pa.large_string()))
        yield grid


def _scans(path: Path, kind: Format, limits: Limits) -> list[Scan]:
    """What is known of the sheets before the reader touches them, where the format is scanned."""
    if kind not in ("xlsb", "ods"):
        return []
    try:
        with zipfile.ZipFile(path) as parts:
            guard.check_package(parts, limits)
            return opendocument.scan(parts, limits) if kind == "ods" else []
    except package.BROKEN as error:
        raise Refused(refusals.TRUNCATED, type(error).__name__) from error
