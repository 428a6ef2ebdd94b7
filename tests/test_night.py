"""A night may be killed at any moment, find its disk full or its stores gone, and is done again without loss."""

import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from data.synthetic.filings import filings, plant, write
from flows import night as nights
from flows.cli import main
from flows.night import night
from flows.runners import WorkerLost
from flows.settings import Settings
from flows.steps import judging
from flows.steps.digest import Digest, load_key
from flows.steps.ledger import STORE_FILE, BadLedger, Ledger

DAY = date(2026, 1, 15)


def settings(data: Path, **changes) -> Settings:
    return Settings(**{"data": data, "as_of": DAY, "workers": 1, "wait_seconds": 5, **changes})


def put(data: Path, *names: str, rows: int = 2, seed: int = 7) -> None:
    """Workbooks of invented filings in the inbox; written long ago."""
    made = filings(rows * len(names), seed)
    for number, name in enumerate(names):
        path = data / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(made[number * rows : number * rows + rows], path)
        os.utime(path, (1_700_000_000, 1_700_000_000))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def reports(data: Path) -> dict[str, bytes]:
    """Every report and table, without the seconds the steps took."""
    found = files(data / "reports")
    for name in [name for name in found if name.endswith("summary.json")]:
        found[name] = json.dumps({**json.loads(found[name]), "seconds": None}).encode()
    return found


def inputs(data: Path) -> Counter[bytes]:
    """The contents of all inputs, wherever they are now."""
    places = (files(data / name) for name in ("inbox", "archive", "quarantine"))
    return Counter(
        content for place in places for name, content in place.items() if not name.endswith((".txt", ".writing"))
    )


def counts(data: Path) -> dict[str, int]:
    ledger = Ledger(data / STORE_FILE, Digest(load_key(data)))
    history = [path for path in (data / "history").rglob("*.parquet") if "filings" in path.name]
    try:
        return {**ledger.counts(), "history": sum(pq.read_metadata(path).num_rows for path in history)}
    finally:
        ledger.close()


