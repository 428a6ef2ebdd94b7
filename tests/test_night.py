"""What a night does with its inbox, and what it tells."""

import json
import shutil
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, HTTPServer

import pandas as pd
import pytest
from nights import DAY, counts, files, put, put_broken, reports, settings
from openpyxl import load_workbook

from flows import notify
from flows.cli import main
from flows.night import night
from flows.settings import Settings
from flows.steps import journal
from flows.steps.ledger import STORE_FILE

# ── the inbox ────────────────────────────────────────────────────────────────────────────────────


def test_whole_run_is_taken_over_and_nothing_done_again(tmp_path, monkeypatch):
    put(tmp_path, "甲/a.xlsx")
    kept = shutil.copytree(tmp_path / "inbox", tmp_path / "kept")
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15"]) == 0
    before = reports(tmp_path)
    shutil.copytree(kept, tmp_path / "inbox", dirs_exist_ok=True)
    for again in ("flows.run.run", "flows.steps.ledger.Ledger.record"):
        monkeypatch.delattr(again)
    assert night(settings(tmp_path)).runs[0]["from_cache"]
    assert reports(tmp_path) == before
    assert counts(tmp_path)["entry"] == 2


def test_faultless_workbook_among_known_ones(tmp_path):
    """What is found in it, nothing, fits what was found in the others."""
    put(tmp_path, "known.xlsx", "faultless.xlsx", rows=4)
    faultless = (tmp_path / "inbox/faultless.xlsx").rename(tmp_path / "faultless.xlsx")
    book = load_workbook(tmp_path / "inbox/known.xlsx")
    book.active["C2"] = "没有这一种"
    book.save(tmp_path / "inbox/known.xlsx")
    kept = shutil.copytree(tmp_path / "inbox", tmp_path / "kept")
    assert night(settings(tmp_path)).exit_code == 1
    shutil.copytree(kept, tmp_path / "inbox", dirs_exist_ok=True)
    faultless.rename(tmp_path / "inbox/faultless.xlsx")
    (run,) = night(settings(tmp_path)).runs
    assert [(entry["workbook"], entry["rejected"] > 0, entry["fault"]) for entry in run["workbooks"]] == [
        ("faultless.xlsx", False, ""),
        ("known.xlsx", True, ""),
    ]


def test_empty_inbox_is_a_short_success(tmp_path, capsys):
    assert main(["nightly", "--data", str(tmp_path), "--as-of", "2026-01-15"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert not (tmp_path / "reports").exists()


def test_second_night_at_once_leaves_with_a_line(tmp_path, capsys):
    with journal.alone(tmp_path):
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
    put_broken(tmp_path, "代理/broken.xlsx")
    assert night(settings(tmp_path)).exit_code == 2
    found = files(tmp_path / "quarantine" / "2026-01-15")
    assert found["代理/broken.xlsx"] == b"\x00\x01 nothing"
    assert len(found["代理/broken.xlsx.txt"].decode().splitlines()) == 3
    assert set(files(tmp_path / "archive" / "2026-01-15")) == {"a.xlsx"}


def test_names_as_long_as_names_can_be(tmp_path):
    """A name of 255 bytes leaves no room for what is put behind it; the night goes on all the same."""
    long, broken = "备案" * 41 + "abcd.xlsx", "损坏" * 41 + "abcd.xlsx"
    assert len(long.encode()) == len(broken.encode()) == 255
    put(tmp_path, long, rows=1)
    put_broken(tmp_path, broken)
    assert night(settings(tmp_path)).exit_code == 2
    (report,) = (tmp_path / "reports" / "2026-01-15").glob("*.report.xlsx")
    assert report.name.startswith("备案" * 30) and "~" in report.name
    assert long in files(tmp_path / "archive" / "2026-01-15")
    (note,) = (tmp_path / "quarantine" / "2026-01-15").glob("*.txt")
    assert broken in note.read_text(encoding="utf-8")
    put(tmp_path, long, rows=2)  # another of the same name, later that day
    assert night(settings(tmp_path)).exit_code == 0
    assert len(files(tmp_path / "archive" / "2026-01-15")) == 2


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
    assert "不通过 0" in texts[0] and "2026-01-15" in texts[0]
    assert "失败" in texts[1] and "ledger.sqlite" in texts[1]
    monkeypatch.setenv("ICP_PREFLIGHT_WEBHOOK", url.replace("/hook", "/slack"))
    main(["nightly", "--data", str(tmp_path / "other"), "--quiet"])
    assert isinstance(heard[2]["text"], str)


def test_message_fits_and_a_refusal_is_no_success(chat, monkeypatch):
    url, heard = chat
    assert notify.send(url, "备案" * 2000)
    assert len(heard[0]["text"]["content"].encode()) <= 2048
    assert notify._refusal(b'{"errcode": 310000, "errmsg": "keywords not in content"}')
    assert not notify._refusal(b'{"errcode": 0}') and not notify._refusal(b"ok")
