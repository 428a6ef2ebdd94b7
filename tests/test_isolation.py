"""Workbooks are read in a process of their own, under limits, and what happens to it is one refusal."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.steps.workbook import Limits, Refused, isolation, read, read_isolated, refusals
from tests import made
from tests.reads import HEAD, ONE


@pytest.fixture
def fresh() -> Iterator[None]:
    isolation.stop_children()
    yield
    isolation.stop_children()


def test_isolated_and_in_process_readings_are_the_same(tmp_path: Path, fresh: None) -> None:
    path = made.book(
        tmp_path / "a.xlsx",
        HEAD,
        ONE,
        (),
        ("乙公司", 330000198501010016, "+86 138 0571 0002", "乙", "B.cn"),
        ("注：谢谢",),
    )
    here, there = read(path, "甲/a.xlsx"), read_isolated(path, "甲/a.xlsx")
    assert here.filings.equals(there.filings)
    assert here.typed.equals(there.typed)
    assert (here.sheets, here.skipped, here.notes, here.path) == (there.sheets, there.skipped, there.notes, there.path)


def test_a_child_is_used_again(tmp_path: Path, fresh: None) -> None:
    path = made.good(tmp_path / "a.xlsx")
    read_isolated(path, "a")
    (child,) = isolation._children._idle
    with pytest.raises(Refused):
        read_isolated(tmp_path / "none.xlsx", "none")
    read_isolated(path, "a")
    assert isolation._children._idle == [child]


def test_threads_read_side_by_side(tmp_path: Path, fresh: None) -> None:
    paths = [made.good(tmp_path / f"{number}.xlsx", number) for number in range(1, 9)]
    rows: dict[int, int] = {}
    threads = [
        threading.Thread(
            target=lambda path=path: rows.update({int(path.stem): read_isolated(path, path.name).filings.num_rows})
        )
        for path in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == {number: number for number in range(1, 9)}


def test_a_child_killed_while_idle_costs_nobody(tmp_path: Path, fresh: None) -> None:
    path = made.good(tmp_path / "a.xlsx")
    read_isolated(path, "a")
    (child,) = isolation._children._idle
    child.process.kill()
    child.process.wait()
    assert read_isolated(path, "a").filings.num_rows == 2


def test_a_reader_that_hangs_is_given_up(tmp_path: Path, fresh: None) -> None:
    path = made.good(tmp_path / "a.xlsx")
    isolation.start_child()
    (child,) = isolation._children._idle
    child.wait_ready()
    child.process.send_signal(signal.SIGSTOP)
    with pytest.raises(Refused) as caught:
        read_isolated(path, "a", Limits(seconds=1))
    assert caught.value.words == refusals.TOO_LONG
    assert child.process.poll() is not None
    assert read_isolated(path, "a").filings.num_rows == 2


@pytest.mark.parametrize(
    ("end", "words"), [(signal.SIGABRT, refusals.CRASHED), (signal.SIGKILL, refusals.TOO_MUCH_MEMORY)]
)
def test_a_reader_that_dies_is_a_refusal(tmp_path: Path, fresh: None, end: signal.Signals, words: object) -> None:
    path = made.good(tmp_path / "a.xlsx")
    isolation.start_child()
    (child,) = isolation._children._idle
    child.wait_ready()
    child.process.send_signal(signal.SIGSTOP)
    threading.Timer(0.2, lambda: (child.process.send_signal(end), child.process.send_signal(signal.SIGCONT))).start()
    with pytest.raises(Refused) as caught:
        read_isolated(path, "a")
    assert caught.value.words == words


def test_memory_is_limited(tmp_path: Path, fresh: None) -> None:
    data = made.row(1, HEAD) + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 200_000))
    path = made.written(tmp_path / "a.xlsx", data.replace("</row>", '<c r="ZZ2"><v>1</v></c></row>', 2))
    with pytest.raises(Refused) as caught:
        read_isolated(path, "a", Limits(megabytes=100))
    assert caught.value.words == refusals.TOO_MUCH_MEMORY


@pytest.mark.parametrize(
    ("limits", "text"),
    [(Limits(cells=100), "列"), (Limits(expanded=1000), "解压后"), (Limits(entries=3), "部件")],
)
def test_limits_are_settings(tmp_path: Path, limits: Limits, text: str) -> None:
    with pytest.raises(Refused) as caught:
        read(made.good(tmp_path / "a.xlsx", 50), "a", limits)
    assert text in caught.value.words.zh


def test_sockets_are_closed(tmp_path: Path, fresh: None) -> None:
    path = made.good(tmp_path / "a.xlsx")
    for _ in range(3):
        read_isolated(path, "a")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        read_isolated(path, "a")
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
