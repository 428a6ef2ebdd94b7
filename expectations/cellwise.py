"""Help for rules that judge each of several cells by itself: verdicts per cell, details of those at fault."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from expectations.rows import Filings
from expectations.rule import Rule

OfColumn = Callable[[str], pd.Series]


def each(rows: Filings, columns: tuple[str, ...], holds: OfColumn) -> pd.DataFrame:
    """A verdict per cell: ``holds`` of each column."""
    return pd.DataFrame({column: holds(column) for column in columns}, index=rows.index)


def per_cell(declared: Rule, rows: Filings, text: OfColumn, separator: str = "；", distinct: bool = True) -> pd.Series:
    """``text`` of each cell at fault, joined row by row; the same text once where ``distinct``."""
    joined = rows.constant("")
    faults = declared.predicate(rows)
    pieces: list[pd.Series] = []
    for column in declared.columns:
        piece = text(column).where(faults[column], "")
        for said in pieces if distinct else ():
            piece = piece.where(piece != said, "")
        pieces.append(piece)
        comma = rows.constant(separator).where((joined != "") & (piece != ""), "")
        joined = joined + comma + piece
    return joined


def settled(declared: Rule, rows: Filings, value: OfColumn) -> pd.Series:
    """The right values of the cells at fault, joined; ``""`` where one of them is uncertain."""
    faults = declared.predicate(rows)
    values = {column: value(column) for column in declared.columns}
    certain = rows.constant(True)
    for column, right in values.items():
        certain &= ~faults[column] | (right != "")
    return per_cell(declared, rows, lambda column: values[column], distinct=False).where(certain, "")


def repaired(declared: Rule, rows: Filings, repair: Callable[[str], str]) -> pd.Series:
    """What the cells at fault must have meant, joined; ``""`` where one of them is uncertain."""
    return settled(declared, rows, lambda column: rows[column].map(repair).astype("str"))


def damaged(rows: Filings, key: str) -> pd.Series:
    """Whether Excel has spoilt the cell: it reads as blank, and a rule of the sheet says so."""
    cells = rows["damaged"]
    if not (cells != "").any():
        return rows.constant(False)
    return (";" + cells).str.contains(f";{key}:", regex=False).astype(bool)
