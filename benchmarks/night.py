"""A night over many workbooks, beside one workbook of the same rows: seconds, memory, and what a repetition costs.

python -m benchmarks.night --workbooks 20 --rows 1000
python -m benchmarks.night --workbooks 200 --rows 5000 --workers 2 --one
python -m benchmarks.night --workbooks 40 --rows 5000 --dask 2  # a scheduler and two workers on the loopback
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import phonenumbers
from phonenumbers import geocoder
from xlsxwriter.utility import xl_col_to_name

from data.synthetic import filings as synthetic
from expectations.filing import COLUMNS

AS_OF = "2026-01-15"
_TICK = os.sysconf("SC_CLK_TCK")


# ── what is delivered ────────────────────────────────────────────────────────────────────────────


@cache
def mobile_prefixes(province: str) -> tuple[str, ...]:
    """Segments enough for a night of a million filings without a mobile given twice."""
    found: dict[str, None] = {}
    tries = random.Random(province)
    while len(found) < 210:
        prefix = f"{tries.choice(('138', '139', '136', '135', '158', '150', '137'))}{tries.randrange(10_000):04d}"
        number = phonenumbers.parse(prefix + "0000", "CN")
        if geocoder.description_for_number(number, "zh").startswith(province):
            found[prefix] = None
    return tuple(found)


class Numbered(synthetic.Generator):
    """Filings of which no two share a number, whichever of many generators made them."""

    def __init__(self, first: int) -> None:
        super().__init__(first)
        self.serial, self.turn = first, 2 * first

    def mobile(self, place: synthetic.Place) -> str:
        self.turn += 1
        prefixes = mobile_prefixes(place.province)
        return f"{prefixes[self.turn // 10_000 % len(prefixes)]}{self.turn % 10_000:04d}"


class Batches:
    """The filings of some batches, made while they are written; a tenth of each batch with a defect."""

    def __init__(self, batches: range, rows: int) -> None:
        self.batches, self.rows = batches, rows

    def __len__(self) -> int:
        return len(self.batches) * self.rows

    def __iter__(self) -> Iterator[synthetic.Filing]:
        for batch in self.batches:
            numbered = Numbered(batch * self.rows)
            numbers = range(batch * self.rows, (batch + 1) * self.rows)
            made = [numbered.filing(number, numbered.random.random() < 0.3) for number in numbers]
            synthetic.plant(made, 0.1, batch)
            yield from made


def write(batches: range, rows: int, path: Path) -> None:
    """The samples' own workbook with its rows written as plain text: ten times as fast as cell by cell."""
    synthetic.write([], path)
    with zipfile.ZipFile(path) as shell:
        parts = {name: shell.read(name) for name in shell.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    last = f"{letters(len(COLUMNS) - 1)}{len(batches) * rows + 1}"
    text = re.sub(r'(<(?:dimension|autoFilter) ref="A1):[A-Z]+1"', rf'\1:{last}"', parts.pop(sheet).decode())
    style = max(re.findall(r' s="([0-9]+)"', text), key=int, default="1")
    head, tail = text.split("</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, part in parts.items():
            book.writestr(name, part)
        with book.open(sheet, "w", force_zip64=True) as out:
            out.write(head.encode())
            for number, filing in enumerate(Batches(batches, rows), start=2):
                out.write(line(number, filing, style).encode())
            out.write(f"</sheetData>{tail}".encode())


@cache
def letters(place: int) -> str:
    return xl_col_to_name(place)


def line(number: int, filing: synthetic.Filing, style: str) -> str:
    cells = []
    for place, key in enumerate(COLUMNS):
        value = filing.get(key, "")
        start = f'<c r="{letters(place)}{number}" s="{style}"'
        if isinstance(value, float):
            cells.append(f"{start}><v>{value:.16G}</v></c>")
        elif value:
            cells.append(f'{start} t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        else:
            cells.append(f"{start}/>")
    return f'<row r="{number}">{"".join(cells)}</row>'


def deliver(folder: Path, workbooks: int, rows: int) -> None:
    folder.mkdir(parents=True)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = [
            pool.submit(write, range(number, number + 1), rows, folder / f"批次{number:04d}.xlsx")
            for number in range(workbooks)
        ]
        for one in waiting:
            one.result()


# ── what it costs ────────────────────────────────────────────────────────────────────────────────


@dataclass
class Cost:
    wall: float
    cpu: float
    peak: int
    code: int
    steps: dict[str, float]

    def __str__(self) -> str:
        steps = ", ".join(f"{name} {seconds:.0f}" for name, seconds in self.steps.items())
        return f"{self.wall:8.1f} s {self.cpu:8.1f} s CPU {self.peak / 2**20:7.0f} MB  exit {self.code}  ({steps})"


def below(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        try:
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue


def memory(pid: int) -> int:
    """Bytes of a process and all below it; a page that several share counts once."""
    total = 0
    for one in below(pid):
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
    return total


def cpu(pid: int) -> float:
    """Seconds of a process that runs and of what it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICK


def nightly(data: Path, options: list[str], helpers: list[int]) -> Cost:
    """One night; ``helpers`` are processes that work for it."""
    before, start = sum(map(cpu, helpers)), time.perf_counter()
    command = [sys.executable, "-m", "flows.cli", "nightly", "--data", str(data), "--as-of", AS_OF, *options]
    process = subprocess.Popen(command)  # noqa: S603
    peak, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not ended.wait(0.5):
            peak = max(peak, sum(map(memory, (process.pid, *helpers))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    ended.set()
    watcher.join()
    seconds = usage.ru_utime + usage.ru_stime + sum(map(cpu, helpers)) - before
    summary = json.loads((data / "reports" / AS_OF / "summary.json").read_text())
    return Cost(wall, seconds, peak, process.returncode, summary["seconds"])


@contextmanager
def cluster(workers: int) -> Iterator[tuple[list[str], list[int]]]:
    """A Dask scheduler and its workers: the options that name it, and the processes."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        file = Path(folder) / "scheduler.json"
        common = ["--scheduler-file", str(file), "--no-dashboard"]
        worker = ["dask_worker", "--nthreads", "1", "--no-nanny", "--memory-limit", "0"]
        environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
        started = []
        for module, *options in [["dask_scheduler", "--host", "127.0.0.1", "--port", "0"], *[worker] * workers]:
            command = [sys.executable, "-m", f"distributed.cli.{module}", *options, *common]
            process = subprocess.Popen(command, env=environment, cwd=folder, stderr=subprocess.DEVNULL)  # noqa: S603
            stack.callback(process.wait)
            stack.callback(process.terminate)
            started.append(process.pid)
            while not file.exists():
                time.sleep(0.1)
        yield ["--runner", "dask", "--scheduler", json.loads(file.read_text())["address"]], started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workbooks", type=int, default=20)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--workers", default="0", help="local processes; 0: as many as there are cores")
    parser.add_argument("--dask", type=int, default=0, metavar="N", help="a Dask cluster of N workers instead")
    parser.add_argument("--one", action="store_true", help="also one workbook of the same rows")
    parser.add_argument("--scratch", type=Path, help="folder for the workbooks; they stay and are used again")
    options = parser.parse_args()
    os.environ["ICP_PREFLIGHT_WORKERS"] = options.workers
    size = f"{options.workbooks} × {options.rows}"
    with ExitStack() as stack:
        folder = options.scratch or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        made = folder / f"{options.workbooks}x{options.rows}"
        start = time.perf_counter()
        if not made.exists():
            deliver(made, options.workbooks, options.rows)
        print(f"{size} filings, made in {time.perf_counter() - start:.0f} s", flush=True)
        how, helpers = stack.enter_context(cluster(options.dask)) if options.dask else ([], [])
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
        shutil.copytree(made, data / "inbox")
        print(f"{'first night':30}{(first := nightly(data, how, helpers))}", flush=True)
        shutil.copytree(made, data / "inbox", dirs_exist_ok=True)
        again = nightly(data, how, helpers)
        print(f"{'the same inbox again':30}{again}  {again.cpu / first.cpu:.3f} of the first's CPU", flush=True)
        if options.one:
            single = folder / f"{options.workbooks * options.rows}.xlsx"
            if not single.exists():
                write(range(options.workbooks), options.rows, single)
            one = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=folder)))
            (one / "inbox").mkdir()
            shutil.copy(single, one / "inbox")
            os.environ |= {"ICP_PREFLIGHT_READ_MEGABYTES": "16384", "ICP_PREFLIGHT_READ_SECONDS": "1800"}
            alone = nightly(one, how, helpers)
            ratio = f"{first.cpu / alone.cpu:.2f} × its CPU, {first.wall / alone.wall:.2f} × its time: {size}"
            print(f"{'one workbook of the same rows':30}{alone}  {ratio}", flush=True)


if __name__ == "__main__":
    main()
