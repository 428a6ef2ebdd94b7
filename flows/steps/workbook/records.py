"""Which rows below the header are filings, and which are notes, totals, examples or nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.filing import COLUMNS, FILLER
from expectations.words import Words
from flows.steps.workbook.damage import KINDS
from flows.steps.workbook.grids import Grid
from flows.steps.workbook.layout import Header, known

_TOTAL = re.compile(
    r"(?:本页|本表|全部)?(?:合计|总计|小计|共计|汇总|总数|统计|total|sum)(?:[:：\s(（0-9].*)?"
    r"|[共计]+\s*[0-9]+\s*[家条个行项].*",
    re.IGNORECASE | re.DOTALL,
)
_NOTE = re.compile(
    r"(?:注|备注|说明|填表说明|填写说明|注意|注意事项|温馨提示|提示|填表|制表|填报|审核|复核|联系人|日期|填表人|制表人|审核人|note|notes|remarks?)"
    r"(?:[0-9一二三]?\s*[:：、.].*)|(?:以下空白|以下无正文|此行以下|※|★|◆|\*).*",
    re.IGNORECASE | re.DOTALL,
)
_EXAMPLE = re.compile(
    r"(?:示例|样例|例子|例|填写示例|填写样例|填写范例|范例|example|sample)(?:行|row)?(?:[:：].*)?", re.IGNORECASE
)
_EXAMPLE_CELL = re.compile(r"(?:例如?|如|示例|样例|填写示例|比如|e\.?g\.?)\s*[:：].+", re.IGNORECASE | re.DOTALL)
_NEEDED = re.compile(
    r"(?:非?必填|必填|选填|条件必填|必须|可选|可不填|不填|文本|日期|数字|下拉选择|下拉|required|optional|text|date)(?:项|格式)?",
    re.IGNORECASE,
)
# One cell alone makes a filing only if it reads as what its column holds.
_FORMS = {
    "domain": re.compile(r"[^\s]+\.[^\s]+"),
    "url": re.compile(r"[^\s]+\.[^\s]+"),
    "email": re.compile(r"[^\s]+@[^\s]+"),
    "phone": re.compile(r"[0-9+() ;-]{7,}"),
    "identifier": re.compile(r".*[0-9]{6,}.*"),
}
_READABLE = {**_FORMS, "date": re.compile(r".*[0-9]{4}.*|长期|永久")}
_FORMULA = KINDS.index("formula")
_FEW = 3
"""A row with more cells than these is looked at no further: it is a filing."""


class Kept:
    """The rows that are filings, and what is said of those that are not."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows
        self.dropped: dict[str, list[int]] = {}

    def drop(self, row: int, why: str) -> None:
        """The row is no filing."""
        self.rows[row] = False
        self.dropped.setdefault(why, []).append(row)


_WHY = {
    "note": Words("说明或备注行", "notes"),
    "total": Words("合计行", "totals"),
    "example": Words("示例行", "examples"),
    "header": Words("重复的表头", "repeated headers"),
    "requirement": Words("填写要求行", "lines that say what must be filled"),
    "numbered": Words("只有序号的空行", "rows with nothing but a number"),
}


def filings(
    grid: Grid, header: Header, canonical: Mapping[str, pa.Array], damaged: Mapping[str, np.ndarray], start: int
) -> Kept:
    """Which rows are filings; ``canonical`` and ``damaged`` begin at row ``start`` of the grid.

    Blank rows between filings end nothing. A row that is left out for any other reason than being
    blank is told.
    """
    filled, numbered = _filled(canonical, damaged, grid.rows - start)
    kept = Kept(filled > 0)
    alone = np.flatnonzero(numbered & (filled == 0))
    if len(alone):
        texts = canonical["filing_no"].take(pa.array(alone)).to_pylist()
        for place, text in zip(alone.tolist(), texts, strict=True):
            kept.drop(place, _by_itself(text))
    _repeated_headers(grid, header, start, kept)
    for row in np.flatnonzero(kept.rows)[:3]:
        if why := _explains(grid, header, start + int(row)):
            kept.drop(int(row), why)
    if "filing_no" in canonical:
        _examples(canonical["filing_no"], kept)
    for row in np.flatnonzero(kept.rows & (filled <= _FEW)):
        why = _no_filing(grid, header, start + int(row), int(filled[row]), bool(numbered[row]))
        if why:
            kept.drop(int(row), why)
    return kept


def _filled(
    canonical: Mapping[str, pa.Array], damaged: Mapping[str, np.ndarray], size: int
) -> tuple[np.ndarray, np.ndarray]:
    """How many cells of each row hold anything, besides the sender's own number; and where that stands."""
    filled, formulas, numbered = np.zeros(size, np.int16), np.zeros(size, np.int16), np.zeros(size, bool)
    for key, column in canonical.items():
        cells = pc.greater(pc.binary_length(column), 0).to_numpy(zero_copy_only=False)
        if key in damaged:
            cells = cells | (damaged[key] > 0)
            formulas += damaged[key] == _FORMULA
        if key == "filing_no":
            numbered = cells
        else:
            filled += cells
    # Formulas filled down beside blank cells make no filing, unless most of the row is formulas.
    filled[(formulas > 0) & (filled <= formulas) & (formulas * 2 < len(canonical))] = 0
    return filled, numbered


