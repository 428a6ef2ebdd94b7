"""What a report calls its own columns and sheets, so that a report sent back is known for what it is.

Each name begins with a mark no sender uses, in either language; the reader skips what bears it and
the writer replaces it. Light on purpose: the reader imports this.
"""

from __future__ import annotations

import unicodedata

MARKS = ("预检·", "Precheck·")

COLUMNS: dict[str, tuple[str, str]] = {
    "verdict": ("预检·结论", "Precheck·Verdict"),
    "reasons": ("预检·驳回原因", "Precheck·Reasons"),
    "fix": ("预检·修改建议", "Precheck·How to mend"),
    "owner": ("预检·责任方", "Precheck·Who must act"),
    "suggested": ("预检·建议值", "Precheck·Suggested values"),
    "adopt": ("预检·采纳", "Precheck·Adopt"),
    "unchecked": ("预检·未能检查项数", "Precheck·Checks not possible"),
    "change": ("预检·与上次相比", "Precheck·Since last time"),
}
"""Headers of the columns put beside the sender's, by key: Chinese, English."""

SHEETS: dict[str, tuple[str, str]] = {
    "summary": ("预检·摘要", "Precheck·Summary"),
    "findings": ("预检·问题清单", "Precheck·Findings"),
    "rules": ("预检·规则", "Precheck·Rules"),
    "chase": ("预检·催办清单", "Precheck·Chase list"),
}
"""Names of the sheets added, by key; a findings sheet that overflows goes on in ``… 2``, ``… 3``."""


def column_header(key: str, language: str) -> str:
    """The header of our column ``key``."""
    return COLUMNS[key][language != "zh"]


def sheet_name(key: str, language: str, part: int = 1) -> str:
    """The name of our sheet ``key``; ``part`` counts the sheets one list fills."""
    name = SHEETS[key][language != "zh"]
    return name if part == 1 else f"{name} {part}"


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


_KEYS = {_plain(header): key for key, headers in COLUMNS.items() for header in headers}
_SHEETS = {_plain(name) for names in SHEETS.values() for name in names}


def own_column(text: str) -> str | None:
    """The key of the column of ours that ``text`` heads, or None."""
    return _KEYS.get(_plain(text))


def is_own_header(text: str) -> bool:
    """Whether a header was written by a report."""
    return own_column(text) is not None


def is_own_sheet(name: str) -> bool:
    """Whether a sheet was added by a report."""
    plain = _plain(name)
    head, _, number = plain.rpartition(" ")
    return plain in _SHEETS or (number.isascii() and number.isdigit() and head in _SHEETS)
