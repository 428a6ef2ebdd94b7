"""The ledger across nights: contacts of filings that earlier batches brought and that are still pending.

Numbers of certificates, mobiles and people's names are kept as keyed digests, an individual's name as a
subject masked. An earlier filing counts for reason 9 where it gives a mobile of this run; what it shares
with this run's filings is compared in clear, anything else by a stand-in that is equal to itself alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from expectations.words import Words

if TYPE_CHECKING:
    import pandas as pd

    from flows.steps.digest import Digest

STORE_FILE = "ledger.sqlite"
REVISIONS = ("0001",)
"""Of the tables, oldest first; see ``flows/migrations``."""
PEOPLE = ("principal", "site_principal")
KEPT = (
    "filing_key", "order_key", "workbook", "sheet", "row", "filing_type", "subject_nature", "subject",
    "subject_name", "principal_name", "principal_number", "principal_mobile", "principal_emergency_mobile",
    "site_principal_name", "site_principal_number", "site_principal_mobile", "site_principal_emergency_mobile",
)  # fmt: skip
"""What is kept of a filing; :mod:`flows.steps.ledger_rows` makes it."""
_MOBILES = tuple(name for name in KEPT if name.endswith("_mobile"))
_BUSY_SECONDS = 30.0


class BadLedger(ValueError):  # noqa: N818 - a store to mend, not a fault of ours
    """The ledger cannot be used, in words that say why and what to do."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.zh} / {words.en}")
        self.words = words


