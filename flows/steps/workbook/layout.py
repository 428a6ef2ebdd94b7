"""Where the header stands, and which column is which: by label, alias or near-alias, on one to three lines."""

from __future__ import annotations

import difflib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from expectations.cells.traditional import simplified_label
from expectations.filing import COLUMNS
from flows.steps.coordinates import LAST_COLUMN
from flows.steps.own import is_own_header
from flows.steps.workbook.scanned import Area

HEADER_ROWS = 30
"""The header is looked for in so many of the first rows."""

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>|\{[^{}]*\}|《[^《》]*》")
_MARKS = re.compile(r"(?:非必填|必填|选填|必须填写|必录|可选|required|optional|mandatory)(?:项|字段)?", re.IGNORECASE)
_GROUP_ENDINGS = re.compile(r"(?:基本|相关)?(?:信息|资料|情况|内容|栏|部分)$")
_VALUE = re.compile(r"[0-9]{6}|@")
"""Stands in cells of filings: numbers, telephones, addresses; hardly in a header."""
_NO_ROOM = LAST_COLUMN - 100
_NUMERALS = str.maketrans("一二", "12")

Rows = Sequence[Sequence[str]]


@dataclass
class Header:
    """A header that was found; rows and columns from 0."""

    row: int
    columns: dict[str, int]
    texts: dict[str, str]
    """How each of our columns is headed, in the sender's words."""
    unknown: dict[int, str] = field(default_factory=dict)
    duplicates: list[tuple[str, int]] = field(default_factory=list)
    """Further columns headed as one that was already found."""
    own: list[int] = field(default_factory=list)
    """Columns a report of ours added."""


def squash(text: str) -> str:
    """Letters, digits and Chinese characters of ``text``, in one width and case."""
    return re.sub(r"[^0-9a-z一-龥]+", "", unicodedata.normalize("NFKC", text).lower())


@cache
def _names() -> dict[str, tuple[str, bool]]:
    """Our columns by every squashed header; whether it is the column's own name and no alias."""
    names: dict[str, tuple[str, bool]] = {}
    for column in COLUMNS.values():
        for alias in column.aliases:
            names.setdefault(squash(alias), (column.key, False))
    for column in COLUMNS.values():
        for name in (column.key, column.zh, column.en):
            names[squash(name)] = (column.key, True)
    return names


@lru_cache(maxsize=10_000)
def known(text: str) -> tuple[str, bool] | None:
    """The key of our column that ``text`` heads, and whether by its own name; None if of none."""
    if not text or len(text) > 100:
        return None
    return _known(text) or (_known(simple) if (simple := simplified_label(text)) != text else None)


def _known(text: str) -> tuple[str, bool] | None:
    plain = unicodedata.normalize("NFKC", text)
    for candidate in (plain, _MARKS.sub("", plain), _MARKS.sub("", _BRACKETS.sub("", plain))):
        short = squash(candidate)
        found = _names().get(short)
        if found is None and short[-1:] in "一二":
            found = _names().get(short[:-1] + short[-1:].translate(_NUMERALS))
        if found is not None:
            return found
    return None


def find_header(rows: Rows, merges: Sequence[Area]) -> Header | None:
    """The header among the first rows, or None.

    Of all rows, read alone or together with one or two group rows above, the one that names most of
    our columns; at least two, of which one is no choice (a list of choices is no filing sheet).
    """
    best: tuple[int, Header] | None = None
    for row in range(min(len(rows), HEADER_ROWS)):
        if sum(_VALUE.search(text) is not None for text in rows[row]) >= 2:
            continue  # a filing
        for depth in range(min(3, row + 1)):
            header = _header(rows, row, depth, merges)
            if best is None or len(header.columns) > best[0]:
                best = (len(header.columns), header)
    if best is None or best[0] < 2:
        return None
    header = best[1]
    if all(COLUMNS[key].kind in ("choice", "choices", "yes/no", "province") for key in header.columns):
        return None
    _to_its_foot(header, rows, merges)
    _swallow_second_language(header, rows)
    return header


