"""`icp-preflight status`: what is told of the last nights, also of those that failed or were killed."""

import json
import multiprocessing
import os
import shutil
import signal

import pytest
from nights import DAY, put, put_broken, settings

from expectations.words import Words
from flows import night as nights
from flows.cli import main
from flows.night import night
from flows.steps import journal
from flows.steps.faults import FaultError, cause
from flows.steps.ledger import STORE_FILE


def status(data, capsys, *more: str) -> list[str]:
    capsys.readouterr()
    assert main(["status", "--data", str(data), *more]) == 0
    return capsys.readouterr().out.splitlines()


def test_no_night_yet_is_said(tmp_path, capsys):
    assert status(tmp_path / "none", capsys) == ["还没有运行过夜间检查"]
    assert status(tmp_path / "none", capsys, "--lang", "en") == ["no night has been run yet"]


def test_nights_are_told_the_newest_first_in_the_language_asked_for(tmp_path, capsys):
    put(tmp_path, "甲/a.xlsx", "b.xlsx")
    put_broken(tmp_path, "broken.xlsx")
    assert night(settings(tmp_path)).exit_code == 2
    assert night(settings(tmp_path)).exit_code == 0
    empty, full = status(tmp_path, capsys)
    assert "完成  基准日 2026-01-15  收件箱为空" in empty
    assert "工作簿 检查 2 未能检查 1 跳过 0  共 4  不通过 0  待复核 0  通过 4" in full
    assert full.endswith(f"→ {tmp_path / 'reports' / '2026-01-15'}") and " 秒  " in full
    empty, full = status(tmp_path, capsys, "--lang", "en")
    assert "done  as of 2026-01-15  the inbox is empty" in empty
    assert "workbooks judged 2 refused 1 skipped 0  filings 4  rejected 0  review 0  ready 4" in full
    assert len(status(tmp_path, capsys, "--last", "1")) == 1


def test_failed_night_says_why_in_one_line(tmp_path, capsys):
    night(settings(tmp_path))
    (tmp_path / STORE_FILE).unlink()
    put(tmp_path, "a.xlsx", rows=1)
    assert main(["nightly", "--data", str(tmp_path), "--quiet"]) == 2
    failed, done = status(tmp_path, capsys)
    assert "失败" in failed and STORE_FILE in failed and "完成" in done
    assert " / " not in failed  # one language
    failed, _ = status(tmp_path, capsys, "--lang", "en")
    assert "  failed  " in failed and "cause: " in failed and STORE_FILE in failed


def test_words_of_a_fault_of_ours_are_not_written_down(tmp_path, capsys, monkeypatch):
    def breaks(*_, **__):
        raise KeyError("张样例 13900000000")

    put(tmp_path, "a.xlsx", rows=1)
    monkeypatch.setattr(nights, "discover", breaks)
    assert main(["nightly", "--data", str(tmp_path)]) == 3
    (line,) = status(tmp_path, capsys)
    assert "失败" in line and "KeyError @ test_status.py:" in line
    assert not any("13900000000" in path.read_text() for path in (tmp_path / "nights").iterdir())


def test_fault_in_one_workbook_is_told(tmp_path, capsys, monkeypatch):
    def breaks(*_, **__):
        raise KeyError("张样例")

    put(tmp_path, "a.xlsx", rows=1)
    monkeypatch.setattr("flows.run.stage", breaks)
    assert night(settings(tmp_path)).exit_code == 3
    (line,) = status(tmp_path, capsys)
    assert "有程序错误" in line and "a.xlsx: KeyError @ test_status.py:" in line and "未能检查 1" in line


def _killed_midway(data) -> None:
    nights.reached = lambda point: os.kill(os.getpid(), signal.SIGKILL) if point == "judged" else None
    night(settings(data))


def test_killed_night_is_interrupted_and_one_at_work_is_running(tmp_path, capsys):
    put(tmp_path, "a.xlsx", rows=1)
    process = multiprocessing.get_context("spawn").Process(target=_killed_midway, args=(tmp_path,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    (line,) = status(tmp_path, capsys)
    assert "已中断" in line
    with journal.alone(tmp_path), journal.entry(tmp_path, DAY):
        running, killed = status(tmp_path, capsys)
        assert "运行中" in running and "已中断" in killed
    shutil.rmtree(tmp_path / "nights")
    assert night(settings(tmp_path)).exit_code == 0
    (line,) = status(tmp_path, capsys)
    assert "完成" in line and "检查 1" in line


def test_journal_is_bounded_and_outlives_a_damaged_entry(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(journal, "_KEPT", 3)
    for _ in range(5):
        night(settings(tmp_path))
    kept = sorted((tmp_path / "nights").iterdir())
    assert len(kept) == 3
    kept[1].write_text(json.dumps({"began": "2026"})[:5])
    assert len(status(tmp_path, capsys)) == 2


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(28, "No space left on device", "reports/a"),
         Words("reports/a: 磁盘已满（No space left on device）", "reports/a: No space left on device")),
        (OSError(30, "Read-only file system"), Words("文件系统只读（Read-only file system）", "Read-only file system")),
        (OSError("a worker is\ngone"), Words("a worker is gone", "a worker is gone")),
        (FaultError(Words("故障", "a fault")), Words("故障", "a fault")),
        (journal.BadNight(Words("忙", "busy")), Words("忙", "busy")),
    ],
    ids=["full", "nameless", "own", "fault", "words"],
)  # fmt: skip
def test_causes_are_a_line_in_each_language(error, told):
    assert cause(error) == told