class Ledger:
    """The ledger at ``url``: a path of a SQLite file, or a URL of SQLite or PostgreSQL.

    Raises:
        BadLedger: the URL names no such database.
    """

    def __init__(self, url: str | Path, digest: Digest) -> None:
        self._url, self._digest = _normal(url), digest
        self._path = Path(self._url.database or "") if self._url.drivername == "sqlite" else None
        options: dict[str, Any] = {"pool_pre_ping": True}
        if self._path:
            options = {"connect_args": {"timeout": _BUSY_SECONDS}, "poolclass": sa.NullPool}
        try:
            self._engine = sa.create_engine(self._url, **options)
        except (sa.exc.ArgumentError, ImportError) as error:
            raise self._bad(str(error)) from error
        if self._path:
            sa.event.listen(self._engine, "connect", _set_up)
            sa.event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))

    @property
    def name(self) -> str:
        """The store as messages name it, without a password."""
        return str(self._path) if self._path else self._url.render_as_string(hide_password=True)

    def close(self) -> None:
        self._engine.dispose()

    def open(self, expected: bool) -> None:
        """Make the ledger where there never was one, or bring it up to date.

        Args:
            expected: the data folder says that there is one; then a missing one is an error.

        Raises:
            BadLedger: it is missing, damaged, of a newer version, or made under another key.
        """
        if self._path and not self._path.exists():
            if expected:
                raise self._missing()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        with self._transaction() as connection:
            revision = _revision(connection)
            if revision is None and expected:
                raise self._missing()
            if revision not in (None, *REVISIONS):
                raise self._bad(
                    "由更新的版本建立，请升级 icp-preflight", "was made by a newer version: upgrade icp-preflight"
                )
            if revision != REVISIONS[-1]:
                _migrate(connection)
            key = connection.exec_driver_sql("SELECT fingerprint FROM ledger_key").scalar()
            if key is None:
                connection.execute(sa.text("INSERT INTO ledger_key VALUES (:key)"), {"key": self._digest.fingerprint})
            elif key != self._digest.fingerprint:
                raise self._bad(
                    "是用另一个密钥建立的：请恢复当时的密钥", "was made under another key: restore that key"
                )

    def state(self, as_of: date, days: int, without: str) -> str:
        """Changes with the nights that count on ``as_of``, those with the content ``without`` aside."""
        with self._transaction() as connection:
            found = connection.execute(
                sa.text(
                    "SELECT content, seen_on FROM ledger_run "
                    "WHERE seen_on > :after AND seen_on <= :until AND content <> :without ORDER BY seen_on, content"
                ),
                {**_window(as_of, days), "without": without},
            ).all()
        return repr([tuple(row) for row in found])

    def holds(self, content: str, seen_on: date) -> bool:
        """Whether a run over the same workbooks was recorded on that day."""
        with self._transaction() as connection:
            found = connection.execute(
                sa.text("SELECT count(*) FROM ledger_run WHERE content = :content AND seen_on = :seen_on"),
                {"content": content, "seen_on": seen_on.isoformat()},
            )
            return bool(found.scalar())

    def counts(self) -> dict[str, int]:
        """How many nights, filings and mobiles are kept."""
        with self._transaction() as connection:
            return {
                name: int(connection.exec_driver_sql(f"SELECT count(*) FROM ledger_{name}").scalar() or 0)  # noqa: S608
                for name in ("run", "entry", "contact")
            }

    # ── what earlier nights saw ──────────────────────────────────────────────────────────────────

    def earlier(self, kept: pd.DataFrame, as_of: date, days: int, content: str) -> pd.DataFrame:
        """Earlier filings with a mobile of these, ``kept`` of this run: ``seen_on`` and :data:`KEPT`, all text.

        Those of a run over the same workbooks are left out.
        """
        import pandas as pd

        mobiles = _contacts(kept)["mobile"].unique()
        with self._transaction() as connection:
            _wanted(connection, {"mobile": mobiles})
            found = connection.execute(
                sa.text(
                    f"SELECT seen_on, {', '.join(KEPT)} FROM ledger_entry WHERE seen_on > :after "  # noqa: S608
                    "AND seen_on <= :until AND run NOT IN (SELECT run FROM ledger_run WHERE content = :content) "
                    "AND id IN (SELECT c.entry FROM wanted w JOIN ledger_contact c ON c.mobile = w.value) ORDER BY id"
                ),
                {**_window(as_of, days), "content": content},
            ).all()
            connection.exec_driver_sql("DROP TABLE wanted")
        return pd.DataFrame([tuple(row) for row in found], columns=["seen_on", *KEPT], dtype="str")

    # ── what this one adds ───────────────────────────────────────────────────────────────────────

    def record(self, run: str, content: str, seen_on: date, kept: pd.DataFrame, oldest: date) -> None:
        """Put the filings of a run in the place of what was known of them; doing it twice changes nothing.

        Args:
            content: tells runs over the same workbooks.
            kept: of :func:`ledger_rows.kept`.
            oldest: nights before are forgotten.
        """
        from flows.steps.database import insert

        with self._transaction() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE ledger_run IN SHARE ROW EXCLUSIVE MODE")
            gone = (
                "SELECT id FROM ledger_entry WHERE run = :run OR seen_on < :oldest "
                "OR run IN (SELECT run FROM ledger_run WHERE content = :content)"
            )
            same = (
                "SELECT id FROM ledger_entry WHERE filing_key IN (SELECT value FROM wanted WHERE kind = 'filing_key') "
                "OR order_key IN (SELECT value FROM wanted WHERE kind = 'order_key')"
            )
            _wanted(connection, {name: kept[name][kept[name] != ""].unique() for name in ("filing_key", "order_key")})
            values = {"run": run, "oldest": oldest.isoformat(), "content": content}
            connection.execute(sa.text(f"CREATE TEMPORARY TABLE gone AS {same}"))
            connection.execute(sa.text(f"INSERT INTO gone {gone}"), values)
            connection.exec_driver_sql("DELETE FROM ledger_contact WHERE entry IN (SELECT id FROM gone)")
            connection.exec_driver_sql("DELETE FROM ledger_entry WHERE id IN (SELECT id FROM gone)")
            connection.execute(
                sa.text("DELETE FROM ledger_run WHERE run = :run OR content = :content OR seen_on < :oldest"), values
            )
            first = int(connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM ledger_entry").scalar() or 0) + 1
            numbered = kept.reset_index(drop=True)
            numbered.index += first
            insert(
                connection,
                "ledger_entry",
                numbered.assign(id=numbered.index, run=run, seen_on=seen_on.isoformat()),
            )
            insert(connection, "ledger_contact", _contacts(numbered))
            connection.execute(
                sa.text("INSERT INTO ledger_run VALUES (:run, :seen_on, :content, :filings)"),
                {"run": run, "seen_on": seen_on.isoformat(), "content": content, "filings": len(kept)},
            )
            for name in ("wanted", "gone"):
                connection.exec_driver_sql(f"DROP TABLE {name}")

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        if self._path and not self._path.is_file():
            raise self._missing()
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except sa.exc.DBAPIError as error:
            raise self._complaint(str(error.orig)) from None
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise self._complaint(str(error)) from None

    def _missing(self) -> BadLedger:
        return self._bad(
            "应当存在但找不到或是空的；请从备份恢复。若确要重新开始，请删除数据文件夹中的 night.json",
            "should be there but is missing or empty: restore it; to begin anew, delete night.json in the data folder",
        )

    def _complaint(self, text: str) -> BadLedger:
        """What the database says; never the statement, which may carry values."""
        first = re.split(r"[\n(]", text.strip())[0]
        if "locked" in text or "could not obtain lock" in text:
            return self._bad("正被占用，请稍后再试", "is in use: try again later")
        if "not a database" in text or "malformed" in text:
            return self._bad(f"已损坏（{first}）：请从备份恢复", f"is damaged ({first}): restore it")
        return self._bad(f"无法使用：{first}", f"cannot be used: {first}")

    def _bad(self, zh: str, en: str = "") -> BadLedger:
        return BadLedger(Words(f"台账 {self.name} {zh}", f"the ledger {self.name} {en or zh}"))


def _contacts(kept: pd.DataFrame) -> pd.DataFrame:
    """Each mobile of each filing once; ``entry`` is the index of ``kept``."""
    given = kept[list(_MOBILES)].rename_axis("entry").reset_index().melt("entry", value_name="mobile")
    return given.loc[given["mobile"] != "", ["mobile", "entry"]].drop_duplicates(ignore_index=True)


def _window(as_of: date, days: int) -> dict[str, str]:
    return {"after": (as_of - timedelta(days=days)).isoformat(), "until": as_of.isoformat()}


def _normal(url: str | Path) -> URL:
    """SQLite by path or URL, PostgreSQL through psycopg whatever driver the URL names."""
    text = str(url)
    if isinstance(url, Path) or "://" not in text:
        return URL.create("sqlite", database=text)
    with contextlib.suppress(sa.exc.ArgumentError):
        parsed = make_url(text)
        if parsed.get_backend_name() == "postgresql":
            return parsed.set(drivername="postgresql+psycopg")
        if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
            return parsed.set(drivername="sqlite")
    raise BadLedger(
        Words("台账地址应为 SQLite 文件或 postgresql:// 地址", "the ledger: a SQLite file or postgresql:// is expected")
    )


def _set_up(connection: sqlite3.Connection, _: object) -> None:
    from flows.steps.database import set_up_sqlite

    set_up_sqlite(connection, "synchronous=FULL")  # inputs leave the inbox once a commit is told done


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("ledger_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM ledger_version").scalar()


def _migrate(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "flows:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _wanted(connection: sa.Connection, wanted: dict[str, Any]) -> None:
    import pandas as pd

    from flows.steps.database import insert

    connection.exec_driver_sql("CREATE TEMPORARY TABLE wanted (kind TEXT NOT NULL, value TEXT NOT NULL)")
    for kind, values in wanted.items():
        insert(connection, "wanted", pd.DataFrame({"kind": kind, "value": values}, dtype="str"))
