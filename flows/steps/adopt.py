"""Suggested values the sender took over: a report that comes back with 预检·采纳 = 是 is read as if they were typed.

Nothing is changed in silence: what was taken over is listed in the summary and written into the cells of
the next report.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from expectations.cells import canonical_cell
from expectations.filing import COLUMNS
from flows.steps.report.former import former_columns, former_texts
from flows.steps.report.package import Package, Unpatchable

if TYPE_CHECKING:
    from flows.steps.workbook import Reading

TAKEN = ("sheet", "row", "key", "before", "after")
_YES = frozenset({"是", "yes", "y", "true", "1", "√", "✓", "采纳", "adopt"})
_LABELS = {label: key for key, column in COLUMNS.items() for label in (column.zh, column.en)}


def take_over(reading: Reading) -> tuple[Reading, pd.DataFrame]:
    """The reading with the suggested values that were taken over.

    Returns:
        The reading, and one row per cell that changed: sheet, row (Excel's), key, before and after as typed.
    """
    wanted = requests(reading)
    if not wanted:
        return reading, pd.DataFrame(columns=list(TAKEN))
    places = {
        place: position
        for position, place in enumerate(
            zip(reading.filings["sheet"].to_pylist(), reading.filings["row"].to_pylist(), strict=True)
        )
    }
    sheets = {sheet.name: sheet for sheet in reading.sheets}
    typed: dict[str, dict[int, str]] = {}
    for (name, row), values in wanted.items():
        for key, value in values.items():
            if (name, row) in places and key in sheets[name].columns and key in reading.typed.column_names:
                sharing = sheets[name].merged.rows(sheets[name].columns[key], row)  # all filings of a merged cell
                typed.setdefault(key, {}).update({places[name, one]: value for one in sharing if (name, one) in places})
    taken = _changes(reading, typed)
    for key, cells in typed.items():
        mended = {position: canonical_cell(key, value) for position, value in cells.items()}
        reading = replace(reading, typed=_with(reading.typed, key, cells), filings=_with(reading.filings, key, mended))
    return replace(reading, filings=_undamaged(reading.filings, typed)), taken


def requests(reading: Reading) -> dict[tuple[str, int], dict[str, str]]:
    """Suggested values by column, for each sheet and row whose sender said yes."""
    if reading.format not in ("xlsx", "xlsm"):
        return {}
    found: dict[tuple[str, int], dict[str, str]] = {}
    try:
        with Package(reading.path) as package:
            for sheet in reading.sheets:
                ours = former_columns(package, sheet.part, sheet.header_row) if sheet.part else {}
                if "adopt" not in ours or "suggested" not in ours or not sheet.part:
                    continue
                texts = former_texts(package, sheet.part, (ours["adopt"], ours["suggested"]))
                for (row, column), text in texts.items():
                    if column == ours["adopt"] and _says_yes(text) and row > sheet.header_row:
                        values = suggested(texts.get((row, ours["suggested"]), ""))
                        if values:
                            found[sheet.name, row] = values
    except Unpatchable:
        return {}
    return found


def suggested(text: str) -> dict[str, str]:
    """``域名：example.cn`` a line → values by column; lines that name no column are passed over."""
    values = {}
    for line in text.replace("\r", "\n").split("\n"):
        label, colon, value = line.partition("：") if "：" in line else line.partition(":")
        key = _LABELS.get(label.strip())
        if colon and key and value.strip():
            values[key] = value.strip()
    return values


def _says_yes(text: str) -> bool:
    return unicodedata.normalize("NFKC", text).strip().casefold() in _YES


def _changes(reading: Reading, typed: dict[str, dict[int, str]]) -> pd.DataFrame:
    sheets, rows = reading.filings["sheet"], reading.filings["row"]
    lines = []
    for key, values in typed.items():
        before = reading.typed[key]
        for position, value in list(values.items()):
            old = before[position].as_py() or ""
            if old == value:
                del values[position]
            else:
                lines.append((sheets[position].as_py(), rows[position].as_py(), key, old, value))
    return pd.DataFrame(lines, columns=list(TAKEN)).sort_values(["sheet", "row"], kind="stable", ignore_index=True)


def _with(table: pa.Table, key: str, values: dict[int, str]) -> pa.Table:
    place = table.column_names.index(key)
    column = table[key].to_numpy(zero_copy_only=False).astype(object)
    column[list(values)] = list(values.values())
    return table.set_column(place, key, pa.array(column, table.schema.field(key).type))


def _undamaged(filings: pa.Table, typed: dict[str, dict[int, str]]) -> pa.Table:
    """A cell that was mended is no longer damaged."""
    if "damaged" not in filings.column_names:
        return filings
    damaged = filings["damaged"].to_numpy(zero_copy_only=False).astype(object)
    mended: dict[int, set[str]] = {}
    for key, values in typed.items():
        for position in values:
            mended.setdefault(position, set()).add(key)
    for position in np.array(sorted(mended), dtype=int):
        kept = [pair for pair in (damaged[position] or "").split(";") if pair.partition(":")[0] not in mended[position]]
        damaged[position] = ";".join(filter(None, kept))
    place = filings.column_names.index("damaged")
    return filings.set_column(place, "damaged", pa.array(damaged, filings.schema.field("damaged").type))
