"""The history opened for questions: tables ``run``, ``filings`` and ``findings`` in DuckDB, read where they lie."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from expectations.words import Words
from flows.steps.history import store

_CONFIG = {
    # No extension is ever fetched: everything used is built in.
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}


class History:
    """All runs at ``folder``; ``since`` narrows the answers, not what is known of a filing's past.

    Views: ``run``, ``all_filings``, ``all_findings`` and, from ``since`` on, ``filings`` and ``findings``.

    Raises:
        HistoryError: a file of the history cannot be read.
    """

    def __init__(self, folder: Path, since: date | None = None) -> None:
        self.folder, self.since = folder, since
        found = store.contents(folder)
        self._database = duckdb.connect(":memory:", config=dict(_CONFIG))
        with suppress(duckdb.InvalidInputException):  # in a notebook that could not show one
            self._database.execute("set enable_progress_bar = false")  # it would stand among the lines of a CSV
        self._database.execute("create table replaced (run_date date, run_key varchar)")
        if found.replaced:
            self._database.executemany("insert into replaced values (?, ?)", found.replaced)
        for name in ("filings", "findings"):
            self._view(f"all_{name}", name, found)
            self._run(f"create view {name} as from all_{name} where run_date >= date '{since or date.min}'")
        self.runs = _runs(found.runs())
        self._database.register("run", self.runs.drop(columns=["seconds", "versions"]))

    def _view(self, view: str, name: str, found: store.Contents) -> None:
        self._database.register(f"empty_{name}", store.TABLES[name].empty_table())
        parts = [f"from empty_{name}"]
        for compacted in (True, False):
            files = [str(one.path / f"{name}.parquet") for one in found.folders if one.compacted is compacted]
            # Files by name, never a pattern: one would match what is still being written. Columns by
            # name, too: files of older versions lack some, which are empty then.
            listed = ", ".join("'" + re.sub(r"([*?[])", r"[\1]", file).replace("'", "''") + "'" for file in files)
            if files:
                part = f"from read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
                parts.append(
                    f"({part} anti join replaced using (run_date, run_key))" if compacted and found.replaced else part
                )
        self._run(f"create view {view} as {' union all by name '.join(parts)}")

    @property
    def empty(self) -> bool:
        """Whether no run was recorded (since the day asked for)."""
        return not len(self.nights)

    @property
    def nights(self) -> pd.DataFrame:
        """The runs since the day asked for, oldest first."""
        if self.since is None:
            return self.runs
        return self.runs[self.runs["run_date"] >= pd.Timestamp(self.since)].reset_index(drop=True)

    def ask(
        self, query: str, given: Mapping[str, Any] | None = None, beside: Mapping[str, Any] | None = None
    ) -> pd.DataFrame:
        """The answer to SQL over the views, and over the tables ``beside`` them.

        Raises:
            HistoryError: a file of the history is damaged or was removed meanwhile.
        """
        for name, table in (beside or {}).items():
            self._database.register(name, table)
        return self._run(query, given).df()

    def _run(self, query: str, given: Mapping[str, Any] | None = None) -> duckdb.DuckDBPyConnection:
        try:
            return self._database.execute(query, dict(given or {}))
        except (duckdb.IOException, duckdb.InvalidInputException) as error:
            place = next((word for word in str(error).replace("'", '"').split('"') if word.endswith(".parquet")), "")
            if not place:
                raise
            words = Words(
                f"历史文件 {place} 缺失或已损坏，请从备份恢复，或删除它所在的文件夹",
                f"the history file {place} is missing or damaged: restore it, or remove its folder",
            )
            raise HistoryError(words) from error

    def counted_by(self, dimension: str) -> str:
        """The name of a table of the submissions by this column, ``verdict`` and ``states``.

        ``n`` of them, ``known`` of which have a filing's key. A tenth of the rows or less, asked for again and again.
        """
        name = f"counted_by_{dimension}"
        counted = f"{dimension}, verdict, states, count(*) as n, count(filing) as known"
        self._run(f"create temp table if not exists {name} as select {counted} from filings group by all")  # noqa: S608
        return name

    @cached_property
    def resent(self) -> str:
        """The name of a view of the filings sent more than once, over all runs, a row each time they were.

        ``run_date``, ``turn`` (the place of the run among all), ``rejected``, ``states``, ``content``; the same
        when last sent as ``turn_before``, ``rejected_before``, ``content_before``, null at first.
        """
        # Keys that repeat are found five times as fast by sorting them as by grouping the filings by them.
        known = np.sort(self._run("select filing from all_filings where filing is not null").fetchnumpy()["filing"])
        self._database.register("repeated", pd.DataFrame({"filing": known[1:][known[1:] == known[:-1]]}))
        # Turn and verdict as one number: what is sorted here is most of the work, and its width decides.
        self._run(
            """create temp table placed as
            with sent as (
                select f.filing, f.run_date, f.states, f.content,
                    2 * r.turn::integer + (f.verdict <> 'rejected')::integer as place
                from all_filings f join run r on f.run_date = r.run_date and f.run_key = r.run_key
                where f.filing in (from repeated)
            )
            select *, lag(place) over past as place_before, lag(content) over past as content_before
            from sent window past as (partition by filing order by place)"""
        )
        self._run(
            """create temp view resent as
            select filing, run_date, place // 2 as turn, place % 2 = 0 as rejected, states, content,
                place_before // 2 as turn_before, place_before % 2 = 0 as rejected_before, content_before
            from placed"""
        )
        return "resent"


HistoryError = store.HistoryError


def _runs(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """All runs in their ``turn``; dates as timestamps, ``seconds`` and ``versions`` as dictionaries."""
    frame = pd.DataFrame(list(rows), columns=store.TABLES["run"].names)
    frame["recorded"] = pd.to_datetime(frame["recorded"], utc=True)
    frame["run_date"] = pd.to_datetime(frame["run_date"])
    for name in ("seconds", "versions"):
        frame[name] = pd.Series([json.loads(str(text or "{}")) for text in frame[name]], dtype=object)
    frame["total_seconds"] = [float(sum(steps.values())) for steps in frame["seconds"]]
    order = ["run_date", "recorded", "run_key"]
    return frame.sort_values(order, na_position="first", ignore_index=True).assign(turn=range(len(frame)))
