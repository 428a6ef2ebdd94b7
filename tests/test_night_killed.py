"""A night that is killed at any moment and started again gives what an undisturbed one gives."""

import multiprocessing
import os
import random
import shutil
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from nights import inputs, keyed, put, put_broken, reports, same, settings

from flows.night import night
from flows.steps import judging

pytestmark = pytest.mark.long
KILLS, PARTS = 30, 6
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.utime", "shutil.", "sqlite3.connect")


@pytest.fixture(scope="module")
def inbox(tmp_path_factory) -> Path:
    """Twelve workbooks of three senders, some rows spoilt, and a file that is none."""
    data = tmp_path_factory.mktemp("twelve")
    keyed(data)
    put(data, *(f"代理{'甲乙丙'[number % 3]}/批次{number}.xlsx" for number in range(12)), rows=5, seed=21, spoilt=0.3)
    put_broken(data, "broken.xlsx")
    return data


@pytest.fixture(scope="module")
def undisturbed(inbox, tmp_path_factory) -> Path:
    data = shutil.copytree(inbox, tmp_path_factory.mktemp("undisturbed") / "data")
    assert night(settings(data)).exit_code == 2
    return data


def _live(data: Path, moment: int, delay: float, lived: multiprocessing.Value) -> None:
    """A night in a process of its own, killed ``delay`` seconds after its change number ``moment`` to a file."""

    def watch(event: str, given: tuple) -> None:
        writes = event == "open" and isinstance(given[1], str) and given[1][:1] in "wax+"
        if not writes and not event.startswith(CHANGES):
            return
        lived.value += 1
        if lived.value == moment and not delay:
            os.kill(os.getpid(), signal.SIGKILL)
        elif lived.value == moment:
            threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()

    sys.addaudithook(watch)
    night(settings(data))


@pytest.fixture(scope="module")
def live() -> Callable[[Path, int, float], tuple[bool, int]]:
    """Lives a night up to a moment; whether it was killed, and how many changes it made."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["preloaded"])

    def start(data: Path, moment: int = 0, delay: float = 0.0) -> tuple[bool, int]:
        lived = context.Value("i", 0)
        process = context.Process(target=_live, args=(data, moment, delay, lived))
        process.start()
        process.join(600)
        assert process.exitcode in (0, -signal.SIGKILL), moment
        return process.exitcode != 0, lived.value

    return start


@pytest.fixture(scope="module")
def moments(inbox, undisturbed, live, tmp_path_factory) -> int:
    """How many changes a night makes to files: so many moments it can be killed at."""
    whole = shutil.copytree(inbox, tmp_path_factory.mktemp("whole") / "data")
    killed, changes = live(whole)
    assert not killed
    same(whole, undisturbed)
    return changes


@pytest.mark.parametrize("seed", range(PARTS))
def test_killed_thirty_times_and_nothing_is_lost_or_doubled(inbox, undisturbed, live, moments, seed, tmp_path):
    chance = random.Random(seed)
    known = undisturbed / "cache" / "results"
    entries = sorted(known.glob("*/*"))
    kills = folders = 0
    while kills < KILLS // PARTS:
        folders += 1
        data = shutil.copytree(inbox, tmp_path / str(folders))
        # In one folder of four a quarter of the workbooks is to be judged and reported anew.
        for entry in chance.sample(entries, len(entries) * (3 if (seed + folders) % 4 == 1 else 4) // 4):
            shutil.copytree(entry, data / "cache" / "results" / entry.relative_to(known))
        while live(data, chance.randrange(1, moments), chance.choice((0.0, chance.uniform(0, 0.05))))[0]:
            kills += 1
        same(data, undisturbed)
    assert inputs(undisturbed) == inputs(inbox)


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
