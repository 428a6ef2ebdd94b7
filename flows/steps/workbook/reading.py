"""A workbook read in this process: guard, scan, fast reader, layout, canonical form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.cells import canonical
from expectations.filing import COLUMNS
from expectations.words import Words
from flows.steps.coordinates import letters
from flows.steps.own import is_own_sheet
from flows.steps.workbook import damage, guard, layout, records, refusals
from flows.steps.workbook.grids import Grid, grids
from flows.steps.workbook.layout import Header
from flows.steps.workbook.merged import Merged
from flows.steps.workbook.model import Limits, Reading, Refused, Sheet

_TEXT = pa.large_string()
_SERIAL_1904 = 1462
"""Days between the two epochs of Excel."""


@dataclass
class _Part:
    """One sheet's filings."""

    sheet: Sheet
    row: np.ndarray
    filings: dict[str, pa.Array]
    typed: dict[str, pa.Array]
    damaged: pa.Array


def read(path: Path, workbook: str, limits: Limits | None = None) -> Reading:
    """Read a workbook in this process.

    Raises:
        Refused: it cannot be read, is beyond the limits, or holds no filings.
    """
    limits = limits or Limits()
    try:
        kind = guard.detect(path)
    except OSError as error:
        raise Refused(refusals.GONE, type(error).__name__) from error
    parts: list[_Part] = []
    skipped: list[tuple[str, Words]] = []
    notes: list[Words] = []
    for grid in grids(path, kind, limits):
        name = _clean(grid.name if isinstance(grid, Grid) else grid[0])
        if is_own_sheet(name):
            skipped.append((name, refusals.OWN_SHEET))
        elif isinstance(grid, Grid):
            grid.name = name
            read_sheet = _sheet(grid, notes)
            if isinstance(read_sheet, _Part):
                parts.append(read_sheet)
            else:
                skipped.append((name, read_sheet))
        else:
            skipped.append((name, grid[1]))
    if not parts:
        raise Refused(refusals.no_filings(skipped))
    filings, typed = _tables(parts, workbook)
    return Reading(
        path, workbook, kind, tuple(part.sheet for part in parts), tuple(skipped), filings, typed, tuple(notes)
    )


