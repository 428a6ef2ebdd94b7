"""A user's own rows over our tables: read, checked cell by cell, and laid over the rows they concern.

A file of the folder bears the name of the table it changes and any of its columns; the key columns
must be there. A row with the key of one of ours replaces the cells it fills (``-`` empties a cell),
any other row is added; ``withdrawn`` = 是 takes a row away. ``valid_from`` and ``valid_to`` bound the
days it is in force.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from io import StringIO
from pathlib import Path

from expectations.reference import tables
from expectations.reference.tables import FIXED, KEYS, VALIDITY, Policy, Row

EMPTIED = "-"
"""Typed into a cell to say that the table is silent there."""
WITHDRAWN = "withdrawn"
OURSELVES = "用户自定义"
"""Stands for the snapshot or source of a row its user gave none."""

_MOST_NAMES = 24
"""That an error lists; one table has more than a hundred columns."""
_YES = frozenset({"yes", "true", "是", "1"})
_NO = frozenset({"no", "false", "否", "0"})


class ReferenceTableError(ValueError):
    """A user's table cannot be used; says where, what stands there and what should.

    ``row`` is the row as Excel shows it, 0 where the whole file is meant.
    """

    def __init__(
        self, file: str, zh: str, en: str, *, row: int = 0, column: str = "", found: str = "", expected: str = ""
    ) -> None:
        self.file, self.row, self.column, self.found, self.expected = file, row, column, found, expected
        self.zh = (
            f"{file}{f' 第{row}行' if row else ''}{f'「{column}」列' if column else ''}：{zh}"
            f"{f'；现为「{found}」' if found else ''}{f'；应为 {expected}' if expected else ''}"
        )
        self.en = (
            f"{file}{f', row {row}' if row else ''}{f', column {column}' if column else ''}: {en}"
            f"{f'; found “{found}”' if found else ''}{f'; expected {expected}' if expected else ''}"
        )
        super().__init__(f"{self.zh} / {self.en}")

    def words(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Override:
    """One row of a user's table: the cells it fills, and the days it is in force."""

    file: str
    row: int
    key: tuple[str, ...]
    cells: Row
    valid_from: str
    valid_to: str
    withdrawn: bool


