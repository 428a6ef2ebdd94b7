"""What a report tells beside its findings, and what became of writing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class ReportFacts:
    """Of the run a report belongs to, the same for all its workbooks.

    ``refused`` are the workbooks that could not be read, with the words why; ``snapshot`` is the day the
    provinces' policies were collected.
    """

    as_of: date
    language: str = "zh"
    mask: bool = False
    refused: tuple[tuple[str, str], ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    fingerprints: Mapping[str, str] = field(default_factory=dict)
    snapshot: str = ""
    comments: int = 2_000
    """Most cell comments of one sheet: opening a workbook with more takes minutes."""


@dataclass(frozen=True)
class WriteResult:
    """A report as written. ``how`` is ``patched`` (the sender's own package) or ``fresh``; ``why`` says why fresh."""

    target: Path
    how: str
    why: str = ""
    marked_cells: int = 0
    comments: int = 0
    links: int = 0
    findings: int = 0
    sheets: tuple[str, ...] = ()
