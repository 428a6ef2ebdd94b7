"""Compare the filings of a run with how they were judged before, and say so beside their findings and verdicts."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from expectations.rows import Basis
from flows.steps import causes, changes
from flows.steps.staging import Staged

_LOG = logging.getLogger("icp_preflight")
_VERDICT = (*changes.VERDICT, "content")


def compare(judged: Sequence[Staged], basis: Basis, previous: Path | None, history: Path | None) -> dict[str, int]:
    """Say of each finding and filing what became of it, and of a filing of the same data, why; gives the counts.

    Args:
        previous: the reports of an earlier run.
        history: where none is named: what the history last said of each filing counts.
    """
    given = [staged.frame("verdicts", _VERDICT) for staged in judged]
    everything = pd.concat(given, ignore_index=True)
    before = _before(everything["filing_key"], basis, previous, history)
    if before is None:
        return {}
    found = [staged.frame("findings", changes.FINDING) for staged in judged]
    compared = changes.compare(pd.concat(found, ignore_index=True), everything, *before)
    for name, parts, marked, new in (
        ("findings", found, compared.findings, ["change"]),
        ("verdicts", given, compared.verdicts, ["change", "mended"]),
    ):
        start = 0
        for staged, part in zip(judged, parts, strict=True):
            added = marked[new].iloc[start : start + len(part)].reset_index(drop=True)
            staged.put(name, staged.frame(name).drop(columns=new, errors="ignore").join(added))
            start += len(part)
    _tell_causes(judged, everything, basis, previous, history)
    return compared.counts


def _before(
    keys: pd.Series, basis: Basis, previous: Path | None, history: Path | None
) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Findings and verdicts of the earlier run."""
    if previous is not None:
        return pd.read_parquet(previous / "findings.parquet"), pd.read_parquet(previous / "verdicts.parquet")
    if history is None or not history.exists():
        return None
    from flows.steps.history import HistoryError, last_said

    try:
        return last_said(history, basis.as_of, keys)
    except HistoryError as error:  # it can wait until somebody asks the history itself
        _LOG.warning("%s", error)
        return None


def _tell_causes(
    judged: Sequence[Staged], everything: pd.DataFrame, basis: Basis, previous: Path | None, history: Path | None
) -> None:
    """Add to ``change`` of each filing that is judged otherwise though its data is the same, why."""
    if previous is not None:
        before, then = causes.of_folder(previous)
    elif history is not None:
        from flows.steps.history import History
        from flows.steps.history.before import last_judged

        keys = everything[["filing_key", "content"]]
        keys = keys[keys["filing_key"] != ""].drop_duplicates("filing_key", keep=False, ignore_index=True)
        before, then = last_judged(History(history), keys, basis.as_of)
    now = causes.grounds(basis)
    for staged in judged if len(before) else ():
        verdicts = staged.frame("verdicts")
        why = causes.told(verdicts, staged.frame("findings", ("filing_key", "rule", "severity")), before, then, now)
        if (why != "").any():
            staged.put("verdicts", verdicts.assign(change=(verdicts["change"] + ";" + why).str.strip(";")))
