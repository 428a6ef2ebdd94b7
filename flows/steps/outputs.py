"""findings.parquet, verdicts.parquet and the counts of summary.json: the same bytes for the same input."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from expectations.findings import FINDING_COLUMNS
from expectations.reasons import REASONS
from flows.steps.staging import Staged, load

_WHERE = ("workbook", "sheet", "row", "filing_no")
_SINCE = ("filing_key", "change")
_JUDGED = ("filing_key", "content", "change", "mended")
"""``mended`` are rules that failed in an earlier run and do no more: the next run tells by it what came back."""


def _schema(*names: str) -> pa.Schema:
    numbers = {"row": pa.int32(), "reason": pa.int8()}
    return pa.schema([(name, numbers.get(name, pa.string())) for name in names])


FINDINGS = _schema(*_WHERE, *FINDING_COLUMNS, *_SINCE)
VERDICTS = _schema(*_WHERE, "verdict", *(f"reason_{reason.number}" for reason in REASONS), *_JUDGED)
PACKAGES = ("icp-preflight", "great-expectations", "pandas", "phonenumbers", "openpyxl", "prefect")


def write_tables(workbooks: Iterable[Staged], out: Path) -> None:
    """``findings.parquet`` and ``verdicts.parquet`` over all workbooks, in their order."""
    workbooks = list(workbooks)
    for name, schema in (("findings", FINDINGS), ("verdicts", VERDICTS)):
        target = out / f"{name}.parquet"
        scratch = target.with_suffix(".writing")
        with pq.ParquetWriter(scratch, schema, compression="zstd") as writer:
            for staged in workbooks:
                table = load(staged.folder / name)
                for column in {"change", "mended"} & {*schema.names} - {*table.column_names}:
                    # There was no previous run to compare with.
                    table = table.append_column(column, pa.repeat(pa.scalar("", pa.string()), len(table)))
                writer.write_table(table.select(schema.names).cast(schema))
        replace(scratch, target)


def checked_share(verdicts: Iterable[pd.DataFrame]) -> float:
    """How much of the ten reasons was really checked: the share of filing × reason that is not ``unchecked``."""
    unchecked = cells = 0
    columns = [f"reason_{reason.number}" for reason in REASONS if reason.number]
    for frame in verdicts:
        unchecked += int((frame[columns] == "unchecked").to_numpy().sum())
        cells += len(frame) * len(columns)
    return 1 - unchecked / cells if cells else 0.0


def counts(workbooks: Iterable[Staged]) -> dict[str, Any]:
    """Totals over all filings: verdicts, findings by reason and by rule, states of each reason."""
    workbooks = list(workbooks)
    totals: Counter[str] = Counter()
    by_rule: Counter[tuple[str, str]] = Counter()
    states: dict[str, Counter[str]] = {str(reason.number): Counter() for reason in REASONS}
    for staged in workbooks:
        verdicts = staged.frame("verdicts")
        totals.update(verdicts["verdict"])
        for number, counter in states.items():
            counter.update(verdicts[f"reason_{number}"])
        found = staged.frame("findings")
        by_rule.update(zip(found["rule"], found["severity"], strict=True))
    filings = sum(totals.values())
    return {
        "checked": round(checked_share(staged.frame("verdicts") for staged in workbooks), 4),
        "filings": filings,
        **{name: totals[name] for name in ("rejected", "review", "ready")},
        "first_pass_rate": round(1 - totals["rejected"] / filings, 4) if filings else None,
        "findings": sum(by_rule.values()),
        "reasons": {number: dict(sorted(counter.items())) for number, counter in states.items()},
        "rules": {
            rule: {"error": by_rule[rule, "error"], "warning": by_rule[rule, "warning"]}
            for rule in sorted({rule for rule, _ in by_rule})
        },
    }


def versions() -> dict[str, str]:
    """Of this package and of those whose answers a verdict rests on."""
    return {name: version(name) for name in PACKAGES}


def replace(scratch: Path, target: Path) -> None:
    """Put a finished file in its place, on disk before it is seen."""
    with scratch.open("rb") as file:
        os.fsync(file.fileno())
    scratch.replace(target)
