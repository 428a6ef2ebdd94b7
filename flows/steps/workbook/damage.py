"""Cells Excel has spoilt: what stands there is shown, and never judged as if it were what was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.filing import COLUMNS
from flows.steps.workbook.grids import Grid
from flows.steps.workbook.model import Damage

KINDS: tuple[str, ...] = ("", *get_args(Damage))
"""A damage is kept as its place here, 0 for none."""

ERRORS = (
    "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!",
     "#UNKNOWN!", "#CONNECT!", "#BUSY!", "#EXTERNAL!", "#PYTHON!", "#GETTING_DATA", "#REF", "Err:502", "Err:508",
     "Err:509", "Err:511", "Err:522",
)  # fmt: skip
_EXACT = 10**15
"""Excel keeps fifteen digits of a number."""
_SCIENTIFIC = r"^\s*[0-9](?:[.][0-9]+)?[Ee][+]?[0-9]{1,2}\s*$"
# Nine or ten digits after the zero of an area code that is gone; 400 and 800 numbers have no area code.
_NO_ZERO = re.compile(r"(?!1[3-9][0-9]{9}$)(?!(?:400|800)[0-9]{7}$)(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}")


@dataclass
class Spoilt:
    """What is to be shown in cells of one column, and what kind of damage they have."""

    shown: dict[int, str] = field(default_factory=dict)
    kinds: dict[int, int] = field(default_factory=dict)

    def add(self, row: int, text: str, kind: Damage | None) -> None:
        self.shown[row] = text
        if kind:
            self.kinds[row] = KINDS.index(kind)


def spoilt(grid: Grid, columns: Mapping[str, int]) -> dict[str, Spoilt]:
    """Damage the scan found, by our columns; rows of the grid."""
    keys = {column: key for key, column in columns.items()}
    found: dict[str, Spoilt] = {}

    def add(where: tuple[int, int], text: str, kind: Damage | None) -> None:
        if where[1] in keys and where[0] < grid.rows:
            found.setdefault(keys[where[1]], Spoilt()).add(where[0], text, kind)

    for where, text in grid.scan.padded.items():
        add(where, text, None)
    for where, text in grid.scan.numbers.items():
        number = _number(text, COLUMNS[keys[where[1]]].kind) if where[1] in keys else None
        if number and (number[1] == "digits_lost" or where not in grid.scan.padded):
            add(where, *number)
    for where, text in grid.scan.formulas.items():
        add(where, text, "formula")
    for where, text in grid.scan.errors.items():
        add(where, text, "error")
    return found


def _number(text: str, kind: str) -> tuple[str, Damage] | None:
    try:
        value = float(text)
    except ValueError:
        return None
    if abs(value) >= _EXACT:
        return general(value), "digits_lost"
    if kind == "phone" and _NO_ZERO.fullmatch(text):
        return text, "number_form"
    return None


def general(value: float) -> str:
    """A large number the way Excel shows it: ``1.10101E+17``."""
    mantissa, _, exponent = f"{value:.5E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{exponent}"


def kinds_of_text(key: str, typed: pa.LargeStringArray) -> np.ndarray | None:
    """Damage that shows in the text itself: error codes, numbers in scientific form. None for none."""
    found = np.zeros(len(typed), np.int8)
    data = _data(typed)  # searched as a whole: hardly any column holds such a thing
    if b"#" in data or (b":" in data and b"Err:" in data):
        codes = pc.is_in(pc.utf8_trim_whitespace(typed), value_set=pa.array(ERRORS, typed.type))
        found[codes.to_numpy(zero_copy_only=False)] = KINDS.index("error")
    if COLUMNS[key].kind in ("identifier", "phone") and (b"E" in data or b"e" in data):
        digits = pc.match_substring_regex(typed, _SCIENTIFIC)
        found[digits.to_numpy(zero_copy_only=False)] = KINDS.index("digits_lost")
    return found if found.any() else None


def _data(texts: pa.LargeStringArray) -> bytes:
    """The texts of a column, one after the other."""
    _, offsets, data = texts.buffers()
    if data is None or not len(texts):
        return b""
    ends = np.frombuffer(offsets, np.int64)[[texts.offset, texts.offset + len(texts)]]
    return data[int(ends[0]) : int(ends[1])].to_pybytes()


def column_of(damages: Mapping[str, np.ndarray], rows: int) -> pa.Array:
    """The column ``damaged``: ``key:kind;…`` for each row."""
    texts = np.full(rows, "", dtype=object)
    for key in sorted(damages, key=list(COLUMNS).index):
        kinds = damages[key]
        for row in np.flatnonzero(kinds):
            texts[row] += (";" if texts[row] else "") + f"{key}:{KINDS[kinds[row]]}"
    return pa.array(texts, pa.large_string())


def put(column: pa.Array, texts: Mapping[int, str]) -> pa.Array:
    """The column with other texts in some rows."""
    places = np.array(sorted(texts), dtype=np.int64)
    mask = np.zeros(len(column), bool)
    mask[places] = True
    return pc.replace_with_mask(column, pa.array(mask), pa.array([texts[row] for row in places], column.type))
