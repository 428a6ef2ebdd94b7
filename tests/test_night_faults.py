"""A night that finds its disk full or its stores gone says so, leaves nothing half-written, and is done again."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nights import files, keyed, put, same, settings

from flows.cli import main
from flows.night import night
from flows.settings import REGISTER_FILE
from flows.steps.ledger import STORE_FILE, BadLedger
from flows.steps.register.reading import REGISTER_COLUMNS


def test_missing_or_damaged_ledger_is_an_error(tmp_path, capsys):
    put(tmp_path, "a.xlsx", rows=1)
    night(settings(tmp_path))
    put(tmp_path, "b.xlsx", rows=1, seed=9)
    kept = (tmp_path / STORE_FILE).read_bytes()
    for path in tmp_path.glob("ledger.sqlite-*"):
        path.unlink()
    (tmp_path / STORE_FILE).unlink()
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15"]) == 2
    assert "ledger.sqlite" in capsys.readouterr().err
    assert not (tmp_path / STORE_FILE).exists() and (tmp_path / "inbox" / "b.xlsx").exists()
    (tmp_path / STORE_FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(BadLedger, match="damaged"):
        night(settings(tmp_path))
    (tmp_path / STORE_FILE).write_bytes(kept)
    assert night(settings(tmp_path)).exit_code == 0


def test_missing_register_is_an_error(tmp_path):
    put(tmp_path, "a.xlsx", rows=1)
    (tmp_path / "night.json").write_text('{"register": true}')
    with pytest.raises(BadLedger, match="register"):
        night(settings(tmp_path))


def test_output_that_cannot_be_written_is_said_and_heals(tmp_path, capsys):
    put(tmp_path, "a.xlsx", rows=1)
    (tmp_path / "reports").write_text("a file where the folder should be")
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15"]) == 2
    assert "reports" in capsys.readouterr().err
    assert (tmp_path / "inbox" / "a.xlsx").exists()
    (tmp_path / "reports").unlink()
    assert night(settings(tmp_path)).exit_code == 0
    assert (tmp_path / "reports" / "2026-01-15" / "a.report.xlsx").exists()


# ── a real file system that is full, or cannot be written ────────────────────────────────────────


@pytest.fixture
def mount() -> Iterator[Callable[[Path, str], None]]:
    """Mounts a small file system in memory at a folder."""
    mounted = []

    def mount(where: Path, options: str) -> None:
        where.mkdir(exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", options, "none", str(where)]
        try:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("nothing can be mounted here")
        mounted.append(where)

    yield mount
    for where in reversed(mounted):
        subprocess.run(["umount", "--lazy", str(where)], check=False, capture_output=True)  # noqa: S603, S607


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a ZipFile that cannot be closed
def test_full_or_read_only_disk_is_said_and_the_next_night_heals(mount, tmp_path, capsys):
    disk, whole = tmp_path / "disk", tmp_path / "whole"
    mount(disk, "size=32m")
    for folder in (disk, whole):
        keyed(folder)
        put(folder, "甲/a.xlsx", "b.xlsx", rows=3, seed=5)
    night(settings(whole))
    command = ["nightly", "--data", str(disk), "--as-of", "2026-01-15"]
    for room in (4, 120, 200):  # KiB: too few for the ledger, for the night's own notes, for the reports
        free = shutil.disk_usage(disk).free
        (disk / "ballast").write_bytes(b"\0" * (free - room * 1024))
        assert main(command) == 2
        said = capsys.readouterr().err
        assert "No space" in said or "disk is full" in said
        assert len(files(disk / "inbox")) == 2 and not list(disk.glob("reports/**/*.xlsx"))
        (disk / "ballast").unlink()
    mount(disk / "reports", "size=1m,ro")
    assert main(command) == 2
    assert "Read-only" in capsys.readouterr().err and len(files(disk / "inbox")) == 2
    subprocess.run(["umount", "--lazy", str(disk / "reports")], check=True)  # noqa: S603, S607
    assert main(command) == 0
    same(disk, whole)


# ── the register ─────────────────────────────────────────────────────────────────────────────────


def test_register_that_is_damaged_or_locked_is_said_and_the_next_night_heals(tmp_path, capsys, monkeypatch):
    register = tmp_path / "filed.csv"
    entry = {"subject_certificate_number": "91330000MA0000011X", "subject_name": "样例一号有限公司", "status": "已备案"}
    lines = ([column.zh for column in REGISTER_COLUMNS.values()], [entry.get(key, "") for key in REGISTER_COLUMNS])
    register.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    data, store = tmp_path / "data", tmp_path / "data" / REGISTER_FILE
    command = ["nightly", "--data", str(data), "--as-of", "2026-01-15"]
    assert main(["register", "import", str(register), "--data", str(data)]) == 0
    put(data, "a.xlsx", rows=1)
    whole = store.read_bytes()
    monkeypatch.setattr("flows.steps.register.store._BUSY_SECONDS", 0.2)
    holder = sqlite3.connect(store, isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    holder.execute("CREATE TABLE held (x)")
    assert main(command) == 2
    assert REGISTER_FILE in (said := capsys.readouterr().err) and "占用" in said
    holder.execute("ROLLBACK")
    holder.close()
    store.write_bytes(b"not a database at all" * 100)
    assert main(command) == 2
    assert REGISTER_FILE in (said := capsys.readouterr().err) and "损坏" in said
    assert (data / "inbox" / "a.xlsx").exists() and not (data / "reports").exists()
    store.write_bytes(whole)
    assert main(command) in (0, 1)
    assert (data / "reports" / "2026-01-15" / "a.report.xlsx").exists()
