"""The numbers of the summary, counted from findings and verdicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from expectations.reasons import REASONS
from expectations.words import VERDICTS
from flows.steps.report.places import Places, taken

_BATCH = 1 << 16
_STATES = ("error", "warning", "unchecked", "pass")


@dataclass(frozen=True)
class Tally:
    """Of one workbook. ``checked`` is the share of filing × reason (1–10) somebody could judge."""

    filings: int
    verdicts: Mapping[str, int]
    checked: float
    errors: int
    warnings: int
    reasons: pd.DataFrame
    """One row per reason: number, and filings in each state."""
    provinces: pd.DataFrame
    """One row per province, most filings first: province, filings, rejected, review, ready."""
    owners: Mapping[str, int]
    rules: pd.DataFrame
    """One row per rule that fired: rule, findings, filings."""
    changes: Mapping[str, int]
    """Findings and filings since the last run, by what became of them; empty where none is known."""

    @property
    def first_pass(self) -> float:
        """Share of filings no reviewer should reject."""
        return 1 - self.verdicts["rejected"] / self.filings if self.filings else 0.0


def tally(findings: pd.DataFrame, verdicts: pd.DataFrame, filings: pa.Table, places: Places) -> Tally:
    """Count."""
    counts = verdicts["verdict"].value_counts()
    reasons = []
    for reason in REASONS:
        column = f"reason_{reason.number}"
        states = verdicts[column].value_counts() if column in verdicts else pd.Series(dtype=int)
        reasons.append({"number": reason.number} | {state: int(states.get(state, 0)) for state in _STATES})
    table = pd.DataFrame(reasons)
    ten = table[table["number"] > 0]
    judged = len(verdicts) * len(ten)
    return Tally(
        filings=len(verdicts),
        verdicts={name: int(counts.get(name, 0)) for name in VERDICTS},
        checked=1 - float(ten["unchecked"].sum()) / judged if judged else 0.0,
        errors=int((findings["severity"] == "error").sum()),
        warnings=int((findings["severity"] == "warning").sum()),
        reasons=table,
        provinces=_provinces(verdicts, filings, places),
        owners={str(name): int(count) for name, count in findings["owner"].value_counts().items()},
        rules=_rules(findings),
        changes=_changes(verdicts),
    )


def _changes(verdicts: pd.DataFrame) -> dict[str, int]:
    """Sums over ``code:count;…`` of each filing; a code without a count counts the filing."""
    counts: dict[str, int] = {}
    seen = verdicts["change"].fillna("").value_counts() if "change" in verdicts else pd.Series(dtype=int)
    for text, filings in seen.items():
        for part in filter(None, str(text).split(";")):
            code, _, count = part.partition(":")
            code, number = (code, int(count)) if count.isdigit() else (part, 1)
            counts[code] = counts.get(code, 0) + number * int(filings)
    return counts


def _rules(findings: pd.DataFrame) -> pd.DataFrame:
    codes, names = pd.factorize(findings["rule"])
    sheets = pd.factorize(findings["sheet"])[0]
    row = findings["row"].to_numpy(dtype=np.int64)
    # A filing a rule found twice counts once: rule, sheet and row as one number (rows are below 2^21).
    once = np.unique(((codes.astype(np.int64) << 16) + sheets << 21) + row) >> 37
    table = pd.DataFrame({"rule": names.astype("str")})
    table["findings"] = np.bincount(codes, minlength=len(names))
    table["filings"] = np.bincount(once, minlength=len(names))
    return table.sort_values(["findings", "rule"], ascending=[False, True], ignore_index=True)


def _provinces(verdicts: pd.DataFrame, filings: pa.Table, places: Places) -> pd.DataFrame:
    counts: Counter[tuple[str, str]] = Counter()
    if "province" in filings.column_names:
        for start in range(0, len(verdicts), _BATCH):
            part = verdicts.iloc[start : start + _BATCH]
            counts.update(zip(taken(filings, "province", places.of(part)), part["verdict"], strict=True))
    lines = [
        (name, sum(counts[name, one] for one in VERDICTS), *(counts[name, one] for one in VERDICTS))
        for name in {name for name, _ in counts}
    ]
    table = pd.DataFrame(lines, columns=["province", "filings", *VERDICTS])
    return table.sort_values(["filings", "rejected", "province"], ascending=[False, False, True], ignore_index=True)
