"""What stands beside each filing in its own sheet: verdict, reasons, repairs; and which of its cells are marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from expectations.filing import COLUMNS
from expectations.reasons import REASONS
from expectations.rule import OWNERS
from flows.steps import own
from flows.steps.report import words
from flows.steps.workbook.merged import NOTHING_MERGED, Merged

_BATCH = 4096
_MOST_LISTED = 8
_STATES = [f"reason_{reason.number}" for reason in REASONS]


@dataclass(frozen=True, slots=True)
class Filing:
    """The texts of our columns for one row; ``line`` is the place of its first finding in the list, -1 for none."""

    verdict: str
    unchecked: int
    reasons: str = ""
    fix: str = ""
    owner: str = ""
    suggested: str = ""
    change: str = ""
    line: int = -1
    marks: Mapping[int, str] = field(default_factory=dict)
    """The columns to mark, with how."""


class Beside:
    """Our columns of one sheet.

    ``findings`` are those of this sheet, with ``line`` (their place in the list, from 0); ``verdicts`` one
    row per filing; ``columns`` place each key in the sheet, from 0; of ``merged`` cells the one that is seen is marked.
    """

    def __init__(
        self,
        findings: pd.DataFrame,
        verdicts: pd.DataFrame,
        columns: Mapping[str, int],
        language: str,
        merged: Merged = NOTHING_MERGED,
    ) -> None:
        self._language, self._merged = language, merged
        in_order = verdicts["row"].is_monotonic_increasing
        self._verdicts = verdicts if in_order else verdicts.sort_values("row", kind="stable", ignore_index=True)
        self._rows = self._verdicts["row"].to_numpy()
        self._findings = findings
        self._order = np.lexsort((findings["line"].to_numpy(), findings["row"].to_numpy())).astype(np.int32)
        self._finding_rows = findings["row"].to_numpy()[self._order]
        self._columns = columns
        self._batch: dict[int, Filing] = {}
        self._known = -1
        self._shared = self._shared_marks() if merged else {}
        labels = {reason.number: reason.label(language) for reason in REASONS}
        soft = words.SEVERITIES["warning"](language)
        left, right = "【】" if language == "zh" else ("[", "] ")
        self._reason = {(number, "error"): f"{left}{label}{right}" for number, label in labels.items()}
        self._reason |= {(number, "warning"): f"{left}{label}·{soft}{right}" for number, label in labels.items()}

    @property
    def first_row(self) -> int:
        return int(self._rows[0]) if len(self._rows) else 0

    def of(self, row: int) -> Filing | None:
        """What stands beside a row of the sheet; None where it is no filing."""
        # A number of another type would make numpy copy all rows, for each row anew.
        place = int(np.searchsorted(self._rows, self._rows.dtype.type(row)))
        if place == len(self._rows) or self._rows[place] != row:
            return None
        if place // _BATCH != self._known:
            self._known = place // _BATCH
            self._batch = self._compose(self._known * _BATCH)
        return self._batch[row]

    def _compose(self, start: int) -> dict[int, Filing]:
        part = self._verdicts.iloc[start : start + _BATCH]
        unchecked = (part[[name for name in _STATES if name in part]] == "unchecked").sum(axis=1).tolist()
        rows = part["row"].tolist()
        change = part["change"].fillna("").tolist() if "change" in part else [""] * len(part)
        first, last = np.searchsorted(self._finding_rows, (rows[0], rows[-1] + 1))
        found: dict[int, list[tuple[str, ...]]] = {}
        part_findings = self._findings.take(self._order[first:last])
        names = ("row", "line", "reason", "severity", "columns", "expected", "message", "fix", "owner")
        for row, *finding in zip(*(part_findings[name].tolist() for name in names), strict=True):
            found.setdefault(row, []).append(tuple(finding))
        return {
            row: self._filing(row, verdict, count, change_, found.get(row, []))
            for row, verdict, count, change_ in zip(rows, part["verdict"].tolist(), unchecked, change, strict=True)
        }

    def _filing(self, row: int, verdict: str, unchecked: int, change: str, found: list[tuple[str, ...]]) -> Filing:
        language = self._language
        changed = words.change_label(change, language) if change else ""
        if not found:
            return Filing(verdict, unchecked, change=changed, marks=self._shared.get(row, {}))
        listed = found[:_MOST_LISTED]
        number = "{}. {}" if len(found) > 1 else "{1}"
        reasons = [number.format(place, self._reason[int(f[1]), f[2]] + f[5]) for place, f in enumerate(listed, 1)]
        fixes = [number.format(place, f[6]) for place, f in enumerate(listed, 1)]
        if len(found) > len(listed):
            more = words.MORE(language).format(
                count=len(found) - len(listed), sheet=own.sheet_name("findings", language)
            )
            reasons.append(more)
        owners = dict.fromkeys(OWNERS[f[7]](language) for f in found if f[7] in OWNERS)
        return Filing(
            verdict,
            unchecked,
            "\n".join(reasons),
            "\n".join(fixes),
            ("、" if language == "zh" else ", ").join(owners),
            "\n".join(self._suggested(found)),
            changed,
            int(found[0][0]),
            self._marks(row, found),
        )

    def _marks(self, row: int, found: list[tuple[str, ...]]) -> dict[int, str]:
        """The columns at fault; the worst level wins."""
        marks = dict(self._shared.get(row, {}))
        for finding in found:
            for column in self._at_fault(finding[3]):
                if not self._merged or len(self._merged.rows(column, row)) == 1:
                    _worsen(marks, column, finding[2])
        return marks

    def _shared_marks(self) -> dict[int, dict[int, str]]:
        """By the first row of each merged cell, its marks: what is wrong with it in any of its filings."""
        shared: dict[int, dict[int, str]] = {}
        names = ("row", "columns", "severity")
        for row, keys, severity in zip(*(self._findings[name].tolist() for name in names), strict=True):
            for column in self._at_fault(keys):
                rows = self._merged.rows(column, row)
                if len(rows) > 1:
                    _worsen(shared.setdefault(rows[0], {}), column, severity)
        return shared

    def _at_fault(self, keys: str) -> list[int]:
        return [self._columns[key] for key in keys.split(";") if key in self._columns]

    def _suggested(self, found: list[tuple[str, ...]]) -> list[str]:
        """``label：value`` a line, for findings of one cell that know the right value; the first one counts."""
        values: dict[str, str] = {}
        for finding in found:
            key, expected = finding[3], finding[4]
            if expected and key in COLUMNS:
                values.setdefault(key, " ".join(expected.split()))
        colon = "：" if self._language == "zh" else ": "
        return [f"{COLUMNS[key].label(self._language)}{colon}{value}" for key, value in values.items()]


def _worsen(marks: dict[int, str], column: int, severity: str) -> None:
    if marks.get(column) != "error":
        marks[column] = severity
