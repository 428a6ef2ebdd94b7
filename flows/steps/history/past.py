"""What the history says of filings that are sent again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa

from flows.steps.history import store
from flows.steps.history.record import bits

_LAST = """create temp table last as
    select filing, arg_max((run_date, run_key), turn) as run
    from all_filings join run using (run_date, run_key)
    where run_date < $day and filing in (select filing from wanted) group by filing"""
_VERDICTS = """
    with failing as (select distinct filing, rule, (run_date, run_key) as run from all_findings
        semi join last using (filing) where run_date < $day),
    once as (select filing, rule from failing except
        select filing, rule from failing join last using (filing) where failing.run = last.run),
    mended as (select filing, string_agg(rule, ';' order by rule) as mended from once group by filing)
    select f.filing, coalesce(mended, '') as mended from all_filings f
    join last on f.filing = last.filing and (f.run_date, f.run_key) = last.run
    left join mended on f.filing = mended.filing order by f.filing"""
_FINDINGS = """
    select distinct f.filing, f.reason, f.rule, f.columns from all_findings f
    join last on f.filing = last.filing and (f.run_date, f.run_key) = last.run"""


def last_said(folder: Path, day: date, keys: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Findings and verdicts of the filings ``keys`` (digests) when they were last sent, on a day before ``day``.

    None where there is no run of an earlier day. Of the same day nothing counts: a run done again
    gives the same.

    Raises:
        HistoryError: the history cannot be read.
    """
    if not runs_before(folder, day):
        return None
    from flows.steps.history.reading import History  # DuckDB, for those who need it

    numbers = bits(keys).to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get)
    digests = pd.Series(keys.to_numpy(), index=numbers).groupby(level=0).first()
    known = History(folder)
    known.ask(_LAST, {"day": day}, {"wanted": pa.table({"filing": pa.array(digests.index, pa.int64())})})
    verdicts, findings = known.ask(_VERDICTS, {"day": day}), known.ask(_FINDINGS)
    # Where they stood is not kept: a number each will do, and filings sent twice share what was found.
    where = {"workbook": "", "sheet": "", "filing_no": "", "row": range(len(verdicts))}
    verdicts = verdicts.assign(filing_key=digests.reindex(verdicts["filing"]).to_numpy(), **where)
    findings = findings.merge(verdicts.drop(columns="mended"), on="filing")
    return findings.drop(columns="filing"), verdicts.drop(columns="filing")


def runs_before(folder: Path, day: date) -> list[tuple[str, str, str]]:
    """Day, key and fingerprint of the runs of earlier days: what the comparison of a run rests on."""
    runs = store.contents(folder).runs()
    return sorted(
        (str(run["run_date"]), str(run["run_key"]), str(run["fingerprint"])) for run in runs if run["run_date"] < day
    )
