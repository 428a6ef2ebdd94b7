"""One run in depth, from the tables beside its reports: which rules, which columns, which rows.

Places only: no cell of a workbook leaves these functions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from expectations.filing import COLUMNS
from expectations.reasons import REASONS
from flows.steps.outputs import FINDINGS, VERDICTS

_WHERE = ["workbook", "sheet", "row"]
_KEPT = [*_WHERE, "filing_no", "reason", "rule", "severity", "columns", "owner"]


@dataclass(frozen=True)
class OneRun:
    """The findings and verdicts of a run, without values, and its ``summary.json``; all empty where there is none."""

    findings: pd.DataFrame
    verdicts: pd.DataFrame
    summary: dict[str, Any]

    @property
    def empty(self) -> bool:
        return self.verdicts.empty

    @classmethod
    def load(cls, folder: Path | None) -> OneRun:
        """The run whose reports lie in ``folder``."""
        if folder is None or not (folder / "summary.json").exists():
            return cls(FINDINGS.empty_table().select(_KEPT).to_pandas(), VERDICTS.empty_table().to_pandas(), {})
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        findings = pd.read_parquet(folder / "findings.parquet", columns=_KEPT)
        return cls(findings, pd.read_parquet(folder / "verdicts.parquet", columns=VERDICTS.names), summary)


def newest(*folders: Path) -> Path | None:
    """The folder of the last run below any of ``folders``; None where there is none."""
    found = [path for folder in folders for path in folder.rglob("summary.json")]
    return max(found, key=lambda path: path.stat().st_mtime).parent if found else None


def workbooks(run: OneRun) -> pd.DataFrame:
    """Each workbook's filings by verdict, the worst first."""
    counts = run.verdicts.groupby(["workbook", "verdict"]).size().unstack(fill_value=0)
    counts = counts.reindex(columns=["rejected", "review", "ready"], fill_value=0).astype("int64")
    counts.insert(0, "filings", counts.sum(axis=1))
    counts["rejected_share"] = counts["rejected"] / counts["filings"]
    return counts.sort_values("rejected", ascending=False).reset_index()


def reasons(run: OneRun) -> pd.DataFrame:
    """Each reason: in how many filings it is wrong, doubtful, could not be judged, or passes."""
    rows = [
        {"reason": reason.number, "filings": len(run.verdicts)}
        | {
            name: int((run.verdicts[f"reason_{reason.number}"] == state).sum())
            for name, state in (("error", "error"), ("warning", "warning"), ("unchecked", "unchecked"))
        }
        for reason in REASONS
    ]
    return pd.DataFrame(
        rows if len(run.verdicts) else [], columns=["reason", "filings", "error", "warning", "unchecked"]
    )


def rules(run: OneRun) -> pd.DataFrame:
    """Each rule that found something, and how often."""
    found = run.findings.groupby(["rule", "reason", "severity"]).size().unstack(fill_value=0)
    found = found.reindex(columns=["error", "warning"], fill_value=0).astype("int64").reset_index()
    return found.sort_values(["error", "warning", "rule"], ascending=[False, False, True], ignore_index=True)


def columns(run: OneRun, language: str = "zh") -> pd.DataFrame:
    """Each column with findings, by its label; a finding on several columns counts for each."""
    exploded = run.findings.assign(column=run.findings["columns"].astype("str").str.split(";")).explode("column")
    exploded = exploded[exploded["column"].isin(list(COLUMNS))]
    found = exploded.groupby("column").agg(
        error=("severity", lambda values: int((values == "error").sum())),
        warning=("severity", lambda values: int((values == "warning").sum())),
    )
    found = found.reset_index().sort_values(["error", "warning", "column"], ascending=[False, False, True])
    found["column"] = [COLUMNS[key].label(language) for key in found["column"]]
    return found.reset_index(drop=True)


def together(run: OneRun) -> pd.DataFrame:
    """Pairs of rules that fail in the same filings: often one cause. The share is of the rarer rule's filings."""
    rules_of = run.findings.groupby(_WHERE)["rule"].unique()
    pairs = [pair for rules in rules_of if len(rules) > 1 for pair in combinations(sorted(rules), 2)]
    counts = pd.Series(pairs, dtype=object).value_counts()
    found = pd.DataFrame(
        {
            "rule": [pair[0] for pair in counts.index],
            "with_rule": [pair[1] for pair in counts.index],
            "together": counts.to_numpy(dtype="int64"),
        }
    )
    filings = run.findings.drop_duplicates([*_WHERE, "rule"])["rule"].value_counts()
    rarer = [min(filings[one], filings[other]) for one, other in zip(found["rule"], found["with_rule"], strict=True)]
    return found.assign(together_share=found["together"] / pd.Series(rarer, index=found.index, dtype="float64"))


def rows(run: OneRun, rule: str, language: str = "zh") -> pd.DataFrame:
    """Where one rule failed: workbook, sheet, row and columns, to open the report at."""
    found = run.findings.loc[run.findings["rule"] == rule, [*_WHERE, "filing_no", "severity", "columns"]]
    names = {
        keys: "、".join(COLUMNS[key].label(language) for key in keys.split(";") if key in COLUMNS)
        for keys in found["columns"].unique()
    }
    return found.assign(columns=found["columns"].map(names)).reset_index(drop=True)


def mending(run: OneRun) -> pd.DataFrame:
    """How many findings each party has to mend."""
    found = run.findings.groupby("owner").agg(
        error=("severity", lambda values: int((values == "error").sum())),
        warning=("severity", lambda values: int((values == "warning").sum())),
    )
    return found.reset_index().sort_values("error", ascending=False, ignore_index=True)
