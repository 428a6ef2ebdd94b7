"""Where the history lies: Parquet, a folder per run, whole or not at all; months that are over become one folder.

    run_date=2026-01-15/KEY.1/run.parquet, filings.parquet, findings.parquet
    month=2025-12/compacted.1/…

The number after the key is a generation: a run recorded anew stands beside its older self and counts
instead of it, so a reader never meets half a run. What is superseded is removed a day later.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from expectations.words import Words

SCHEMA = 2
"""Raised when a column is added (2: ``recorded``, ``grounds``). Columns are never taken away or given another
meaning, so older files read as files that lack the newer columns."""

_RUN = (("run_date", pa.date32()), ("run_key", pa.string()))
_WHO = (("province", pa.string()), ("nature", pa.string()), ("filing_type", pa.string()), ("sender", pa.string()))
TABLES: dict[str, pa.Schema] = {
    "run": pa.schema(
        [
            ("schema", pa.int32()),
            *_RUN,
            ("generation", pa.int32()),
            ("fingerprint", pa.string()),
            ("rules", pa.string()),  # fingerprints of what was judged by
            ("reference", pa.string()),
            ("versions", pa.string()),  # JSON objects
            ("grounds", pa.string()),  # JSON: fingerprints of each rule and table
            ("seconds", pa.string()),
            ("judged", pa.int32()),  # workbooks
            ("refused", pa.int32()),
            ("skipped", pa.int32()),
            ("filings", pa.int64()),
            ("recorded", pa.timestamp("ms", "UTC")),  # tells which of two runs of a day came first
        ]
    ),
    "filings": pa.schema(
        [
            *_RUN,
            ("filing", pa.int64()),  # 64 bits of a keyed digest of subject and domain, null where unknown
            ("content", pa.int64()),  # the same of every cell
            *_WHO,
            ("verdict", pa.string()),
            ("states", pa.string()),  # a letter per reason, from 0 on: p(ass), u(nchecked), w(arning), e(rror)
            ("change", pa.string()),
        ]
    ),
    "findings": pa.schema(
        [
            *_RUN,
            ("filing", pa.int64()),
            *_WHO,
            ("reason", pa.int8()),
            ("rule", pa.string()),
            ("severity", pa.string()),
            ("columns", pa.string()),
            ("change", pa.string()),
        ]
    ),
}
_DIGESTS = {"filing", "content"}
_GRACE = 24 * 3600
"""Seconds for which superseded folders stay: somebody may be reading them."""


class HistoryError(ValueError):
    """The history cannot be read, in words that say why and what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.zh} / {words.en}")
        self.words = words


@dataclass(frozen=True)
class Recorded:
    """A folder of the history: one run, or a month of runs (key ``compacted``)."""

    path: Path
    key: str
    generation: int

    @property
    def month(self) -> str:
        """``2026-01``."""
        return self.path.parent.name.partition("=")[2][:7]

    @property
    def run_date(self) -> date:
        """Of a single run."""
        return date.fromisoformat(self.path.parent.name.partition("=")[2])

    @property
    def compacted(self) -> bool:
        return self.path.parent.name.startswith("month=")

    def runs(self) -> list[dict[str, Any]]:
        """The rows of its ``run.parquet``.

        Raises:
            HistoryError: it is damaged, or of a newer version than ours.
        """
        path = self.path / "run.parquet"
        try:
            rows = pq.ParquetFile(path).read(use_threads=False).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise HistoryError(
                Words(
                    f"历史文件 {path} 缺失或已损坏，请从备份恢复，或删除文件夹 {self.path}",
                    f"the history file {path} is missing or damaged: restore it, or remove the folder {self.path}",
                )
            ) from error
        newest = max((row["schema"] for row in rows), default=SCHEMA)
        if newest > SCHEMA:
            raise HistoryError(
                Words(
                    f"历史 {self.path} 由更新的版本写入（格式 {newest}，本版本认识 {SCHEMA}），请升级 icp-preflight",
                    f"the history {self.path} was written by a newer version (format {newest}, this one knows "
                    f"{SCHEMA}): upgrade icp-preflight",
                )
            )
        return rows


@dataclass(frozen=True)
class Contents:
    """What counts: ``folders``, without the runs in ``replaced`` (date, key) of compacted ones.

    ``superseded`` are folders that no longer count, each with the one that counts instead.
    """

    folders: tuple[Recorded, ...]
    replaced: tuple[tuple[date, str], ...]
    superseded: tuple[tuple[Recorded, Recorded], ...]

    def runs(self) -> list[dict[str, Any]]:
        """The rows of ``run.parquet`` of all that counts.

        Raises:
            HistoryError: one is damaged, or of a newer version than ours.
        """
        gone = set(self.replaced)
        return [
            row
            for one in self.folders
            for row in one.runs()
            if not (one.compacted and (row["run_date"], row["run_key"]) in gone)
        ]


def contents(folder: Path, month: str = "") -> Contents:
    """What the history holds (of one month); nothing where there is no such folder."""
    newest: dict[tuple[Path, str], Recorded] = {}
    superseded: list[tuple[Recorded, Recorded]] = []
    for one in sorted(_recorded(folder, month), key=lambda one: one.generation):
        slot = (one.path.parent, one.key)
        if slot in newest:
            superseded.append((newest[slot], one))
        newest[slot] = one
    held: dict[tuple[date, str], tuple[int, Recorded]] = {}
    kept: list[Recorded] = []
    replaced: list[tuple[date, str]] = []
    for one in sorted(newest.values(), key=lambda one: (not one.compacted, one.path)):
        if one.compacted:
            held |= {(row["run_date"], row["run_key"]): (row["generation"], one) for row in one.runs()}
        else:
            # By its name: of a folder being removed, run.parquet may be gone already.
            place = (one.run_date, one.key)
            generation, month_of = held.get(place, (0, one))
            if generation >= one.generation:
                superseded.append((one, month_of))
                continue
            if generation:
                replaced.append(place)
        kept.append(one)
    return Contents(tuple(kept), tuple(replaced), tuple(superseded))


