"""Judge filings, with what the ledger, the register and the attachments add to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pandas as pd
import pyarrow as pa

from expectations.catalogue import catalogue
from expectations.rows import Basis, Filings, ledger_columns, ledger_entries
from flows.steps.digest import Digest, filing_contents, filing_keys
from flows.steps.staging import Staged, load

JOINED = ("ledger", "register", "attachments")
"""Tables of columns that may lie beside the filings, row by row, for the rules to read."""
_TOGETHER = 25_000
"""Filings judged at once: setting Great Expectations up costs as much as judging this many."""
Thing = TypeVar("Thing")


def filings(workbooks: Sequence[Staged], basis: Basis) -> Filings:
    """The filings of some workbooks, one after the other, with every column joined on so far.

    Columns that one of them lacks are blank there.
    """
    readings = [staged.reading() for staged in workbooks]
    joined = [
        _stacked([load(staged.folder / name) for staged in workbooks]) for name in JOINED if workbooks[0].has(name)
    ]
    frame = pd.concat([_stacked([reading.filings for reading in readings]), *joined], axis=1)
    return Filings(frame, _stacked([reading.typed for reading in readings]), basis)


def _stacked(tables: Sequence[pa.Table]) -> pd.DataFrame:
    fields = {field.name: field for table in tables for field in table.schema}

    def column(table: pa.Table, field: pa.Field) -> pa.Array:
        if field.name in table.column_names:
            return table[field.name]
        return pa.repeat(pa.scalar("", field.type), len(table))

    whole = [pa.table({name: column(table, field) for name, field in fields.items()}) for table in tables]
    return pa.concat_tables(whole).to_pandas()


def batches(things: Sequence[Thing], sizes: Sequence[int], processes: int) -> Iterator[list[Thing]]:
    """Things to judge together: few enough at once to be held, and something for every process."""
    most = min(_TOGETHER, -(-sum(sizes) // processes))
    batch: list[Thing] = []
    filled = 0
    for thing, size in zip(things, sizes, strict=True):
        if batch and filled + size > most:
            yield batch
            batch, filled = [], 0
        batch.append(thing)
        filled += size
    if batch:
        yield batch


def together(workbooks: Sequence[Staged]) -> Iterator[list[Staged]]:
    """The workbooks in lots that can be held at once: a column costs nearly the same of ten rows or a thousand."""
    return batches(workbooks, [one.rows for one in workbooks], 1)


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
    entries = [ledger_entries(filings(lot, basis)) for lot in together(workbooks)]
    if not entries:
        return
    everything = pd.concat(entries, ignore_index=True)
    entries.clear()  # of a million filings, once is enough
    known = earlier(everything)
    if len(known):
        everything = pd.concat([everything, known], ignore_index=True)
    columns = ledger_columns(everything)
    start = 0
    for staged in workbooks:
        end = start + staged.rows
        staged.put("ledger", columns.iloc[start:end])
        start = end


def judge(
    workbooks: Sequence[Staged], basis: Basis, digest: Digest, data_docs: Path | None = None
) -> list[dict[str, int]]:
    """Judge some workbooks at once; findings and verdicts are put beside the filings of each.

    Each carries ``filing_key``, by which a filing is known again in a later run, and verdicts ``content``,
    by which its data is. What is found in a workbook is the same whatever it is judged together with.

    Returns:
        For each workbook, how many filings are ``rejected``, for ``review`` and ``ready``.
    """
    from expectations import suite  # Great Expectations takes seconds to import

    judgement = suite.judge(filings(workbooks, basis), data_docs)
    counts, start = [], 0
    for staged in workbooks:
        end = start + staged.rows
        first, last = judgement.findings["position"].searchsorted([start, end])
        found = judgement.findings.iloc[first:last]
        _put(staged, basis, digest, found.assign(position=found["position"] - start), judgement.verdicts[start:end])
        verdicts = judgement.verdicts["verdict"][start:end].value_counts()
        counts.append({name: int(verdicts.get(name, 0)) for name in ("rejected", "review", "ready")})
        start = end
    return counts


def _put(staged: Staged, basis: Basis, digest: Digest, found: pd.DataFrame, verdicts: pd.DataFrame) -> None:
    rows = filings([staged], basis)
    location = pd.DataFrame(
        {name: rows[name] for name in ("workbook", "sheet", "row")}
        | {"filing_no": rows.typed("filing_no"), "filing_key": filing_keys(rows, digest)}
    )
    content = filing_contents(rows, digest).rename("content")
    staged.put("verdicts", pd.concat([location, verdicts.reset_index(drop=True), content], axis=1))
    where = location.take(found["position"]).reset_index(drop=True)
    staged.put("findings", pd.concat([where, found.drop(columns="position").reset_index(drop=True)], axis=1))
