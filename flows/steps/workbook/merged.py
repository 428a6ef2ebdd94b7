"""Cells merged down a column: one value that stands for several filings."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Merged:
    """Of each merged area its column (from 0), first and last row (as Excel counts), ascending."""

    areas: tuple[tuple[int, int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.areas)

    def rows(self, column: int, row: int) -> range:
        """The rows that share the cell; only the first one's is seen and holds the value."""
        place = bisect_right(self.areas, (column, row, 1 << 30)) - 1
        if place >= 0:
            at, top, bottom = self.areas[place]
            if at == column and row <= bottom:
                return range(top, bottom + 1)
        return range(row, row + 1)


NOTHING_MERGED = Merged()
