"""What became of a run: of each file that was met, and of all of them together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from expectations.words import Words
from flows.steps.intake import Found
from flows.steps.staging import Staged


@dataclass
class Workbook:
    """One file met on the way, and what became of it."""

    found: Found
    status: str = "judged"  # or refused, skipped
    words: Words | None = None
    staged: Staged | None = None
    counts: dict[str, int] = field(default_factory=dict)
    adopted: pd.DataFrame | None = None
    report: str = ""
    fault: str = ""

    def entry(self, language: str) -> dict[str, Any]:
        """Its line in ``summary.json``."""
        reading = self.staged.emptied if self.staged else None
        return {
            "workbook": self.found.workbook,
            "status": self.status,
            "reason": self.words(language) if self.words else "",
            "sheets": [sheet.name for sheet in reading.sheets] if reading else [],
            "rows": sum(self.counts.values()),
            **{name: self.counts.get(name, 0) for name in ("rejected", "review", "ready")},
            "adopted": 0 if self.adopted is None else len(self.adopted),
            "report": self.report,
            "notes": [words(language) for words in reading.notes] if reading else [],
            "skipped_sheets": {name: words(language) for name, words in reading.skipped} if reading else {},
        }


@dataclass(frozen=True)
class Outcome:
    """A finished run: ``summary`` is the content of summary.json."""

    summary: dict[str, Any]
    workbooks: list[Workbook]

    @property
    def exit_code(self) -> int:
        """0 all ready · 1 some rejected · 2 a workbook could not be read · 3 a fault of ours."""
        if any(workbook.fault for workbook in self.workbooks):
            return 3
        if any(workbook.status == "refused" for workbook in self.workbooks):
            return 2
        return 1 if self.summary["rejected"] else 0
