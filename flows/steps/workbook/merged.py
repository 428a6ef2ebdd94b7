"""Cells merged down a column: one value that stands for several filings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Merged:
    """Of some columns (from 0), the first and the last row of each merged area, ascending; rows are Excel's."""

    areas: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict)

    @staticmethod
    def of(areas: Iterable[tuple[int, int, int]]) -> Merged:
        """From column, first and last row of each area."""
        found: dict[int, list[tuple[int, int]]] = {}
        for column, top, bottom in sorted(areas):
            found.setdefault(column, []).append((top, bottom))
        return Merged({column: tuple(rows) for column, rows in found.items()})

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        return ((column, *rows) for column, areas in self.areas.items() for rows in areas)

    def __len__(self) -> int:
        return sum(map(len, self.areas.values()))

    def rows(self, column: int, row: int) -> range:
        """The rows that share the cell; only the first one's is seen and holds the value."""
        areas = self.areas.get(column, ())
        place = bisect_right(areas, (row, 1 << 30)) - 1
        if place >= 0 and row <= areas[place][1]:
            return range(areas[place][0], areas[place][1] + 1)
        return range(row, row + 1)


NOTHING_MERGED = Merged()