def _clean(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _sheet(grid: Grid, notes: list[Words]) -> _Part | Words:
    """The filings of a sheet, or why it has none."""
    if grid.blank:
        return refusals.BLANK_SHEET
    top = min(grid.rows, layout.HEADER_ROWS + 1)
    width = max(grid.columns) + 1
    rows = [[""] * width for _ in range(top)]
    for number, column in grid.columns.items():
        for row, text in enumerate(column.slice(0, top).to_pylist()):
            rows[row][number] = (text or "").strip()
    header = layout.find_header(rows, grid.scan.merges)
    if header is None:
        return _no_header(rows)
    _choose_between_duplicates(grid, header)
    header.columns = {key: column for key, column in header.columns.items() if column in grid.columns}
    start = header.row + 1
    typed, damaged, merged = _typed(grid, header, start)
    forms = {key: _canonical(key, column, damaged.get(key), grid.date1904) for key, column in typed.items()}
    kept = records.filings(grid, header, forms, damaged, start)
    said = records.told(kept, start, grid.name)
    if not kept.rows.any():
        return refusals.NO_ROWS
    notes += [*_header_notes(grid, header), *said]
    return _part(grid, header, start, kept.rows, typed, forms, damaged, merged, notes)


def _no_header(rows: Sequence[Sequence[str]]) -> Words:
    fullest = max(rows, key=lambda row: sum(bool(text) for text in row))
    found = [text[:20] for text in fullest if text][:8]
    unknown = [text for text in found if layout.known(text) is None]
    alike = layout.look_alikes(unknown, [key for key, column in COLUMNS.items() if column.organisation == "required"])
    # Cells of data are not quoted: where nothing looks like a header, nothing is shown.
    headers = [text for text in found if not any(letter.isdigit() for letter in text)]
    return refusals.no_header(headers, [(text, COLUMNS[key].zh) for key, text in alike.items()][:3])


def _choose_between_duplicates(grid: Grid, header: Header) -> None:
    """Of two columns with one header, the one that holds anything; the first where both do."""
    for key, other in header.duplicates:
        chosen = grid.columns.get(header.columns[key])
        rival = grid.columns.get(other)
        start = header.row + 1
        if rival is None:
            continue
        if chosen is None or _filled(chosen, start) == 0 < _filled(rival, start):
            header.columns[key] = other


def _filled(column: pa.Array, start: int) -> int:
    rest = column.slice(start)
    return len(rest) - rest.null_count


def _typed(grid: Grid, header: Header, start: int) -> tuple[dict[str, pa.Array], dict[str, np.ndarray], Merged]:
    """Each of our columns as the sender sees it, from row ``start`` on, its damage, and the areas that were filled."""
    spoilt = damage.spoilt(grid, header.columns)
    typed: dict[str, pa.Array] = {}
    damaged: dict[str, np.ndarray] = {}
    merged: list[tuple[int, int, int]] = []
    for key, number in header.columns.items():
        column = grid.columns[number]
        kinds = None
        if key in spoilt:
            column = damage.put(column, spoilt[key].shown)
            kinds = np.zeros(grid.rows, np.int8)
            kinds[list(spoilt[key].kinds)] = list(spoilt[key].kinds.values())
        areas = [area for area in grid.scan.merges if area.left == number and start <= area.top < area.bottom]
        if areas:
            source = np.arange(grid.rows)
            for area in areas:
                source[area.top : area.bottom + 1] = area.top
            column = column.take(pa.array(source))
            kinds = None if kinds is None else kinds[source]
            merged += [(number, area.top + 1, area.bottom + 1) for area in areas]
        column = column.slice(start)
        column = (column.fill_null("") if column.null_count else column).cast(_TEXT)
        typed[key] = _without_midnight(column) if COLUMNS[key].kind == "date" else column
        texts = damage.kinds_of_text(key, typed[key])
        kinds = texts if kinds is None else kinds[start:] if texts is None else np.maximum(kinds[start:], texts)
        if kinds is not None and kinds.any():
            damaged[key] = kinds
    return typed, damaged, Merged(tuple(sorted(merged)))


def _without_midnight(column: pa.Array) -> pa.Array:
    """A date cell without the time of day it does not show."""
    midnight = pc.ends_with(column, " 00:00:00")
    if not pc.any(midnight).as_py():
        return column
    return pc.if_else(midnight, pc.utf8_slice_codeunits(column, 0, 10), column)


def _canonical(key: str, typed: pa.Array, damaged: np.ndarray | None, date1904: bool) -> pa.Array:
    if damaged is not None:
        typed = pc.if_else(pa.array(damaged > 0), pa.scalar("", _TEXT), typed)
    if date1904 and COLUMNS[key].kind == "date":
        typed = _since_1900(typed)
    return canonical(COLUMNS[key], typed)


def _since_1900(typed: pa.Array) -> pa.Array:
    """Serial numbers without a date format, counted from 1904 in this workbook, as counted from 1900."""
    serial = pc.match_substring_regex(typed, "^[0-9]{5}$")
    if not pc.any(serial).as_py():
        return typed
    days = pc.add(pc.if_else(serial, typed, "0").cast(pa.int64()), _SERIAL_1904)
    return pc.if_else(serial, days.cast(_TEXT), typed)


def _part(
    grid: Grid,
    header: Header,
    start: int,
    kept: np.ndarray,
    typed: dict[str, pa.Array],
    forms: dict[str, pa.Array],
    damaged: dict[str, np.ndarray],
    merged: Merged,
    notes: list[Words],
) -> _Part:
    places = np.flatnonzero(kept)
    hidden = [row for row in grid.scan.hidden_rows if 0 <= row - start < len(kept) and kept[row - start]]
    columns_hidden = tuple(
        key for key, column in header.columns.items() if any(a <= column <= b for a, b in grid.scan.hidden_columns)
    )
    sheet = Sheet(
        name=grid.name,
        part=grid.part,
        header_row=header.row + 1,
        columns=dict(header.columns),
        headers={key: header.texts[key] for key in header.columns},
        last_column=layout.last_column(
            [column for column in grid.columns if column not in header.own],
            [merge for merge in grid.scan.merges if merge.left not in header.own],
            [header.row, *(places + start).tolist()] if grid.scan.merges else (),
        ),
        last_cell_column=max(grid.scan.last_column, *grid.columns),
        first_row=start + int(places[0]) + 1,
        last_row=start + int(places[-1]) + 1,
        rows=len(places),
        hidden=grid.hidden,
        hidden_rows=len(hidden),
        hidden_columns=columns_hidden,
        merged=merged,
        autofilter=grid.scan.autofilter,
        tables=grid.scan.tables,
        regular=grid.scan.regular,
    )
    notes += _hidden_notes(sheet, hidden)
    broken = {key: kinds[kept] for key, kinds in damaged.items()}
    every = len(places) == len(kept)
    mask = pa.array(kept)
    return _Part(
        sheet,
        (places + start + 1).astype(np.int32),
        {key: column if every else column.filter(mask) for key, column in forms.items()},
        {key: column if every else column.filter(mask) for key, column in typed.items()},
        damage.column_of(broken, len(places)),
    )


def _hidden_notes(sheet: Sheet, rows: Sequence[int]) -> list[Words]:
    name, notes = sheet.name, []
    if sheet.hidden:
        notes.append(
            Words(
                f"工作表「{name}」是隐藏的，其中的备案也已检查",
                f"sheet “{name}” is hidden; its filings were judged too",
            )
        )
    if rows:
        numbers = records.row_ranges(rows)
        notes.append(
            Words(
                f"工作表「{name}」：第 {numbers} 行是隐藏行，也已检查",
                f"sheet “{name}”: hidden rows were judged too: {numbers}",
            )
        )
    if sheet.hidden_columns:
        zh, en = (
            "、".join(COLUMNS[key].zh for key in sheet.hidden_columns),
            ", ".join(COLUMNS[key].en for key in sheet.hidden_columns),
        )
        notes.append(
            Words(f"工作表「{name}」：隐藏列也已检查：{zh}", f"sheet “{name}”: hidden columns were judged too: {en}")
        )
    return notes


def _header_notes(grid: Grid, header: Header) -> list[Words]:
    """What is odd about the header."""
    name, notes = grid.name, []
    for key in dict.fromkeys(key for key, _ in header.duplicates):
        where = letters(header.columns[key])
        label = header.texts[key]
        notes.append(
            Words(
                f"工作表「{name}」：表头「{label}」出现多次，采用 {where} 列",
                f"sheet “{name}”: the header “{label}” stands more than once; column {where} was taken",
            )
        )
    missing = [
        key
        for key, column in COLUMNS.items()
        if column.organisation == column.individual == "required" and key not in header.columns
    ]
    alike = layout.look_alikes(list(header.unknown.values()), missing)
    columns = {text: letters(column) for column, text in header.unknown.items()}
    if missing:
        zh = "、".join(COLUMNS[key].zh + _near(alike.get(key), columns, "zh") for key in missing)
        en = ", ".join(COLUMNS[key].en + _near(alike.get(key), columns, "en") for key in missing)
        notes.append(
            Words(f"工作表「{name}」：缺少必填列：{zh}", f"sheet “{name}”: these required columns are missing: {en}")
        )
    if header.unknown:
        shown = [f"{letters(column)}「{text[:20]}」" for column, text in list(header.unknown.items())[:10]]
        more = " …" if len(header.unknown) > 10 else ""
        listed = "、".join(shown) + more
        notes.append(
            Words(
                f"工作表「{name}」：未识别的列，未检查：{listed}",
                f"sheet “{name}”: columns not known, not judged: {listed}",
            )
        )
    return notes


def _near(text: str | None, columns: dict[str, str], language: str) -> str:
    """The unknown header most like a missing one."""
    if text is None:
        return ""
    short, column = text[:20], columns[text]
    return f"（最相近的是 {column} 列「{short}」）" if language == "zh" else f" (most like it: “{short}” in {column})"


def _tables(parts: Sequence[_Part], workbook: str) -> tuple[pa.Table, pa.Table]:
    keys = [key for key in COLUMNS if any(key in part.filings for part in parts)]
    filings: dict[str, pa.ChunkedArray] = {}
    typed: dict[str, pa.ChunkedArray] = {}
    for key in keys:
        blank = [pa.repeat(pa.scalar("", _TEXT), len(part.row)) for part in parts if key not in part.filings]
        if not blank:
            filings[key] = pa.chunked_array([part.filings[key] for part in parts], _TEXT)
            typed[key] = pa.chunked_array([part.typed[key] for part in parts], _TEXT)
            continue
        fill = iter(blank)
        empty = {id(part): next(fill) for part in parts if key not in part.filings}
        filings[key] = pa.chunked_array([part.filings.get(key, empty.get(id(part))) for part in parts], _TEXT)
        typed[key] = pa.chunked_array([part.typed.get(key, empty.get(id(part))) for part in parts], _TEXT)
    name = _clean(workbook)
    filings["workbook"] = pa.chunked_array([pa.repeat(pa.scalar(name, _TEXT), len(part.row)) for part in parts], _TEXT)
    filings["sheet"] = pa.chunked_array(
        [pa.repeat(pa.scalar(part.sheet.name, _TEXT), len(part.row)) for part in parts], _TEXT
    )
    filings["row"] = pa.chunked_array([pa.array(part.row, pa.int32()) for part in parts])
    filings["damaged"] = pa.chunked_array([part.damaged for part in parts], _TEXT)
    return pa.table(filings), pa.table(typed)