def _by_itself(text: str) -> str:
    """What a text is that stands alone in the column of the sender's own numbers: titles and totals often do."""
    if _TOTAL.fullmatch(text):
        return "total"
    return "numbered" if any(map(str.isdigit, text)) and not _NOTE.fullmatch(text) else "note"


def _repeated_headers(grid: Grid, header: Header, start: int, kept: Kept) -> None:
    """Rows that say the header again, as printed or pasted sheets have it."""
    same = np.zeros(len(kept.rows), np.int16)
    looked_at = list(header.columns)[:12]
    for key in looked_at:
        column = grid.columns[header.columns[key]].slice(start)
        names = pa.array([header.texts[key], *COLUMNS[key].headers], column.type)
        same += pc.is_in(column, value_set=names).to_numpy(zero_copy_only=False)
    for row in np.flatnonzero(kept.rows & (same * 2 > len(looked_at))):
        if sum(_heads(grid, key, column, start + int(row)) for key, column in header.columns.items()) >= 2:
            kept.drop(int(row), "header")


def _heads(grid: Grid, key: str, column: int, row: int) -> bool:
    found = known(grid.columns[column][row].as_py() or "")
    return found is not None and found[0] == key


def _examples(numbers: pa.Array, kept: Kept) -> None:
    if not pc.any(pc.match_substring_regex(numbers, "(?i)例|example|sample")).as_py():
        return
    for row, number in enumerate(numbers.to_pylist()):
        if kept.rows[row] and _EXAMPLE.fullmatch(number):
            kept.drop(row, "example")


def _texts(grid: Grid, row: int, columns: Sequence[int]) -> list[str]:
    found = (grid.columns[column][row].as_py() for column in columns if column in grid.columns)
    return [text for cell in found if cell and (text := unicodedata.normalize("NFKC", cell).strip())]


def _explains(grid: Grid, header: Header, row: int) -> str | None:
    """Why one of the first rows is no filing but says how to fill one in; None if it is one."""
    cells = [
        (COLUMNS[key].kind, text) for key, column in header.columns.items() for text in _texts(grid, row, [column])
    ]
    formed = [
        _READABLE[kind].fullmatch(text) is not None for kind, text in cells if kind in _READABLE and text not in FILLER
    ]
    needed = sum(bool(_NEEDED.fullmatch(text)) for _, text in cells)
    examples = sum(bool(_EXAMPLE_CELL.fullmatch(text)) for _, text in cells)
    if len(cells) >= 2 and examples * 2 > len(cells):
        return "example"
    unreadable = len(formed) >= 3 and sum(formed) * 4 <= len(formed)
    return "requirement" if len(cells) >= 2 and (needed * 2 > len(cells) or unreadable) else None


def _no_filing(grid: Grid, header: Header, row: int, filled: int, numbered: bool) -> str | None:
    """Why a row with few cells is no filing; None if it is one."""
    texts = _texts(grid, row, sorted(grid.columns))
    if texts and _TOTAL.fullmatch(texts[0]):
        return "total"
    if texts and _NOTE.fullmatch(texts[0]):
        return "note"
    if filled > 1:
        return None
    key, text = "", ""
    for name, column in header.columns.items():
        if name != "filing_no" and (cell := _texts(grid, row, [column])):
            key, text = name, cell[0]
            break
    form = _FORMS.get(COLUMNS[key].kind) if key else None
    if form is not None:
        return None if form.fullmatch(text) else "note"
    # A name by itself: with a number beside it an unfinished filing, else a heading between rows.
    return None if not key or (numbered and len(text) <= 60) else "note"


def told(kept: Kept, start: int, sheet: str) -> list[Words]:
    """What was left out, with Excel's row numbers."""
    notes = []
    for why, rows in kept.dropped.items():
        numbers = row_ranges([start + row for row in rows])
        zh, en = _WHY[why]
        notes.append(
            Words(f"工作表「{sheet}」：第 {numbers} 行是{zh}，未作为备案检查",
                  f"sheet “{sheet}”: not judged, being {en}: rows {numbers}")
        )  # fmt: skip
    return notes


def row_ranges(rows: Sequence[int], most: int = 10) -> str:
    """``3-5, 8`` for rows 2, 3, 4, 7 counted from 0."""
    ranges: list[list[int]] = []
    for row in sorted(rows):
        if ranges and ranges[-1][1] == row:
            ranges[-1][1] = row + 1
        else:
            ranges.append([row + 1, row + 1])
    shown = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges[:most])
    return shown + (" …" if len(ranges) > most else "")
