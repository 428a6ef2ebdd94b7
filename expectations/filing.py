"""The filing sheet: which columns a row has, what they are called, and what may stand in them.

One row is one website of one subject. Everything that names a column (the reader's headers, the
template, the report, the rules) derives from ``reference/filing_sheet.csv`` and
``reference/choices.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal[
    "text",  # free text
    "title",  # a site name: judged character by character, so only its width is folded
    "name",  # of a person or a unit
    "identifier",  # a number of a certificate or of a filing
    "province",
    "choice",
    "choices",
    "phone",
    "email",
    "url",
    "domain",
    "date",
    "yes/no",
    "file",
]

INDIVIDUAL = "个人"
YES, NO = "是", "否"
LONG_TERM = "长期"
SEPARATOR = ";"
"""Between the values of a cell that holds several."""
FILLER = (
    "无", "暂无", "没有", "待定", "待补", "待填", "同上", "不详", "未知", "不清楚", "/", "//", "-", "--",
    "—", "——", "*", "**", ".", "N/A", "n/a", "NA", "null", "NULL", "none", "None", "nil", "xx", "XX",
    "xxx", "XXX", "某某",
)  # fmt: skip
"""Text that fills a required cell and says nothing; a rule of the sheet finds it, others pass it over."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value a choice column may hold, with every other way of writing it."""

    value: str
    en: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the filing sheet.

    ``organisation`` and ``individual`` say whether it must be filled: ``required``, ``optional``,
    empty (the form has no such field) or the case in words.
    """

    key: str
    zh: str
    en: str
    group: str
    kind: Kind
    organisation: str
    individual: str
    aliases: tuple[str, ...]
    note: str

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The values allowed, in the order of the form; empty where anything may stand."""
        return choices().get(self.key, ())

    @property
    def headers(self) -> tuple[str, ...]:
        """Every text that may head the column in a workbook."""
        return (self.key, self.zh, self.en, *self.aliases)

    def label(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def _table(name: str) -> Iterator[dict[str, str]]:
    # utf-8-sig: the tables carry the mark Excel needs to open them as UTF-8.
    text = (files("expectations") / "reference" / name).read_text(encoding="utf-8-sig")
    yield from csv.DictReader(text.splitlines())


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


COLUMNS: dict[str, Column] = {
    row["key"]: Column(**{**row, "aliases": _split(row["aliases"])})  # type: ignore[arg-type]
    for row in _table("filing_sheet.csv")
}
"""Every column by its key, in the order of the form."""


@cache
def choices() -> dict[str, tuple[Choice, ...]]:
    """The values of each choice column; columns that share a list share its rows."""
    found: dict[str, list[Choice]] = {}
    for row in _table("choices.csv"):
        choice = Choice(row["value"], row["en"], _split(row["aliases"]))
        for key in _split(row["columns"]):
            found.setdefault(key, []).append(choice)
    return {key: tuple(values) for key, values in found.items()}


def of_kind(*kinds: Kind) -> tuple[str, ...]:
    """Keys of the columns of these kinds."""
    return tuple(key for key, column in COLUMNS.items() if column.kind in kinds)
