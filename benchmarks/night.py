"""A night over many workbooks, beside one workbook of the same rows: seconds, memory, and what a repetition costs.

python -m benchmarks.night --workbooks 20 --rows 1000
python -m benchmarks.night --workbooks 200 --rows 4999 --workers 2  # the generator numbers units by six digits
python -m benchmarks.night --workbooks 20 --rows 1000 --scheduler tcp://127.0.0.1:8786
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

import phonenumbers
from phonenumbers import geocoder

from data.synthetic import filings as synthetic

AS_OF = "2026-01-15"


@cache
def mobile_prefixes(province: str) -> tuple[str, ...]:
    """More segments than the samples need: no mobile is given twice among a million filings."""
    found: set[str] = set()
    tries = random.Random(province)
    while len(found) < 80:
        prefix = f"{tries.choice(('138', '139', '136', '135', '158', '150', '137'))}{tries.randrange(10_000):04d}"
        number = phonenumbers.parse(prefix + "0000", "CN")
        if geocoder.description_for_number(number, "zh").startswith(province):
            found.add(prefix)
    return tuple(sorted(found))


def deliver(folder: Path, workbooks: int, rows: int) -> None:
    """Workbooks of different filings, a tenth of them with a defect."""
    folder.mkdir(parents=True)
    synthetic.mobile_prefixes = mobile_prefixes
    made = synthetic.filings(workbooks * rows, seed=1)
    synthetic.plant(made, 0.1, 1)
    parts = [(made[start * rows : start * rows + rows], folder / f"批次{start:04d}.xlsx") for start in range(workbooks)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for written in [pool.submit(synthetic.write, *part) for part in parts]:
            written.result()


def memory(pid: int) -> int:
    """Bytes of a process and all below it, shared pages counted once per process by their share."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total


def nightly(data: Path, *options: str) -> tuple[float, int, int]:
    """Wall seconds, peak bytes and exit code of a night."""
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "flows.cli", "nightly", "--data", str(data), "--as-of", AS_OF, *options]
    )
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(0.5)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    watcher.join()
    return time.perf_counter() - start, peak, code


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workbooks", type=int, default=20)
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--workers", default="0")
    parser.add_argument("--scheduler")
    parser.add_argument("--one", action="store_true", help="also one workbook of the same rows")
    options = parser.parse_args()
    os.environ["ICP_PREFLIGHT_WORKERS"] = options.workers
    extra = ["--runner", "dask", "--scheduler", options.scheduler] if options.scheduler else []
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        start = time.perf_counter()
        deliver(made, options.workbooks, options.rows)
        print(f"{options.workbooks} × {options.rows} filings, made in {time.perf_counter() - start:.0f} s", flush=True)
        data = Path(folder) / "data"
        shutil.copytree(made, data / "inbox")
        show("first night", nightly(data, *extra))
        shutil.copytree(made, data / "inbox", dirs_exist_ok=True)
        show("the same inbox again", nightly(data, *extra))
        if options.one:
            one = Path(folder) / "one"
            deliver(one / "inbox", 1, options.workbooks * options.rows)
            show("one workbook of the same rows", nightly(one))


def show(name: str, measured: tuple[float, int, int]) -> None:
    print(f"{name:32}{measured[0]:8.1f} s  {measured[1] / 2**20:8.0f} MB  exit {measured[2]}", flush=True)


if __name__ == "__main__":
    main()
