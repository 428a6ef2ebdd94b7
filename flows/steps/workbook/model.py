"""What a reading is made of. Light to import: pyarrow only for the type checker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from expectations.words import Words
from flows.steps.workbook.merged import NOTHING_MERGED, Merged

if TYPE_CHECKING:
    import pyarrow as pa

Format = Literal["xlsx", "xlsm", "xls", "xlsb", "ods", "csv"]
Damage = Literal["digits_lost", "number_form", "error", "formula"]

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one workbook may cost. Beyond it the workbook is refused, and the others go on.

    ``seconds`` of wall time (less for small files, see :meth:`patience`), ``megabytes`` of address
    space of the process that reads, ``cells`` of the smallest rectangle around all cells of a sheet,
    ``expanded`` bytes of all parts of a package, ``ratio`` of a part's size to its compressed size
    (looked at from 32 MiB), ``entries`` of a package, ``merges`` of a sheet.
    """

    seconds: int = 300
    megabytes: int = 6144
    cells: int = 150_000_000
    expanded: int = 6 << 30
    ratio: int = 250
    entries: int = 5000
    merges: int = 300_000

    def patience(self, size: int) -> float:
        """Seconds of wall time for a file of ``size`` bytes: a small file that takes long never ends."""
        return min(float(self.seconds), 30 + 6 * size / MIB)


class Refused(Exception):  # noqa: N818 - not a fault: an answer to the sender
    """A workbook that cannot be judged, in words for the sender: what was found, what to do."""

    status = "refused"

    def __init__(self, words: Words, detail: str = "") -> None:
        super().__init__(words.en)
        self.words = words
        self.detail = detail
        """What a maintainer may want to know besides; never a cell's content."""


@dataclass(frozen=True)
class Sheet:
    """A sheet with filings. Rows are Excel's numbers, columns count from 0."""

    name: str
    part: str | None
    """The part of the package (``xl/worksheets/sheet1.xml``), for xlsx and xlsm."""
    header_row: int
    """The last row of the header."""
    columns: dict[str, int]
    """Where each of our columns stands."""
    headers: dict[str, str]
    """How each of our columns is headed."""
    last_column: int
    """The last column of the sender's that holds anything in any row, or lies under a merge beside a filing;
    our own columns do not count."""
    last_cell_column: int
    """The last column with a cell of any kind, blank but formatted ones and our own included."""
    first_row: int
    last_row: int
    """Rows of the first and the last filing."""
    rows: int
    hidden: bool
    hidden_rows: int = 0
    """Filings standing in hidden rows."""
    hidden_columns: tuple[str, ...] = ()
    """Our columns that are hidden."""
    merged: Merged = NOTHING_MERGED
    """Cells of our columns that stand for several filings."""
    autofilter: bool = False
    tables: bool = False
    regular: bool = True
    """Whether the sheet's XML is written the way Excel writes it."""


@dataclass(frozen=True)
class Reading:
    """A workbook as read. ``filings`` and ``typed`` have one row per filing, in the order of the sheets.

    ``filings`` holds canonical text per column, ``workbook``, ``sheet``, ``row`` (int32) and ``damaged``
    (``key:kind;…``: such a cell is empty here). ``typed`` holds the same columns as the sender sees them.
    """

    path: Path
    workbook: str
    format: Format
    sheets: tuple[Sheet, ...]
    skipped: tuple[tuple[str, Words], ...]
    filings: pa.Table
    typed: pa.Table
    notes: tuple[Words, ...] = ()
