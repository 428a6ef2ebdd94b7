"""Where the register is kept between runs: one snapshot in SQLite or PostgreSQL, replaced as a whole.

An import builds the new snapshot beside the old one inside a single transaction: whoever reads meanwhile
sees the old one, and an import that dies leaves it untouched.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from expectations.words import Words
from flows.settings import REGISTER_FILE
from flows.steps.digest import Digest
from flows.steps.register.entries import ENTRY_COLUMNS, LOOKED_UP, entries
from flows.steps.register.reading import BadRegister, read_parts, unopened

STORE_FILE = REGISTER_FILE
_LAYOUT = "1"  # of the tables below; a store of another layout is imported anew
_BUSY_SECONDS = 30.0
_CHUNK = 50_000

_META = sa.MetaData()
_SNAPSHOT = sa.Table(
    "register_snapshot",
    _META,
    sa.Column("content", sa.Text, nullable=False),  # SHA-256 of the files imported
    sa.Column("digest_key", sa.Text, nullable=False),  # fingerprint of the key of the digests
    sa.Column("layout", sa.Text, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
)
_ENTRY = sa.Table("register_entry", _META, *(sa.Column(name, sa.Text, nullable=False) for name in ENTRY_COLUMNS))


@dataclass(frozen=True)
class Imported:
    """What an import did: ``entries`` in the snapshot now; ``changed`` is False where the files were known."""

    entries: int
    subjects: int
    domains: int
    changed: bool


class Store:
    """The register's store at ``url``: a path of a SQLite file, or an SQLAlchemy URL of SQLite or PostgreSQL.

    Raises:
        BadRegister: the URL names no such database, or its driver is not installed.
    """

    def __init__(self, url: str | Path, digest: Digest) -> None:
        self._url, self._digest = _normal(url), digest
        self._path = Path(self._url.database or "") if self._url.drivername == "sqlite" else None
        try:
            self._engine = sa.create_engine(self._url, **self._options())
        except (sa.exc.ArgumentError, ImportError) as error:
            raise BadRegister(
                Words(f"无法使用备案库 {self.name}：{error}", f"the register store {self.name} cannot be used: {error}")
            ) from error
        if self._path:
            sa.event.listen(self._engine, "connect", _set_up_sqlite)
            sa.event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))

    @property
    def name(self) -> str:
        """The store as messages name it, without a password."""
        return str(self._path) if self._path else self._url.render_as_string(hide_password=True)

    def close(self) -> None:
        self._engine.dispose()

    def import_(self, files: Sequence[Path]) -> Imported:
        """Replace the snapshot by the entries of these files; files imported already change nothing.

        Raises:
            BadRegister: a file or the store cannot be used; the former snapshot stands.
        """
        if not files:
            raise BadRegister(Words("没有给出备案库文件", "no register file was given"))
        content = _content(files)
        if self._path and not self._path.exists():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
        with self._transaction(writing=True) as connection:
            _META.create_all(connection, tables=[_SNAPSHOT])
            self._lock(connection)
            known = connection.execute(sa.select(_SNAPSHOT)).one_or_none()
            wanted = (content, self._digest.fingerprint, _LAYOUT)
            changed = known is None or tuple(known[:3]) != wanted
            if changed:
                count = self._replace(connection, files)
                connection.execute(sa.delete(_SNAPSHOT))
                connection.execute(sa.insert(_SNAPSHOT).values([(*wanted, count)]))
            counts = connection.execute(
                sa.select(
                    sa.func.count(),
                    sa.func.count(sa.distinct(_ENTRY.c.certificate_number)),
                    sa.func.count(sa.distinct(_ENTRY.c.domain)),
                )
            ).one()
            return Imported(counts[0], counts[1], counts[2], changed)

    def _replace(self, connection: sa.Connection, files: Sequence[Path]) -> int:
        """Build the new table with its indexes, then put it in the place of the old one."""
        mark = secrets.token_hex(6)  # names of indexes outlive the renaming of their table
        table = f"{_ENTRY.name}_{mark}"
        columns = ", ".join(f"{name} TEXT NOT NULL" for name in ENTRY_COLUMNS)
        connection.exec_driver_sql(f"CREATE TABLE {table} ({columns})")
        count = 0
        for part in (entries(part, self._digest) for file in files for part in read_parts(file)):
            count += len(part)
            _insert(connection, table, part)
        for name in LOOKED_UP:
            connection.exec_driver_sql(f"CREATE INDEX {name}_{mark} ON {table} ({name}) WHERE {name} <> ''")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_ENTRY.name}")
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {_ENTRY.name}")
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"ANALYZE {_ENTRY.name}")
        return count

    def state(self) -> str:
        """Changes with the snapshot.

        Raises:
            BadRegister: the store is missing, damaged, or made under another key.
        """
        with self._transaction() as connection:
            return repr(tuple(self._current(connection)))

    def candidates(self, looked_up: pd.DataFrame) -> pd.DataFrame:
        """The entries that share something with some filing, as :func:`entries.candidates` gives of a frame."""
        wanted = {name: [looked_up[name]] for name in LOOKED_UP}
        wanted["principal_mobile"].append(looked_up["site_principal_mobile"])
        wanted["site_principal_mobile"].append(looked_up["principal_mobile"])
        with self._transaction() as connection:
            self._current(connection)
            connection.exec_driver_sql("CREATE TEMPORARY TABLE wanted (kind TEXT NOT NULL, value TEXT NOT NULL)")
            for kind, columns in wanted.items():
                values = pd.concat(columns).unique()
                values = values[values != ""]
                _insert(connection, "wanted", pd.DataFrame({"kind": kind, "value": values}, dtype="str"))
            found = _fetch(connection, _candidates_query(connection.dialect.name))
            connection.exec_driver_sql("DROP TABLE wanted")
        return pd.DataFrame({name: pd.array(found.column(name), dtype="str") for name in ENTRY_COLUMNS})

    def show(self, *, domain: str = "", subject: str = "") -> list[dict[str, str]]:
        """The entries of a domain, or of a subject by certificate number, ICP number or name; no digests.

        Raises:
            BadRegister: the store is missing or damaged.
        """
        register = pd.DataFrame({"n": [subject]}, dtype="str")["n"]
        number = self._digest.of(register.str.upper()).iloc[0]
        column = _ENTRY.c
        wanted = sa.or_(
            sa.and_(column.domain == domain.lower().removeprefix("www."), column.domain != ""),
            sa.and_(column.certificate_number == number, column.certificate_number != ""),
            sa.and_(
                sa.or_(column.subject_name == subject, column.subject_icp_number == subject), sa.literal(subject) != ""
            ),
        )
        with self._transaction() as connection:
            self._current(connection)
            shown = [column[name] for name in SHOWN]
            rows = connection.execute(sa.select(*shown).where(wanted).order_by(*shown)).mappings().all()
        return [dict(row) for row in rows]

    def _current(self, connection: sa.Connection) -> sa.Row[Any]:
        """The snapshot; refuses a store that is empty, of another layout, or made under another key."""
        if not sa.inspect(connection).has_table(_SNAPSHOT.name):
            raise BadRegister(
                Words(
                    f"备案库 {self.name} 中还没有数据，请先导入（register import）",
                    f"the register store {self.name} holds nothing yet: import a register first (register import)",
                )
            )
        snapshot = connection.execute(sa.select(_SNAPSHOT)).one_or_none()
        if snapshot is None or snapshot.layout != _LAYOUT:
            raise BadRegister(
                Words(
                    f"备案库 {self.name} 不是本版本的格式，请重新导入",
                    f"the register store {self.name} is of another version's layout: import the register anew",
                )
            )
        if snapshot.digest_key != self._digest.fingerprint:
            raise BadRegister(
                Words(
                    f"备案库 {self.name} 是用另一个密钥导入的：请恢复当时的密钥，或重新导入",
                    f"the register store {self.name} was imported under another key: restore that key or import anew",
                )
            )
        return snapshot

    @contextmanager
    def _transaction(self, *, writing: bool = False) -> Iterator[sa.Connection]:
        if self._path and not self._path.is_file():
            raise BadRegister(
                Words(
                    f"找不到备案库 {self.name}，请先导入（register import）",
                    f"there is no register store {self.name}: import a register first (register import)",
                )
            )
        try:
            with self._engine.connect() as connection, connection.begin():
                if writing and self._path:
                    connection.exec_driver_sql("COMMIT")
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
        except sa.exc.DBAPIError as error:
            raise BadRegister(_complaint(self.name, str(error.orig))) from None
        except self._engine.dialect.loaded_dbapi.Error as error:
            raise BadRegister(_complaint(self.name, str(error))) from None

    def _lock(self, connection: sa.Connection) -> None:
        """One import at a time; SQLite has its own lock since the transaction began."""
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"LOCK TABLE {_SNAPSHOT.name} IN SHARE ROW EXCLUSIVE MODE NOWAIT")

    def _options(self) -> dict[str, Any]:
        if self._path:
            return {"connect_args": {"timeout": _BUSY_SECONDS}, "poolclass": sa.NullPool}
        return {"pool_pre_ping": True}


SHOWN = (
    "status", "subject_name", "certificate_type", "subject_icp_number", "province", "domain", "site_icp_number", "here",
)  # fmt: skip
"""What :meth:`Store.show` gives of an entry."""


def _normal(url: str | Path) -> URL:
    """SQLite by path or URL, PostgreSQL through psycopg whatever driver the URL names."""
    text = str(url)
    if isinstance(url, Path) or "://" not in text:
        return URL.create("sqlite", database=text)
    parsed = make_url(text)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed.set(drivername="sqlite")
    shown = parsed.render_as_string(hide_password=True)
    raise BadRegister(
        Words(
            f"备案库地址 {shown} 应为 SQLite 文件或 postgresql:// 地址",
            f"{shown}: a SQLite file or postgresql:// is expected",
        )
    )


def _set_up_sqlite(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    # WAL: a check reads the old snapshot while an import builds the new one.
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "temp_store=MEMORY", "cache_size=-262144"):
        connection.execute(f"PRAGMA {pragma}")


def _insert(connection: sa.Connection, table: str, frame: pd.DataFrame) -> None:
    """Append a frame of text the fastest way the database has."""
    columns = ", ".join(frame.columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(frame.columns))
        rows: Iterable[tuple[str, ...]] = zip(*(frame[name].tolist() for name in frame), strict=True)
        raw: Any = connection.connection.dbapi_connection
        raw.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)  # noqa: S608 - our own names
        return
    raw = connection.connection.dbapi_connection
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for start in range(0, len(frame), _CHUNK):
            copy.write(_copy_text(frame.iloc[start : start + _CHUNK]))


def _fetch(connection: sa.Connection, query: str) -> pa.Table:
    """What a query of :data:`ENTRY_COLUMNS` finds; Python holds a part of it at a time."""
    schema = pa.schema([(name, pa.large_string()) for name in ENTRY_COLUMNS])
    cursor = connection.connection.cursor()
    cursor.execute(query)
    parts = []
    while rows := cursor.fetchmany(_CHUNK):
        columns = [pa.array(column, pa.large_string()) for column in zip(*rows, strict=True)]
        parts.append(pa.record_batch(columns, schema))
    cursor.close()
    return pa.Table.from_batches(parts, schema)


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


def _copy_text(frame: pd.DataFrame) -> str:
    """Rows in the text format of COPY."""
    columns = []
    for name in frame:
        values = frame[name]
        if values.str.contains(r"[\\\t\n\r\x00]", regex=True).any():
            values = values.map({value: value.translate(_ESCAPES) for value in values.unique()})
        columns.append(values.tolist())
    return "".join("\t".join(row) + "\n" for row in zip(*columns, strict=True))


def _candidates_query(dialect: str) -> str:
    """Entries found by any of the columns; each side of the union walks one index."""
    row = "ctid" if dialect == "postgresql" else "rowid"
    found = " UNION ".join(
        f"SELECT e.{row} FROM wanted w JOIN {_ENTRY.name} e ON e.{name} = w.value AND e.{name} <> '' "  # noqa: S608
        f"WHERE w.kind = '{name}'"
        for name in LOOKED_UP
    )
    return f"SELECT {', '.join(ENTRY_COLUMNS)} FROM {_ENTRY.name} WHERE {row} IN ({found})"  # noqa: S608


def _content(files: Sequence[Path]) -> str:
    """One digest of all files' bytes, in whatever order they are named."""
    digests = []
    for path in files:
        try:
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
        except OSError as error:
            raise unopened(path, error) from error
    return hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()


def _complaint(store: str, text: str) -> Words:
    """What the database says, as words; never the statement, which may carry values."""
    first = re.split(r"[\n(]", text.strip())[0]
    if "locked" in text or "could not obtain lock" in text:
        return Words(
            f"备案库 {store} 正被另一个导入占用，请稍后再试", f"the register store {store} is in use by another import"
        )
    if "not a database" in text or "malformed" in text:
        return Words(
            f"备案库 {store} 已损坏（{first}）：请从备份恢复，或删除后重新导入",
            f"the register store {store} is damaged ({first}): restore it, or delete it and import the register anew",
        )
    return Words(f"备案库 {store} 无法使用：{first}", f"the register store {store} cannot be used: {first}")
