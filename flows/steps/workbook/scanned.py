"""What a sheet holds besides its values, as a scan found it; cells and areas in our numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from flows.steps.coordinates import LAST_COLUMN, LAST_ROW, number
from flows.steps.workbook import refusals
from flows.steps.workbook.model import Limits, Refused

Cell = tuple[int, int]
"""Row and column from 0."""


class Area(NamedTuple):
    """A rectangle of cells, both ends included, from 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Scan:
    """What stands in a sheet besides its values. Rows and columns count from 0."""

    last_row: int = -1
    last_column: int = -1
    rows: int = 0
    numbers: dict[Cell, str] = field(default_factory=dict)
    """Numbers of nine digits or more that are no mobile number, as stored."""
    padded: dict[Cell, str] = field(default_factory=dict)
    """Numbers shown with leading zeros, as shown."""
    formulas: dict[Cell, str] = field(default_factory=dict)
    """Formulas without a result."""
    errors: dict[Cell, str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merges: list[Area] = field(default_factory=list)
    autofilter: bool = False
    tables: bool = False
    regular: bool = True
    anchored: bool = False
    """Whether column A surely holds a value: readers leave blank columns before the first value out."""


def position(reference: bytes) -> Cell:
    """``b"B7"`` is (6, 1)."""
    letters = reference.rstrip(b"0123456789")
    return int(reference[len(letters) :]) - 1, number(letters)


def area(reference: bytes) -> Area | None:
    """``b"A1:B7"`` is (0, 0, 6, 1); None where it is no such thing."""
    first, _, last = reference.replace(b"$", b"").upper().partition(b":")
    if not re.fullmatch(rb"[A-Z]{1,3}[1-9][0-9]{0,6}", first) or not re.fullmatch(
        rb"(?:[A-Z]{1,3}[1-9][0-9]{0,6})?", last
    ):
        return None
    (top, left), (bottom, right) = position(first), position(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right))


def check_extent(last_row: int, last_column: int, limits: Limits) -> None:
    """Refuse a sheet whose cells span more than allowed: readers lay the whole rectangle out."""
    zh, en = f"{last_row + 1} 行 × {last_column + 1} 列", f"{last_row + 1} rows × {last_column + 1} columns"
    if last_row >= LAST_ROW:
        raise Refused(refusals.too_large(zh, en, LAST_ROW))
    if last_column >= LAST_COLUMN:
        raise Refused(refusals.too_large(zh, en, LAST_COLUMN))
    if (last_row + 1) * (last_column + 1) > limits.cells:
        raise Refused(refusals.too_large(zh, en, limits.cells))