def append(folder: Path, run_date: date, key: str, tables: Mapping[str, pa.Table]) -> bool:
    """Put a run into the history; False where it stands there already, the same.

    ``tables`` are those of :data:`TABLES`, ``run`` with a fingerprint of the others.

    Raises:
        OSError: the folder cannot be written; the history is as it was.
    """
    if not re.fullmatch(r"[0-9A-Za-z_-]{1,64}", key):
        raise ValueError("a run's key is 1 to 64 letters, digits, _ and -")
    parent = folder / f"run_date={run_date.isoformat()}"
    fingerprint = tables["run"]["fingerprint"][0].as_py()
    month = f"{run_date:%Y-%m}"
    mine = [one for one in _recorded(folder, month) if one.path.parent == parent and one.key == key]
    if mine and max(mine, key=lambda one: one.generation).runs()[0]["fingerprint"] == fingerprint:
        return False
    # A compacted month counts no less than this by its generation, so that a run recorded anew wins.
    earlier = [one.generation for one in mine] + [
        row["generation"]
        for one in contents(folder, month).folders
        if one.compacted
        for row in one.runs()
        if (row["run_date"], row["run_key"]) == (run_date, key)
    ]
    _publish(folder, parent, key, dict(tables), max(earlier, default=0) + 1)
    _tidy(folder, _GRACE, month)
    return True


def compact(folder: Path, before: date, grace: float = _GRACE) -> list[str]:
    """Make one folder of each month that ended before ``before``; gives the months.

    Args:
        grace: seconds for which the folders of single runs stay, for those who are reading them.
    """
    done = []
    found = contents(folder)
    for month in sorted({one.month for one in found.folders if one.month < f"{before:%Y-%m}"}):
        own = [one for one in found.folders if one.month == month]
        if len(own) == 1 and own[0].compacted:
            continue
        for one in own:
            one.runs()  # one of a newer version would lose its newer columns
        tables = {name: _merged(own, name, found.replaced) for name in TABLES}
        generations = [one.generation for one in _recorded(folder, month) if one.compacted]
        _publish(folder, folder / f"month={month}", "compacted", tables, max(generations, default=0) + 1, settle=False)
        done.append(month)
    _tidy(folder, grace)
    return done


def _merged(own: list[Recorded], name: str, replaced: tuple[tuple[date, str], ...]) -> pa.Table:
    parts = []
    for one in own:
        part = upgraded(pq.read_table(one.path / f"{name}.parquet"), TABLES[name])
        if one.compacted and replaced:
            places = zip(part["run_date"].to_pylist(), part["run_key"].to_pylist(), strict=True)
            gone = set(replaced)
            part = part.filter(pa.array([place not in gone for place in places]))
        parts.append(part)
    return pa.concat_tables(parts).sort_by([("run_date", "ascending"), ("run_key", "ascending")])


def upgraded(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A table of an older version with the columns it lacks, empty."""
    for field in schema:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(len(table), field.type))
    return table.select(schema.names).cast(schema)


def _recorded(folder: Path, month: str = "") -> list[Recorded]:
    found = []
    for path in folder.glob(f"*={month}*/*.*"):
        key, _, generation = path.name.rpartition(".")
        if path.parent.name.startswith(("run_date=", "month=")) and generation.isdigit() and not key.startswith("."):
            found.append(Recorded(path, key, int(generation)))
    return found


def _publish(
    folder: Path, parent: Path, key: str, tables: dict[str, pa.Table], generation: int, settle: bool = True
) -> None:
    """Written in a folder aside, on disk, then renamed: there is no moment with half a run.

    Args:
        settle: take the next generation where another process was faster; else leave it to that one.
    """
    scratch = folder / f".writing-{secrets.token_hex(8)}"
    scratch.mkdir(parents=True)
    try:
        parent.mkdir(exist_ok=True)
        while True:
            if settle:
                place = tables["run"].column_names.index("generation")
                own = pa.array([generation] * len(tables["run"]), pa.int32())
                tables["run"] = tables["run"].set_column(place, TABLES["run"].field(place), own)
            for name, table in tables.items():
                _write(upgraded(table, TABLES[name]), scratch / f"{name}.parquet")
            _sync(scratch)
            try:
                scratch.rename(parent / f"{key}.{generation}")
                break
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                if not settle:
                    return
                generation += 1
        _sync(parent)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write(table: pa.Table, path: Path) -> None:
    repeated = [name for name in table.column_names if name not in _DIGESTS]
    pq.write_table(table, path, compression="zstd", use_dictionary=repeated, row_group_size=200_000)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _tidy(folder: Path, grace: float, month: str = "") -> None:
    """Remove what a killed process left and what was superseded longer than ``grace`` seconds ago."""
    old = time.time() - grace
    left = [(path, path) for path in folder.glob(".writing-*")]
    for path, since in left + [(one.path, by.path) for one, by in contents(folder, month).superseded]:
        try:
            if since.stat().st_mtime < old or not grace:
                shutil.rmtree(path)
                path.parent.rmdir()
        except OSError:
            continue  # other runs stand there still, or another process tidies, too
