"""The ledger as a run uses it, and what the data folder says of its stores.

``night.json`` in the data folder names the stores that are there: one that is gone later is an error and
never begun anew in silence.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.words import Words
from flows.settings import REGISTER_FILE
from flows.steps import cache, durable
from flows.steps.ledger import KEPT, STORE_FILE, BadLedger, Ledger

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from expectations.rows import Basis
    from flows.settings import Settings
    from flows.steps.digest import Digest
    from flows.steps.staging import Staged

MARK = "night.json"
_NOTHING_TO_THE_RESULT = frozenset(
    {"out", "data", "as_of", "inbox", "wait_seconds", "keep_days", "runner", "scheduler", "workers", "webhook"}
    | {"ledger", "register", "attachments", "reference", "previous", "data_docs", "history"}
)
"""Settings that are looked at elsewhere, or change nothing of a report."""


def marked(settings: Settings) -> dict[str, Any]:
    """Which stores the last night had: one that is missing since is no new beginning."""
    path = settings.data / MARK
    return durable.read_json(path) if path.exists() else {}


def open_ledger(settings: Settings, digest: Digest) -> Ledger:
    """The ledger, made at first use.

    Raises:
        BadLedger: it cannot be used, or should be there and is not; or the register should be.
    """
    mark = marked(settings)
    if mark.get("register") and settings.register is None and not (settings.data / REGISTER_FILE).exists():
        store = settings.data / REGISTER_FILE
        raise BadLedger(
            Words(
                f"备案库 {store} 应当存在但找不到；请从备份恢复，或重新导入（register import）",
                f"the register {store} should be there but is missing: restore it, or import it again",
            )
        )
    ledger = Ledger(settings.ledger or settings.data / STORE_FILE, digest)
    ledger.open(expected=mark.get("ledger") == ledger.name)
    now = mark | {"ledger": ledger.name, "register": (settings.data / REGISTER_FILE).exists()}
    if now != mark:
        durable.write_json(settings.data / MARK, now)
    return ledger


@dataclass(frozen=True)
class RunMemory:
    """Ledger and history on one day, for :func:`flows.run.run`: what this run adds waits in ``folder``."""

    settings: Settings
    ledger: Ledger
    digest: Digest
    day: date
    content: str
    folder: Path

    @property
    def history(self) -> Path:
        """Its folder."""
        return history_of(self.settings)

    def earlier(self, entries: pd.DataFrame) -> pd.DataFrame:
        """What the ledger knows of filings that share something with these, which wait to be remembered."""
        import pyarrow as pa

        from flows.steps import ledger_rows
        from flows.steps.staging import save

        kept = ledger_rows.kept(entries, self.digest)
        schema = pa.schema([(name, pa.large_string()) for name in KEPT])
        save(self.folder / LEDGER_ROWS, pa.Table.from_pandas(kept, schema, preserve_index=False))
        earlier = self.ledger.earlier(kept, self.day, self.settings.ledger_days, self.content)
        return ledger_rows.revealed(earlier, entries, kept, self.digest)

    def finished(self, judged: Sequence[Staged], basis: Basis) -> None:
        """What the history is to keep of the run waits in the folder."""
        import pyarrow as pa

        from flows.steps import history
        from flows.steps.staging import save

        parts = history.parts(judged, basis, self.digest)
        for name in HISTORY_PARTS if parts else ():
            tables = [getattr(part, name) for part in parts]
            save(self.folder / f"history.{name}", pa.concat_tables(tables))


LEDGER_ROWS = "ledger.rows"
HISTORY_PARTS = ("filings", "findings")


def record_history(settings: Settings, folder: Path, run: str) -> None:
    """Put what waits in ``folder`` of a run into the history, in the place of what it knew of the run."""
    from flows.steps import history
    from flows.steps.history.record import Part
    from flows.steps.staging import load

    if (folder / "history.filings").exists():
        part = Part(*(load(folder / f"history.{name}") for name in HISTORY_PARTS))
        summary = durable.read_json(folder / "out" / "summary.json")
        history.record(history_of(settings), summary, [part], run.replace("/", "-"))


def history_of(settings: Settings) -> Path:
    """Where nights are recorded."""
    return settings.history or settings.data / "history"


def run_key(settings: Settings, ledger: Ledger, digest: Digest, day: date, files: list[tuple[str, str]]) -> str:
    """Changes with anything the output of a run rests on.

    Args:
        files: the name and the digest of each workbook.
    """
    told = {
        "code": cache.code(),
        "day": day.isoformat(),
        "files": sorted(files),
        "settings": {
            field.name: str(getattr(settings, field.name))
            for field in fields(settings)
            if field.name not in _NOTHING_TO_THE_RESULT
        },
        "reference": cache.of_folder(settings.reference) if settings.reference else "",
        "attachments": cache.of_folder(settings.attachments) if settings.attachments else "",
        "previous": f"{settings.previous} {cache.of_folder(settings.previous)}" if settings.previous else "",
        "register": _register(settings, digest),
        "history": _runs_before(history_of(settings), day),
        "ledger": ledger.state(day, settings.ledger_days, content_key(files)),
    }
    return hashlib.sha256(repr(told).encode()).hexdigest()[:40]


def _runs_before(folder: Path, day: date) -> str:
    """Changes with what filings are compared with."""
    from flows.steps import history

    try:
        return repr(history.runs_before(folder, day))
    except history.HistoryError:
        return "damaged"


def content_key(files: list[tuple[str, str]]) -> str:
    """Tells sets of workbooks apart by names and contents."""
    return hashlib.sha256(repr(sorted(files)).encode()).hexdigest()[:40]


def _register(settings: Settings, digest: Digest) -> str:
    """Changes with the filings on file."""
    from flows.steps.register import Store, is_store

    named = settings.register
    if named and not is_store(named):
        return cache.content(Path(named))
    if not named and not (settings.data / REGISTER_FILE).exists():
        return ""
    store = Store(named or settings.data / REGISTER_FILE, digest)
    try:
        return store.state()
    finally:
        store.close()
