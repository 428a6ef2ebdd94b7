"""What a cell that fits no list was meant to be: the nearest value, where only one is near."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from expectations.filing import SEPARATOR, Column

NEAR = 0.7
"""Least similarity (:class:`difflib.SequenceMatcher`) of a value worth suggesting."""
AHEAD = 0.1
"""So much nearer than any other value it must be."""


def nearest(text: str, names: Iterable[tuple[str, str]]) -> str:
    """The value whose name is clearly nearest to ``text``, else ``""``.

    Args:
        text: what was typed.
        names: pairs of a way of writing a value and the value; several may mean the same.
    """
    best: dict[str, float] = {}
    for name, value in names:
        likeness = SequenceMatcher(None, text.casefold(), name.casefold(), autojunk=False).ratio()
        best[value] = max(best.get(value, 0.0), likeness)
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < NEAR or (len(ranked) > 1 and ranked[1][1] > ranked[0][1] - AHEAD):
        return ""
    return ranked[0][0]


def outside(column: Column, text: str) -> tuple[str, ...]:
    """Which values of a cell are none of the column's choices."""
    known = {choice.value for choice in column.choices}
    parts = text.split(SEPARATOR) if column.kind == "choices" else [text]
    return tuple(part for part in parts if part and part not in known)


def nearest_choice(column: Column, text: str) -> str:
    """The cell with every value outside the list replaced by its nearest; ``""`` where one has none."""
    names = [(name, choice.value) for choice in column.choices for name in (choice.value, choice.en, *choice.aliases)]
    known = {choice.value for choice in column.choices}
    parts = text.split(SEPARATOR) if column.kind == "choices" else [text]
    mended = [part if part in known else nearest(part, names) for part in parts]
    return SEPARATOR.join(dict.fromkeys(mended)) if all(mended) else ""