# ── killed ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def inbox(tmp_path_factory) -> Path:
    """Twelve workbooks of three senders, some rows spoilt, and a file that is none."""
    data = tmp_path_factory.mktemp("twelve")
    made = filings(240, seed=21)
    plant(made, 0.3, 21)
    for number in range(12):
        path = data / "inbox" / f"代理{'甲乙丙'[number % 3]}" / f"批次{number}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        write(made[number * 20 : number * 20 + 20], path)
    (data / "inbox" / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    for path in (data / "inbox").rglob("*.xlsx"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    (data / "preflight.key").write_text("0f" * 32)
    (data / "preflight.key").chmod(0o600)
    return data


@pytest.fixture(scope="module")
def undisturbed(inbox, tmp_path_factory) -> Path:
    data = shutil.copytree(inbox, tmp_path_factory.mktemp("undisturbed") / "data")
    assert night(settings(data)).exit_code == 2
    return data


def _until(data: Path, point: str, delay: float) -> None:
    """A night that dies at a point, or some seconds after; in a process of its own."""

    def reached(now: str) -> None:
        if now == point and delay:
            threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
        elif now == point:
            os.kill(os.getpid(), signal.SIGKILL)

    nights.reached = reached
    night(settings(data))


POINTS = [
    "discovered", "claimed", "read 3", "read 12", "judge 0", "judge 2", "judge 7", "report 1", "report 6", "report 13",
    "checked", "judged", "published", "history", "remembered", "archive 1", "archive 7", "archive 12", "archived",
    "finished",
]  # fmt: skip


def test_killed_thirty_times_and_nothing_is_lost_or_doubled(inbox, undisturbed, tmp_path):
    """Kills between steps and at any moment within, in night after night; each ends undisturbed at last."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["expectations.suite", "flows.run", "flows.night", "flows.steps.ledger_rows"])
    chance = random.Random(6)

    def killed(data: Path, point: str, delay: float = 0.0) -> bool:
        process = context.Process(target=_until, args=(data, point, delay))
        process.start()
        process.join(120)
        assert process.exitcode in (0, -9), point
        return process.exitcode == -9

    kills = nights_done = 0
    while kills < 30:
        data = shutil.copytree(inbox, tmp_path / str(nights_done))
        # What was judged before need not be judged again here, but for some workbooks.
        shutil.copytree(undisturbed / "cache" / "results", data / "cache" / "results")
        for entry in chance.sample(sorted((data / "cache" / "results").glob("*/*")), 3):
            shutil.rmtree(entry)
        kills += sum(killed(data, "begun", chance.uniform(0.05, 1)) for _ in range(2))
        for point in POINTS[nights_done % 4 :: 4]:
            kills += killed(data, point, chance.choice((0.0, chance.uniform(0, 0.02))))
        assert not killed(data, "")
        nights_done += 1
        assert inputs(data) == inputs(undisturbed) == inputs(inbox)
        assert not any(path.is_file() for path in (data / "inbox").rglob("*"))
        ours, theirs = reports(data), reports(undisturbed)
        assert ours.keys() == theirs.keys()
        assert [name for name in ours if ours[name] != theirs[name]] == []
        assert counts(data) == counts(undisturbed)
        assert nights_done < 10


def test_unchanged_inbox_is_not_judged_again(inbox, undisturbed, tmp_path, monkeypatch):
    data = shutil.copytree(undisturbed, tmp_path / "data")
    before = reports(data)

    def judged(*_):
        raise AssertionError("judged again")

    monkeypatch.setattr(judging, "judge", judged)
    # The broken file forbids taking the run as a whole: each workbook is taken by itself.
    shutil.copytree(inbox / "inbox", data / "inbox", dirs_exist_ok=True)
    outcome = night(settings(data))
    assert outcome.exit_code == 2 and not outcome.runs[0]["from_cache"]
    assert reports(data) == before


# ── the inbox ────────────────────────────────────────────────────────────────────────────────────


def test_whole_run_is_taken_over_in_a_moment(tmp_path, capsys):
    put(tmp_path, "甲/a.xlsx")
    kept = shutil.copytree(tmp_path / "inbox", tmp_path / "kept")
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15"]) == 0
    before = reports(tmp_path)
    shutil.copytree(kept, tmp_path / "inbox", dirs_exist_ok=True)
    start = time.perf_counter()
    outcome = night(settings(tmp_path))
    assert outcome.runs[0]["from_cache"] and time.perf_counter() - start < 2
    assert reports(tmp_path) == before
    assert counts(tmp_path)["entry"] == 2
    assert main(["status", "--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("2026-01-15/00") == 2


def test_empty_inbox_is_a_short_success(tmp_path, capsys):
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert not (tmp_path / "reports").exists()


def test_second_night_at_once_leaves_with_a_line(tmp_path, capsys):
    with nights._lock(tmp_path / "night.lock"):
        assert main(["nightly", "--data", str(tmp_path)]) == 2
    assert "night.lock" in capsys.readouterr().err


def test_later_files_of_the_day_join_and_an_edited_report_stays(tmp_path):
    put(tmp_path, "a.xlsx", "b.xlsx")
    night(settings(tmp_path))
    folder = tmp_path / "reports" / "2026-01-15"
    (folder / "a.report.xlsx").write_bytes(b"edited by an analyst")
    kept = (folder / "b.report.xlsx").read_bytes()
    put(tmp_path, "a.xlsx", "c.xlsx", rows=1, seed=8)
    outcome = night(settings(tmp_path))
    assert (folder / "a.report.xlsx").read_bytes() == b"edited by an analyst"
    assert outcome.runs[0]["beside"] == {"a.report.xlsx": "a.report-2.xlsx"}
    assert (folder / "a.report-2.xlsx").is_file() and (folder / "b.report.xlsx").read_bytes() == kept
    summary = json.loads((folder / "summary.json").read_text())
    assert {entry["workbook"]: entry["rows"] for entry in summary["workbooks"]} == {
        "a.xlsx": 1, "b.xlsx": 2, "c.xlsx": 1,
    }  # fmt: skip
    verdicts = pd.read_parquet(folder / "verdicts.parquet")
    assert Counter(verdicts["workbook"]) == {"b.xlsx": 2, "a.xlsx": 1, "c.xlsx": 1}
    assert summary["filings"] == 4
    assert len(files(tmp_path / "archive")) == 4


def test_unreadable_workbook_goes_to_quarantine_with_its_refusal(tmp_path):
    put(tmp_path, "a.xlsx", rows=1)
    (tmp_path / "inbox" / "代理").mkdir()
    (tmp_path / "inbox" / "代理" / "broken.xlsx").write_bytes(b"\x00\x01 nothing")
    os.utime(tmp_path / "inbox" / "代理" / "broken.xlsx", (1_700_000_000, 1_700_000_000))
    assert night(settings(tmp_path)).exit_code == 2
    found = files(tmp_path / "quarantine" / "2026-01-15")
    assert found["代理/broken.xlsx"] == b"\x00\x01 nothing"
    assert len(found["代理/broken.xlsx.txt"].decode().splitlines()) == 3
    assert set(files(tmp_path / "archive" / "2026-01-15")) == {"a.xlsx"}


def test_growing_file_is_waited_for_or_left(tmp_path):
    put(tmp_path, "a.xlsx", rows=1)
    whole = (tmp_path / "inbox" / "a.xlsx").read_bytes()
    path = tmp_path / "inbox" / "grows.xlsx"
    stop = threading.Event()

    def grow():
        with path.open("wb") as file:
            while not stop.wait(0.05):
                file.write(b"\x00" * 100)
                file.flush()

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        night(Settings(data=tmp_path, as_of=DAY, wait_seconds=1))
        assert path.exists()
    finally:
        stop.set()
        thread.join()
    path.write_bytes(whole)
    night(settings(tmp_path))
    assert not path.exists()
    assert set(files(tmp_path / "archive" / "2026-01-15")) == {"a.xlsx", "grows.xlsx"}


# ── failures ─────────────────────────────────────────────────────────────────────────────────────


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


def _full(data: Path) -> None:
    """A disk that takes no more than a report's beginning."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (6_000, 6_000))
    os._exit(main(["nightly", "--data", str(data), "--as-of", "2026-01-15", "--quiet"]))


def test_full_disk_ends_with_two_and_the_next_night_heals(tmp_path):
    put(tmp_path, "a.xlsx", rows=1)
    night(settings(tmp_path))  # the stores are there
    put(tmp_path, "b.xlsx", rows=2, seed=9)
    process = multiprocessing.get_context("spawn").Process(target=_full, args=(tmp_path,))
    process.start()
    process.join(120)
    assert process.exitcode == 2
    assert (tmp_path / "inbox" / "b.xlsx").exists()
    assert not (tmp_path / "reports" / "2026-01-15" / "b.report.xlsx").exists()
    assert night(settings(tmp_path)).exit_code == 0
    assert (tmp_path / "reports" / "2026-01-15" / "b.report.xlsx").exists()


def test_output_that_cannot_be_written_is_said_and_heals(tmp_path, capsys):
    put(tmp_path, "a.xlsx", rows=1)
    (tmp_path / "reports").write_text("a file where the folder should be")
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15"]) == 2
    assert "reports" in capsys.readouterr().err
    assert (tmp_path / "inbox" / "a.xlsx").exists()
    (tmp_path / "reports").unlink()
    assert night(settings(tmp_path)).exit_code == 0
    assert (tmp_path / "reports" / "2026-01-15" / "a.report.xlsx").exists()


# ── telling ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def chat():
    """A listener on the loopback, and what it was told."""
    heard: list[dict] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Listener)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/hook", heard
    server.shutdown()
    server.server_close()


def test_webhook_hears_how_it_ended(tmp_path, chat, monkeypatch):
    url, heard = chat
    monkeypatch.setenv("ICP_PREFLIGHT_WEBHOOK", url)
    put(tmp_path, "a.xlsx", rows=1)
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15", "--quiet"]) == 0
    (tmp_path / STORE_FILE).unlink()
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15", "--quiet"]) == 2
    texts = [message["text"]["content"] for message in heard]
    assert "会被驳回 0" in texts[0] and "2026-01-15" in texts[0]
    assert "失败" in texts[1] and "ledger.sqlite" in texts[1]
    monkeypatch.setenv("ICP_PREFLIGHT_WEBHOOK", url.replace("/hook", "/slack"))
    main(["nightly", "--data", str(tmp_path / "other"), "--quiet"])
    assert isinstance(heard[2]["text"], str)


# ── beyond this process ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def scheduler(tmp_path):
    """A Dask scheduler on the loopback and two workers, in processes of their own."""
    distributed = pytest.importorskip("distributed")
    environment = {
        **os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, sys.path)]),
        "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
    }  # fmt: skip
    file = tmp_path / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    commands = [
        ["dask_scheduler", "--host", "127.0.0.1", "--port", "0", *common],
        *(
            ["dask_worker", "--nthreads", "1", "--no-nanny", "--memory-limit", "0", "--death-timeout", "60", *common]
            for _ in range(2)
        ),
    ]
    started = []
    try:
        for module, *options in commands:
            started.append(
                subprocess.Popen(  # noqa: S603 - our own interpreter
                    [sys.executable, "-m", f"distributed.cli.{module}", *options],
                    env=environment,
                    cwd=tmp_path,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
            while not file.exists():
                time.sleep(0.1)
        address = json.loads(file.read_text())["address"]
        with distributed.Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield address
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(30)


@pytest.fixture(scope="module")
def in_turn(tmp_path_factory) -> Path:
    data = tmp_path_factory.mktemp("in-turn")
    put(data, "甲/a.xlsx", "乙/b.xlsx", "c.xlsx", rows=3)
    (data / "preflight.key").write_text("0f" * 32)
    (data / "preflight.key").chmod(0o600)
    kept = shutil.copytree(data, tmp_path_factory.mktemp("kept") / "data")
    night(settings(data))
    shutil.copytree(kept, data / "kept")
    return data


@pytest.mark.filterwarnings("default")
def test_dask_cluster_gives_the_same_bytes(in_turn, scheduler, tmp_path):
    shutil.copytree(in_turn / "kept", tmp_path / "data")
    night(settings(tmp_path / "data", runner="dask", scheduler=scheduler))
    assert reports(tmp_path / "data") == reports(in_turn)


def test_local_processes_give_the_same_bytes(in_turn, tmp_path):
    shutil.copytree(in_turn / "kept", tmp_path, dirs_exist_ok=True)
    night(settings(tmp_path, workers=2))
    assert reports(tmp_path) == reports(in_turn)


def test_a_worker_that_is_killed_is_said_and_the_next_night_heals(in_turn, tmp_path, monkeypatch):
    shutil.copytree(in_turn / "kept", tmp_path, dirs_exist_ok=True)

    def kill(point: str) -> None:
        if point == "judge 0":
            for child in multiprocessing.active_children():
                child.kill()

    monkeypatch.setattr(nights, "reached", kill)
    with pytest.raises(WorkerLost):
        night(settings(tmp_path, workers=2))
    assert not (tmp_path / "reports").exists() and len(files(tmp_path / "inbox")) == 3
    monkeypatch.setattr(nights, "reached", lambda point: None)
    night(settings(tmp_path))
    assert reports(tmp_path) == reports(in_turn)


def test_dask_without_a_scheduler_is_said(tmp_path, capsys):
    put(tmp_path, "a.xlsx", rows=1)
    assert main(["nightly", "--data", str(tmp_path), "--runner", "dask"]) == 2
    assert "--scheduler" in capsys.readouterr().err
