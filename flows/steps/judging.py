"""Judge the filings of one workbook, with what the ledger, the register and the attachments add to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from expectations.catalogue import catalogue
from expectations.rows import Basis, Filings, ledger_columns, ledger_entries
from flows.steps.digest import Digest, filing_keys
from flows.steps.staging import Staged

JOINED = ("ledger", "register", "attachments")
"""Tables of columns that may lie beside the filings, row by row, for the rules to read."""


def filings(staged: Staged, basis: Basis) -> Filings:
    """The filings of a workbook with every column joined on so far."""
    reading = staged.reading()
    joined = [staged.frame(name) for name in JOINED if staged.has(name)]
    frame = pd.concat([reading.filings.to_pandas(), *joined], axis=1)
    return Filings(frame, reading.typed.to_pandas(), basis)


def join_ledger(
    workbooks: list[Staged],
    basis: Basis,
    earlier: Callable[[pd.DataFrame], pd.DataFrame] = lambda entries: entries.iloc[:0],
) -> None:
    """Put the ledger's columns beside the filings of each workbook.

    The only step that sees all workbooks at once: it knows which mobile, domain or service code was
    used by whom, wherever in the run.

    Args:
        earlier: gives entries of earlier runs that share something with those of this one.
    """
    catalogue()  # the rooms declare what the ledger holds
    entries = [ledger_entries(filings(staged, basis)) for staged in workbooks]
    if not entries:
        return
    sizes = [len(own) for own in entries]
    everything = pd.concat(entries, ignore_index=True)
    entries.clear()  # of a million filings, once is enough
    known = earlier(everything)
    if len(known):
        everything = pd.concat([everything, known], ignore_index=True)
    columns = ledger_columns(everything)
    start = 0
    for staged, size in zip(workbooks, sizes, strict=True):
        staged.put("ledger", columns.iloc[start : start + size])
        start += size


def judge(staged: Staged, basis: Basis, digest: Digest, data_docs: Path | None = None) -> dict[str, int]:
    """Judge one workbook; findings and verdicts are put beside its filings.

    Each carries ``filing_key``, by which a filing is known again in a later run.

    Returns:
        How many filings are ``rejected``, for ``review`` and ``ready``.
    """
    from expectations import suite  # Great Expectations takes seconds to import

    rows = filings(staged, basis)
    judgement = suite.judge(rows, data_docs)
    location = pd.DataFrame(
        {name: rows[name] for name in ("workbook", "sheet", "row")}
        | {"filing_no": rows.typed("filing_no"), "filing_key": filing_keys(rows, digest)}
    )
    staged.put("verdicts", pd.concat([location, judgement.verdicts], axis=1))
    where = location.take(judgement.findings["position"]).reset_index(drop=True)
    staged.put("findings", pd.concat([where, judgement.findings.drop(columns="position")], axis=1))
    counts = judgement.verdicts["verdict"].value_counts()
    return {name: int(counts.get(name, 0)) for name in ("rejected", "review", "ready")}
