"""Where things stand in a sheet of filings, and where ours are put."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.steps import own
from flows.steps.coordinates import LAST_COLUMN, bounds, letters
from flows.steps.report.listing import FIRST_LINE, LINES_A_SHEET

WIDTHS = {
    "verdict": 11, "reasons": 62, "fix": 54, "owner": 16, "suggested": 36, "adopt": 12, "unchecked": 20, "change": 20,
}  # fmt: skip
"""Of our columns, in digits."""


@dataclass
class Plan:
    """Where things stand in a sheet: rows count from 1, columns from 0."""

    name: str
    part: str
    header_row: int
    last_row: int
    last_column: int
    language: str
    own_columns: Mapping[str, int] = field(default_factory=dict)
    table_areas: tuple[str, ...] = ()
    deselect: bool = False
    adopted: Mapping[int, Mapping[int, str]] = field(default_factory=dict)
    """Values taken over, by row and column: they are written into their cells."""
    notes: str = ""
    """Id of the relation to a drawing of comments the sheet did not have."""

    def __post_init__(self) -> None:
        edge = max([self.last_column, *self.own_columns.values(), *(bounds(ref)[2] for ref in self.table_areas)])
        absent = [key for key in own.COLUMNS if key not in self.own_columns]
        self.positions: dict[str, int] = {key: self.own_columns[key] for key in own.COLUMNS if key in self.own_columns}
        if edge + len(absent) < LAST_COLUMN:
            self.positions |= {key: edge + 1 + place for place, key in enumerate(absent)}
        self.mine = frozenset(self.positions.values())

    @property
    def beginning(self) -> str:
        """The cell where our columns begin."""
        return f"{letters(min(self.mine, default=0))}{self.header_row}"

    @property
    def last_of_all(self) -> int:
        return max(self.last_column, *self.mine, 0)


def line_place(line: int, plan: Plan) -> tuple[str, int]:
    """The findings sheet and row where a finding stands."""
    part, place = divmod(line, LINES_A_SHEET)
    return own.sheet_name("findings", plan.language, part + 1), FIRST_LINE + place


def width_of(key: str, language: str) -> int:
    """The width of a column of ours, in digits: its header is never cut."""
    return max(WIDTHS[key], len(own.column_header(key, language).encode("gbk", "replace")) + 4)