def read_folder(folder: Path) -> dict[str, tuple[Override, ...]]:
    """The user's rows by table.

    Raises:
        ReferenceTableError: a table, column, key or value is none of ours; nothing is skipped in silence.
    """
    if not folder.is_dir():
        raise ReferenceTableError(str(folder), "没有这个参考表文件夹", "there is no such folder of reference tables")
    found: dict[str, tuple[Override, ...]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~$")) or path.is_dir():
            continue
        if path.suffix.lower() in (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et"):
            raise ReferenceTableError(path.name, "参考表须另存为 CSV", "save the table as CSV")
        if path.suffix.lower() == ".csv":
            found[path.stem] = _read_table(path)
    return found


def in_force(row: Row, as_of: date) -> bool:
    """Whether ``as_of`` lies in the days of a row; rows without days are always in force."""
    day = as_of.isoformat()
    return row.get("valid_from", "") <= day and (not row.get("valid_to") or day <= row["valid_to"])


def lay_over(rows: Iterable[Row], overrides: Iterable[Override], name: str, as_of: date) -> tuple[Row, ...]:
    """Our rows in force on ``as_of`` with the user's over them; of two rows with one key the later start wins."""
    key = KEYS.get(name, ())
    laid: dict[tuple[str, ...], Row] = {}
    dated = sorted((row for row in rows if in_force(row, as_of)), key=lambda row: row.get("valid_from", ""))
    for number, row in enumerate(dated):
        laid[tuple(row[column] for column in key) or (str(number),)] = row
    current = [o for o in overrides if in_force({"valid_from": o.valid_from, "valid_to": o.valid_to}, as_of)]
    for override in sorted(current, key=lambda override: override.valid_from):
        if override.withdrawn:
            laid.pop(override.key, None)
            continue
        base = laid.get(override.key) or dict.fromkeys(tables.columns(name), "")
        laid[override.key] = {**base, **override.cells, **_origin(base, override)}
    return tuple(laid.values())


def _origin(base: Row, override: Override) -> Row:
    """Snapshot and source of a row with the user's cells in it: the user's word, else that it is the user's."""
    ours = f"{OURSELVES} {override.valid_from}".strip()
    place = f"{OURSELVES}（{override.file} 第{override.row}行）"
    return {
        column: override.cells.get(column) or ("，".join(filter(None, (base.get(column), text))))
        for column, text in (("snapshot", ours), ("source", place))
        if column in base
    }


# ── reading one file ─────────────────────────────────────────────────────────────────────────────


def _nearest(given: str, known: Iterable[str]) -> str:
    """The names a slip may have been meant for; where none is near, or there are few, the first of all."""
    names = list(known)
    near = get_close_matches(given, names, n=3) if len(names) > 8 else []
    more = " …" if not near and len(names) > _MOST_NAMES else ""
    return "、".join(near or names[:_MOST_NAMES]) + more


def _read_table(path: Path) -> tuple[Override, ...]:
    name = path.stem
    if name not in KEYS or name not in tables.names():
        known = [f"{table}.csv" for table in tables.names() if table in KEYS]
        fixed = name in FIXED
        raise ReferenceTableError(
            path.name,
            "这张表不能自定义" if fixed else "没有这张参考表",
            "this table cannot be changed" if fixed else "there is no such reference table",
            expected=_nearest(path.name, known),
        )
    records = _records(path)
    if not records:
        raise ReferenceTableError(path.name, "文件是空的", "the file is empty")
    header = _header(path.name, name, records[0][1])
    found: dict[tuple[object, ...], Override] = {}
    for number, cells in records[1:]:
        if not any(cells):
            continue
        override = _override(path.name, name, number, header, cells)
        first = found.setdefault((override.key, override.valid_from), override)
        if first is not override:
            raise ReferenceTableError(
                path.name,
                f"与第{first.row}行重复",
                f"the same as row {first.row}",
                row=number,
                column=KEYS[name][0],
                found=" ".join(override.key),
            )
    return tuple(found.values())


def _records(path: Path) -> list[tuple[int, list[str]]]:
    """The filled rows with their numbers as Excel shows them."""
    text = _decoded(path.name, path.read_bytes())
    first = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter="\t" if "\t" in first and "," not in first else ",")
    try:
        return [
            (number, [cell.strip() for cell in cells])
            for number, cells in enumerate(reader, start=1)
            if any(map(str.strip, cells))
        ]
    except csv.Error as fault:
        raise ReferenceTableError(path.name, f"不是 CSV：{fault}", f"not CSV: {fault}", row=reader.line_num) from None


def _decoded(file: str, raw: bytes) -> str:
    """Excel in China saves CSV as GBK, and as UTF-16 under the name of Unicode text."""
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise ReferenceTableError(file, "不是文本文件，编码须为 UTF-8 或 GB18030", "not text in UTF-8 or GB18030")


def _header(file: str, name: str, cells: list[str]) -> list[str]:
    """The key of each column, which may also be headed by its label.

    Raises:
        ReferenceTableError: a column is unknown, stands twice, or a key column is missing.
    """
    known = {column: column for column in (*tables.columns(name), *VALIDITY, WITHDRAWN)}
    labels = {
        label: policy.key
        for policy in tables.policies().values()
        if policy.table == name
        for label in (policy.zh, policy.en)
    }
    header = []
    for cell in cells:
        column = known.get(cell) or labels.get(cell, "")
        if not column and cell:
            raise ReferenceTableError(
                file, "没有这一列", "there is no such column", row=1, column=cell, expected=_nearest(cell, known)
            )
        if column in header and column:
            raise ReferenceTableError(file, "这一列出现了两次", "the column stands twice", row=1, column=cell)
        header.append(column)
    for column in KEYS[name]:
        if column not in header:
            raise ReferenceTableError(file, "缺少这一列", "the column is missing", row=1, column=column)
    return header


def _override(file: str, name: str, row: int, header: list[str], cells: list[str]) -> Override:
    if any(cells[len(header) :]):
        raise ReferenceTableError(file, "单元格比表头多", "more cells than the header has", row=row)
    filled: Row = {}
    for column, cell in zip(header, cells, strict=False):
        if not column:
            if cell:
                raise ReferenceTableError(file, "这一格没有表头", "the cell has no header", row=row, found=cell)
            continue
        if cell:
            filled[column] = _value(file, name, row, column, cell)
    for column in KEYS[name]:
        # A part of a key may be empty, such as the city of a province; not the whole.
        if not filled.get(column) and (column == "province" or not any(filled.get(part) for part in KEYS[name])):
            raise ReferenceTableError(file, "这一格不能为空", "the cell must be filled", row=row, column=column)
    valid_from, valid_to = (filled.pop(column, "") for column in VALIDITY)
    if valid_to and valid_from > valid_to:
        raise ReferenceTableError(
            file, "止日早于起日", "it ends before it begins", row=row, column="valid_to", found=valid_to
        )
    withdrawn = filled.pop(WITHDRAWN, "") == "yes"
    key = tuple(filled.get(column, "") for column in KEYS[name])
    return Override(file, row, key, filled, valid_from, valid_to, withdrawn)


# ── one cell ─────────────────────────────────────────────────────────────────────────────────────


def _value(file: str, name: str, row: int, column: str, cell: str) -> str:
    """The cell as our table would hold it."""

    def refuse(zh: str, en: str, expected: str = "") -> ReferenceTableError:
        return ReferenceTableError(file, zh, en, row=row, column=column, found=cell, expected=expected)

    if column == "province" and name != "divisions":
        if cell not in tables.province_names():
            raise refuse("没有这个省份", "there is no such province", "31 个省份之一，如 广东")
        return tables.province_names()[cell]
    if cell == EMPTIED:
        if column in KEYS[name]:
            raise refuse("这一格不能为空", "the cell must be filled")
        return ""
    if column in VALIDITY:
        return _date(cell, refuse)
    if column == WITHDRAWN:
        return _yes_or_no(cell, refuse)
    policy = tables.policies().get((name, column))
    return _by_policy(policy, cell, refuse) if policy else cell


def _by_policy(policy: Policy, cell: str, refuse: Callable[..., ReferenceTableError]) -> str:
    match policy.type:
        case "yes/no":
            return _yes_or_no(cell, refuse)
        case "number":
            if not re.fullmatch("[0-9]{1,5}", cell):
                raise refuse("不是整数", "not a whole number", "0, 1, 2 …")
            return str(int(cell))
        case "date":
            return _date(cell, refuse)
        case "choice" | "choices":
            parts = [part.strip() for part in re.split("[;；]", cell)]
            wrong = [part for part in parts if part not in policy.allowed]
            if wrong or (policy.type == "choice" and len(parts) > 1):
                raise refuse(
                    "不是可选的值", "not one of the values allowed", _nearest(wrong[0] if wrong else "", policy.allowed)
                )
            return ";".join(parts)
        case "terms":
            return ";".join(filter(None, map(str.strip, re.split("[;；、]", cell))))
        case _:
            return cell


def _yes_or_no(cell: str, refuse: Callable[..., ReferenceTableError]) -> str:
    word = cell.lower()
    if word not in _YES | _NO:
        raise refuse("不是可选的值", "not one of the values allowed", "yes、no")
    return "yes" if word in _YES else "no"


def _date(cell: str, refuse: Callable[..., ReferenceTableError]) -> str:
    """Excel writes a date back as 2026/1/5."""
    match = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", cell)
    try:
        return date(*map(int, match.groups())).isoformat() if match else date.fromisoformat(cell).isoformat()
    except ValueError:
        raise refuse("不是日期", "not a date", "2026-01-15") from None
