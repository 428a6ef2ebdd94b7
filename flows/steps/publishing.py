"""Reports go to the folder of their day: all at once, or into a folder that is there already.

A report that somebody has edited since it was written is never overwritten: the new one lies beside it.
The digest of each report is noted before it is put there.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from flows.steps import durable
from flows.steps.cache import content

SUMMARY = "summary.json"
TABLES = ("findings", "verdicts")


def publish(made: Path, reports: Path, notes: Path) -> dict[str, str]:
    """Put everything below ``made`` into ``reports``; doing it twice changes nothing.

    Args:
        notes: where the digests of the reports of this day are noted.

    Returns:
        Under which name each report lies now, where it is another than its own.
    """
    digests = durable.files(made)
    ours = {f"{table}.parquet" for table in TABLES} | {SUMMARY}
    written: dict[str, list[str]] = durable.read_json(notes) if notes.exists() else {}
    for name, digest in digests.items():
        if name not in ours and digest not in written.setdefault(name, []):
            written[name].append(digest)
    if not reports.exists():
        durable.write_json(notes, written)
        scratch = reports.with_name(f".{reports.name}{durable.ASIDE}")
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(made, scratch)
        durable.sync_tree(scratch)
        scratch.rename(reports)
        durable.sync_folder(reports.parent)
        return {}
    places = {name: _place(reports, name, digest, written) for name, digest in digests.items() if name not in ours}
    durable.write_json(notes, written)
    for name, place in places.items():
        target = reports / place
        if not (target.exists() and content(target) == digests[name]):
            durable.copy(made / name, target)
    if content(made / SUMMARY) != _content(reports / SUMMARY):
        _join(made, reports)
    return {name: place for name, place in places.items() if name != place}


def _content(path: Path) -> str:
    return content(path) if path.exists() else ""


def _place(reports: Path, name: str, digest: str, written: dict[str, list[str]]) -> str:
    """Where the report goes: its own name, unless what lies there was edited."""
    stem, _, suffix = name.rpartition(".")
    number = 1
    while True:
        place = name if number == 1 else f"{stem}-{number}.{suffix}"
        there = _content(reports / place)
        if there in ("", digest, *written.get(place, [])):
            written[place] = list(dict.fromkeys([*written.get(place, []), digest]))
            return place
        number += 1


def _join(made: Path, reports: Path) -> None:
    """Tables and summary of the day: what this run checked takes the place of what was known of it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from flows.steps import outputs

    summary = durable.read_json(made / SUMMARY)
    before = durable.read_json(reports / SUMMARY) if (reports / SUMMARY).exists() else {"workbooks": []}
    names = {entry["workbook"] for entry in summary["workbooks"]}
    earlier = [entry for entry in before["workbooks"] if entry["workbook"] not in names]
    if not earlier:
        for name in (*(f"{table}.parquet" for table in TABLES), SUMMARY):
            durable.copy(made / name, reports / name)
        return
    joined: dict[str, Any] = {}
    for table in TABLES:
        own = pq.read_table(made / f"{table}.parquet")
        target = reports / f"{table}.parquet"
        if target.exists():
            there = pq.read_table(target)
            keep = [name not in names for name in there["workbook"].to_pylist()]
            own = pa.concat_tables([there.filter(pa.array(keep, pa.bool_())), own], promote_options="default")
        scratch = reports / f"{table}.parquet{durable.ASIDE}"
        pq.write_table(own, scratch, compression="zstd")
        outputs.replace(scratch, target)
        joined[table] = own.to_pandas()
    summary |= outputs.counts([_Joined(joined)])  # type: ignore[list-item]
    summary["workbooks"] = earlier + summary["workbooks"]
    durable.write_json(reports / SUMMARY, summary)


class _Joined:
    """The tables of several runs, where those of a workbook are looked for."""

    def __init__(self, tables: dict[str, Any]) -> None:
        self._tables = tables

    def frame(self, name: str) -> Any:
        return self._tables[name]


def put_away(source: Path, folder: Path, name: str) -> Path:
    """Move a file to ``folder``; one of the same name and another content stays, and this one gets a number."""
    wanted = folder / name
    number, target = 1, wanted
    while target.exists():
        if content(target) == content(source):
            source.unlink()
            durable.sync_folder(source.parent)
            return target
        number += 1
        target = wanted.with_name(durable.fitting(wanted.stem, f"-{number}{wanted.suffix}"))
    durable.move(source, target)
    return target
