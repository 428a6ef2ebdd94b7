"""Where cells are: the letters of columns, ``A1:B2``, and how far a sheet goes."""

from __future__ import annotations

import re
from functools import cache, lru_cache

LAST_ROW = 1_048_576
LAST_COLUMN = 16_384


@cache
def letters(column: int) -> str:
    """``0`` → ``A``, ``27`` → ``AB``."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@lru_cache(maxsize=LAST_COLUMN)
def number(column: bytes) -> int:
    """``b"AB"`` → ``27``."""
    place = 0
    for letter in column.upper():
        place = place * 26 + letter - 64
    return place - 1


def area(first_column: int, first_row: int, last_column: int, last_row: int) -> str:
    """``A1:B2``; columns count from 0, rows from 1."""
    return f"{letters(first_column)}{first_row}:{letters(last_column)}{last_row}"


def bounds(reference: str) -> tuple[int, int, int, int]:
    """First column, first row, last column, last row of ``A1:B2`` or ``A1`` (columns from 0)."""
    ends = [re.fullmatch(r"\$?([A-Za-z]+)\$?([0-9]+)", end) for end in reference.split(":")]
    if not ends or None in ends:
        raise ValueError(f"{reference} is no cell range")
    found = [(number(end[1].encode()), int(end[2])) for end in ends if end]
    (first_column, first_row), (last_column, last_row) = found[0], found[-1]
    return first_column, first_row, last_column, last_row