def _header(rows: Rows, row: int, depth: int, merges: Sequence[Area]) -> Header:
    header = Header(row, {}, {})
    groups = [_carried(rows, above, merges) for above in range(row - depth, row)]
    exact: dict[str, bool] = {}
    width = max((len(line) for line in rows[row - depth : row + 1]), default=0)
    for column in range(width):
        label = _cell(rows, row, column)
        text, found = _name_of(label, [group[column] for group in groups if column < len(group)])
        if found is None and not label:
            above = [_cell(rows, line, column) for line in range(row - depth, row)]
            text, found = next(((t, known(t)) for t in reversed(above) if t and known(t)), ("", None))
        if text and _is_own(text):
            header.own.append(column)
        elif found is None:
            if label:
                header.unknown[column] = label
        elif found[0] not in header.columns or (found[1] and not exact[found[0]]):
            if found[0] in header.columns:
                header.duplicates.append((found[0], header.columns[found[0]]))
            header.columns[found[0]], header.texts[found[0]], exact[found[0]] = column, text, found[1]
        else:
            header.duplicates.append((found[0], column))
    return header


def _name_of(label: str, groups: Sequence[str]) -> tuple[str, tuple[str, bool] | None]:
    """The column a label names, read with the groups above it where that names one."""
    if not label:
        return "", None
    shortened = [_shortened(group) for group in groups]
    for count in range(len(groups), 0, -1):
        for parts in (groups[-count:], shortened[-count:], shortened[-count:][:1]):
            found = known("".join(parts) + label) if any(parts) else None
            if found is not None:
                return "".join(parts) + label, found
    return label, known(label)


_is_own = lru_cache(maxsize=10_000)(is_own_header)


@lru_cache(maxsize=10_000)
def _shortened(group: str) -> str:
    """The name of a group without what says that it is one: ``主办单位`` of ``主办单位信息（必填）``."""
    return _GROUP_ENDINGS.sub("", re.sub(r"\s", "", _BRACKETS.sub("", simplified_label(group))))


def _cell(rows: Rows, row: int, column: int) -> str:
    return rows[row][column] if column < len(rows[row]) else ""


def _carried(rows: Rows, row: int, merges: Sequence[Area]) -> list[str]:
    """A row of groups, each text standing over all columns it is merged over.

    Where the row has no merges (text files, some programs) it stands over the blank cells to its right.
    """
    line = list(rows[row])
    across = [merge for merge in merges if merge.top <= row <= merge.bottom and merge.right > merge.left]
    if across:
        for merge in across:
            text = _cell(rows, merge.top, merge.left)
            last = min(merge.right, len(line) - 1)
            line[merge.left : last + 1] = [text] * max(0, last + 1 - merge.left)
        return line
    for column in range(1, len(line)):
        line[column] = line[column] or line[column - 1]
    return line


def _to_its_foot(header: Header, rows: Rows, merges: Sequence[Area]) -> None:
    """Labels merged over several lines: the last of these is the header's, if nothing but our headers stands there."""
    columns = set(header.columns.values())
    feet = [merge.bottom for merge in merges if merge.left in columns and merge.top <= header.row < merge.bottom]
    foot = max(feet, default=header.row)
    below = {(column, text) for line in rows[header.row + 1 : foot + 1] for column, text in enumerate(line) if text}
    ours = [column for column, text in sorted(below) if _is_own(text)]
    if len(feet) * 2 > len(columns) and len(ours) == len(below):
        header.row = foot
        header.own += ours


def _swallow_second_language(header: Header, rows: Rows) -> None:
    """A second line that names the same columns again (keys below labels) belongs to the header."""
    following = header.row + 1
    if following >= len(rows):
        return
    again = sum(
        (found := known(_cell(rows, following, column))) is not None and found[0] == key
        for key, column in header.columns.items()
    )
    if again * 2 > len(header.columns):
        header.row = following


def last_column(columns: Sequence[int], merges: Sequence[Area], rows: Sequence[int]) -> int:
    """The last of the sender's columns: with a value, or under a merge of one of ``rows`` (ascending), which shows
    only its first cell. A merge to the end of the sheet leaves no room beside it and is passed over."""
    last = max(columns, default=0)
    for merge in merges:
        if last < merge.right < _NO_ROOM:
            place = bisect_left(rows, merge.top)
            if place < len(rows) and rows[place] <= merge.bottom:
                last = merge.right
    return last


def look_alikes(unknown: Iterator[str] | Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """For each key that was not found, the unknown header most like one of its names."""
    squashed = {squash(text): text for text in unknown if len(text) <= 40}
    found: dict[str, str] = {}
    for key in keys:
        for name in COLUMNS[key].headers:
            close = difflib.get_close_matches(squash(name), squashed, n=1, cutoff=0.6)
            if close:
                found[key] = squashed[close[0]]
                break
    return found
