"""The register's store, on SQLite and on PostgreSQL: whole snapshots, without personal data in clear."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import postgres
import pytest
import sqlalchemy as sa
from registers import COMPANY, DIGEST, KEY, PERSON, csv_file, filings

from flows.steps.register import BadRegister, Register, Store, import_register, show
from flows.steps.register import store as stores
from flows.steps.register.entries import ENTRY_COLUMNS
from flows.steps.register.reading import COLUMN_KEYS


@pytest.fixture
def register_file(tmp_path: Path) -> Path:
    return csv_file(tmp_path / "register.csv", COMPANY, PERSON)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with postgres.server() as (address, _):
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "store" / "register.sqlite")
        return
    address = request.getfixturevalue("postgresql")
    yield address
    engine = sa.create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS register_entry, register_snapshot")
    engine.dispose()


def test_import_is_idempotent_and_replaces_the_snapshot(url: str, tmp_path: Path, register_file: Path):
    first = import_register([register_file], url, KEY)
    again = import_register([register_file], url, KEY)
    assert (first.entries, first.subjects, first.domains, first.changed) == (2, 2, 2, True)
    assert (again.entries, again.changed) == (2, False)
    moved = csv_file(tmp_path / "later.csv", COMPANY | {"域名": "later-sample.cn"})
    assert import_register([moved], url, KEY).entries == 1
    assert show(url, KEY, domain="chenguang-sample.cn") == []
    assert [row["domain"] for row in show(url, KEY, domain="later-sample.cn")] == ["later-sample.cn"]
    assert import_register([register_file, moved], url, KEY).entries == 3


def test_entries_are_shown_by_domain_number_and_name(url: str, register_file: Path):
    import_register([register_file], url, KEY)
    company = [
        {
            "status": "已备案", "subject_name": "杭州晨光样例图书有限公司", "certificate_type": "营业执照",
            "subject_icp_number": "浙ICP备12345678号", "province": "浙江", "domain": "chenguang-sample.cn",
            "site_icp_number": "浙ICP备12345678号-1", "here": "是",
        }
    ]  # fmt: skip
    assert show(url, KEY, domain="www.Chenguang-sample.cn") == company
    for subject in ("91330000ma0000007w", "浙ICP备12345678号", "杭州晨光样例图书有限公司"):
        assert show(url, KEY, subject=subject) == company
    assert [row["subject_name"] for row in show(url, KEY, subject="33000019900202002X")] == ["陈**"]
    assert show(url, KEY) == []


def test_no_personal_data_is_kept_in_clear(tmp_path: Path, register_file: Path):
    path = tmp_path / "register.sqlite"
    import_register([register_file], path, KEY)
    with sqlite3.connect(path) as connection:
        kept = "\n".join(connection.iterdump())
    connection.close()
    assert "杭州晨光样例图书有限公司" in kept
    for secret in ("91330000MA0000007W", "330000198501010016", "33000019900202002X", "1380571000", "林示例", "陈样例"):
        assert secret not in kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_text_that_looks_like_markup_of_the_copy_survives(url: str, tmp_path: Path):
    name = 'a\\b\\N"c'
    import_register([csv_file(tmp_path / "r.csv", COMPANY | {"主办单位名称": name})], url, KEY)
    assert [row["subject_name"] for row in show(url, KEY, domain="chenguang-sample.cn")] == [name]


def test_failed_import_leaves_the_old_snapshot(url: str, tmp_path: Path, register_file: Path):
    import_register([register_file], url, KEY)
    bad = csv_file(tmp_path / "bad.csv", COMPANY | {"状态": "?"})
    good = csv_file(tmp_path / "good.csv", COMPANY | {"域名": "later-sample.cn"})
    with pytest.raises(BadRegister, match=r"bad\.csv"):
        import_register([good, bad], url, KEY)
    assert len(show(url, KEY, domain="chenguang-sample.cn")) == 1
    assert show(url, KEY, domain="later-sample.cn") == []
    assert import_register([good], url, KEY).changed


def test_killed_import_leaves_the_old_snapshot(url: str, tmp_path: Path, register_file: Path):
    import_register([register_file], url, KEY)
    later = csv_file(tmp_path / "later.csv", COMPANY | {"域名": "later-sample.cn"})
    script = textwrap.dedent(f"""
        import os
        from pathlib import Path
        from flows.steps.register import import_register, store
        insert = store._insert
        def dying(connection, table, frame):
            insert(connection, table, frame)
            os._exit(9)
        store._insert = dying
        import_register([Path({str(later)!r})], {url!r}, {KEY!r})
    """)
    killed = subprocess.run([sys.executable, "-c", script], check=False, cwd=Path.cwd())  # noqa: S603 - our own
    assert killed.returncode == 9
    assert len(show(url, KEY, domain="chenguang-sample.cn")) == 1
    assert import_register([later], url, KEY).changed


def test_readers_see_the_old_snapshot_while_an_import_runs(
    url: str, tmp_path: Path, register_file: Path, monkeypatch: pytest.MonkeyPatch
):
    import_register([register_file], url, KEY)
    seen = []
    insert = stores._insert

    def looking(connection: sa.Connection, table: str, frame: pd.DataFrame) -> None:
        insert(connection, table, frame)
        seen.extend(show(url, KEY, domain="chenguang-sample.cn"))

    monkeypatch.setattr(stores, "_insert", looking)
    import_register([csv_file(tmp_path / "later.csv", COMPANY | {"域名": "later-sample.cn"})], url, KEY)
    assert [row["domain"] for row in seen] == ["chenguang-sample.cn"]


def test_second_import_at_once_is_refused(
    url: str, tmp_path: Path, register_file: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(stores, "_BUSY_SECONDS", 0.05)
    import_register([register_file], url, KEY)
    later = csv_file(tmp_path / "later.csv", COMPANY | {"域名": "later-sample.cn"})
    insert = stores._insert
    refused = []

    def competing(connection: sa.Connection, table: str, frame: pd.DataFrame) -> None:
        monkeypatch.setattr(stores, "_insert", insert)
        with pytest.raises(BadRegister) as caught:
            import_register([later], url, KEY)
        refused.append(caught.value.words.zh)
        insert(connection, table, frame)

    monkeypatch.setattr(stores, "_insert", competing)
    import_register([later], url, KEY)
    assert len(refused) == 1
    assert "正被另一个导入占用" in refused[0]


def test_store_of_another_key_is_refused(url: str, register_file: Path):
    import_register([register_file], url, KEY)
    with pytest.raises(BadRegister, match="另一个密钥"):
        show(url, b"another key altogether", domain="chenguang-sample.cn")
    assert import_register([register_file], url, b"another key altogether").changed


def test_empty_store_asks_for_an_import(postgresql: str, tmp_path: Path):
    (tmp_path / "empty.sqlite").touch()
    for url in (postgresql, str(tmp_path / "empty.sqlite")):
        with pytest.raises(BadRegister, match="还没有数据"):
            show(url, KEY, domain="a.cn")


def test_missing_store_is_named_and_not_made(tmp_path: Path):
    path = tmp_path / "register.sqlite"
    with pytest.raises(BadRegister, match=r"找不到备案库 .*register\.sqlite"):
        Register.of_store(path, DIGEST).facts(filings({}))
    assert not path.exists()


@pytest.mark.parametrize("keep", [100, 4096, 8192])
def test_damaged_store_is_named_and_kept(tmp_path: Path, keep: int):
    path = tmp_path / "register.sqlite"
    rows = [COMPANY | {"域名": f"sample-{number}.cn"} for number in range(500)]
    import_register([csv_file(tmp_path / "r.csv", *rows)], path, KEY)
    content = path.read_bytes()
    path.write_bytes(content[:keep] + b"\x5a" * (len(content) - keep))
    damaged = path.read_bytes()
    with pytest.raises(BadRegister, match=r"register\.sqlite"):
        Register.of_store(path, DIGEST).facts(filings({"domain": "sample-7.cn"}))
    assert path.read_bytes() == damaged
    (tmp_path / "text.sqlite").write_text("not a database " * 100)
    with pytest.raises(BadRegister, match="已损坏"):
        import_register([csv_file(tmp_path / "r.csv", COMPANY)], tmp_path / "text.sqlite", KEY)


def test_store_out_of_reach_is_named_without_its_password():
    with pytest.raises(BadRegister) as caught:
        show("postgresql://me:secret@127.0.0.1:1/register", KEY, domain="a.cn")
    assert "127.0.0.1:1" in str(caught.value)
    assert "secret" not in str(caught.value)
    with pytest.raises(BadRegister, match="postgresql://"):
        Store("mysql://me:secret@localhost/register", DIGEST)


def test_import_of_nothing_is_refused(tmp_path: Path):
    with pytest.raises(BadRegister):
        import_register([], tmp_path / "register.sqlite", KEY)


def test_entries_keep_what_the_contract_says(register_file: Path):
    assert len(ENTRY_COLUMNS) == len(set(ENTRY_COLUMNS)) == len(COLUMN_KEYS)
