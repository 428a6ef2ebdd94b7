"""Judge labelled filings, and count what was missed and what was raised for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa

from data.synthetic.labelled.clean import AS_OF, Row
from expectations import findings
from expectations.catalogue import catalogue
from expectations.cells import canonical_table
from expectations.filing import COLUMNS
from expectations.reasons import REASONS
from expectations.reference import Reference
from expectations.rows import Basis, Filings
from flows.steps.workbook import read


@dataclass(frozen=True)
class Judged:
    """Labelled rows with what was found; ``findings`` has the row's position."""

    rows: Sequence[Row]
    findings: pd.DataFrame
    verdicts: pd.DataFrame

    def labels(self) -> pd.DataFrame:
        return pd.DataFrame({"kind": [row.kind for row in self.rows], "reason": [row.reason for row in self.rows]})


def from_cells(typed: Sequence[dict[str, str]]) -> pd.DataFrame:
    """Canonical filings, straight from typed cells."""
    table = pa.table({key: pa.array([cells.get(key, "") for cells in typed], pa.large_string()) for key in COLUMNS})
    return canonical_table(table).to_pandas().astype("str")


def from_workbook(typed: Sequence[dict[str, str]], folder: Path) -> pd.DataFrame:
    """Canonical filings, by way of a workbook written and read again."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("备案")
    sheet.append([column.zh for column in COLUMNS.values()])
    for cells in typed:
        sheet.append([cells.get(key, "") or None for key in COLUMNS])
    book.save(folder / "labelled.xlsx")
    filings = read(folder / "labelled.xlsx", "labelled.xlsx").filings.to_pandas().astype("str")
    if len(filings) != len(typed):
        raise ValueError("the workbook gave back another number of filings")
    return filings


def judge(
    rows: Sequence[Row], frame: pd.DataFrame, joined: Sequence[pd.DataFrame] = (), statement: str = "by-province"
) -> Judged:
    """Judge canonical filings, one per label; ``joined`` are columns of the register or the attachments."""
    located = frame.assign(workbook="labelled.xlsx", sheet="备案", row=range(2, len(frame) + 2))
    everything = pd.concat([located.reset_index(drop=True), *joined], axis=1)
    basis = Basis(AS_OF, Reference(AS_OF), "zh", statement)
    filings = Filings(everything, frame.reset_index(drop=True), basis)
    # The outcomes themselves: that Great Expectations gives the same ones is another test's matter.
    outcomes = {number: rule.outcome(filings) for number, rule in catalogue().items()}
    return Judged(rows, findings.all_findings(filings, outcomes), findings.verdicts(filings, outcomes))


def recall(judged: Sequence[Judged]) -> pd.DataFrame:
    """Each row with a defect: its kind, the reason, and whether that reason has an error."""
    parts = []
    for part in judged:
        labels = part.labels()
        defects = labels["reason"].notna()
        states = part.verdicts[defects.to_numpy()].reset_index(drop=True)
        labels = labels[defects].reset_index(drop=True).astype({"reason": int})
        errors = pd.DataFrame({reason.number: states[f"reason_{reason.number}"] == "error" for reason in REASONS})
        labels["found"] = [bool(errors.at[at, reason]) for at, reason in enumerate(labels["reason"])]
        parts.append(labels)
    return pd.concat(parts, ignore_index=True)


def false_alarms(judged: Sequence[Judged]) -> tuple[int, pd.DataFrame]:
    """How many clean rows there are, and each finding on them that the facts do not demand."""
    clean, found = 0, []
    for number, part in enumerate(judged):
        labels = part.labels()
        ours = (labels["reason"].isna() & (labels["kind"] != "partner")).to_numpy(dtype=bool)
        clean += int(ours.sum())
        raised = part.findings[ours[part.findings["position"]]]
        where = zip(raised["position"], raised["rule"], raised["severity"], strict=True)
        allowed = [grade == "warning" and rule in part.rows[position].allowed for position, rule, grade in where]
        kinds = raised["position"].map(labels["kind"])
        found.append(raised.assign(kind=kinds, part=number)[~np.array(allowed, dtype=bool)])
    return clean, pd.concat(found, ignore_index=True)


def elsewhere(judged: Sequence[Judged]) -> pd.Series:
    """Errors of other reasons than the defect's: the share of filings by reason, kind and rule."""
    found = []
    for part in judged:
        labels = part.labels()
        sizes = labels["kind"].value_counts()
        errors = part.findings[part.findings["severity"] == "error"]
        errors = errors.assign(
            kind=errors["position"].map(labels["kind"]), due=errors["position"].map(labels["reason"])
        )
        errors = errors[errors["due"].notna() & (errors["due"] != errors["reason"])]
        counts = errors.groupby(["due", "kind", "rule"])["position"].nunique()
        found.append(counts / [sizes[kind] for _, kind, _ in counts.index])
    return pd.concat(found)
