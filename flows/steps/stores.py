"""The ledger as a run uses it, and what the data folder says of its stores.

``night.json`` in the data folder names the stores that are there: one that is gone later is an error and
never begun anew in silence.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.words import Words
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
REGISTER_FILE = "register.sqlite"
_NOTHING_TO_THE_RESULT = frozenset(
    {"out", "data", "as_of", "inbox", "wait_seconds", "keep_days", "runner", "scheduler", "workers", "webhook"}
    | {"ledger", "register", "attachments", "reference", "previous", "data_docs", "history"}
)
"""Settings that are looked at elsewhere, or change nothing of a report."""


def marked(settings: Settings) -> dict[str, Any]:
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


class RunMemory:
    """Ledger and history on one day, for :func:`flows.run.run`: what this run adds waits in ``folder``."""

    def __init__(
        self, ledger: Ledger, digest: Digest, day: date, days: int, content: str, folder: Path, history: Path
    ) -> None:
        self._ledger, self._digest, self._folder = ledger, digest, folder
        self._day, self._days, self._content = day, days, content
        self.history = history

    def earlier(self, entries: pd.DataFrame) -> pd.DataFrame:
        import pyarrow as pa

        from flows.steps import ledger_rows
        from flows.steps.staging import save

        kept = ledger_rows.kept(entries, self._digest)
        schema = pa.schema([(name, pa.large_string()) for name in KEPT])
        save(self._folder / LEDGER_ROWS, pa.Table.from_pandas(kept, schema, preserve_index=False))
        return self._ledger.earlier(entries, kept, self._day, self._days, self._content)

    def finished(self, judged: Sequence[Staged], basis: Basis) -> None:
        import pyarrow as pa

        from flows.steps import history
        from flows.steps.staging import save

        parts = [history.part(staged, basis, self._digest) for staged in judged]
        for name in HISTORY_PARTS if parts else ():
            tables = [getattr(part, name) for part in parts]
            save(self._folder / f"history.{name}", pa.concat_tables(tables, promote_options="permissive"))


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
    return getattr(settings, "history", None) or settings.data / "history"


def run_key(settings: Settings, ledger: Ledger, day: date, files: list[tuple[str, str]]) -> str:
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
        "register": _register(settings),
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


def _register(settings: Settings) -> str:
    """Changes with the filings on file; a store says itself of what files it was made."""
    named = settings.register
    path = Path(named) if named and "://" not in named else settings.data / REGISTER_FILE
    if not named and not path.exists():
        return ""
    if named and path.suffix not in (".sqlite", ".db") and "://" not in named:
        return cache.content(path)
    query = "SELECT content, digest_key, layout FROM register_snapshot"
    if not named or "://" not in named:
        with sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True) as connection:
            return repr(connection.execute(query).fetchall())
    import sqlalchemy as sa
    from sqlalchemy.engine import make_url

    url = make_url(named)
    if url.get_backend_name() == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connected:
            return repr([tuple(row) for row in connected.exec_driver_sql(query)])
    finally:
        engine.dispose()
