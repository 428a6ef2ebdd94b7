"""A night in other processes gives the same bytes: local ones, and those of a Dask cluster."""

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nights import files, keyed, put, reports, settings

from flows import night as nights
from flows.cli import main
from flows.night import night
from flows.runners import WorkerLost


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
        for process in started:
            process.kill()  # they hold nothing; asked to end, a worker may wait for a scheduler that is gone
        for process in started:
            process.wait()


@pytest.fixture(scope="module")
def in_turn(tmp_path_factory) -> Path:
    data = tmp_path_factory.mktemp("in-turn")
    put(data, "甲/a.xlsx", "乙/b.xlsx", "c.xlsx", rows=3)
    keyed(data)
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
