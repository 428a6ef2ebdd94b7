"""What reading costs: ours, in this process and isolated, beside the fastest reader alone and pandas + openpyxl.

    python -m benchmarks.reading [--rows 100000]

Every way runs in a process of its own; CPU seconds are the whole process with its imports and its
children, memory the largest process of it. Each is run in turn, several times over, and its least is told.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from expectations.filing import COLUMNS

KEYS = tuple(COLUMNS)[:60]
SLICE = 10
"""pandas + openpyxl reads a tenth of the rows, and its seconds are multiplied."""


def workbook(path: Path, rows: int, seed: int = 1) -> None:
    """Filings as a sender's Excel would store them: shared strings, dates as numbers, styles."""
    chance = random.Random(seed)
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("待办备案")
        frame = book.add_format({"border": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd", "border": 1})
        for number, key in enumerate(KEYS):
            page.write_string(0, number, COLUMNS[key].zh, frame)
        for row in range(1, rows + 1):
            for number, key in enumerate(KEYS):
                if COLUMNS[key].kind == "date":
                    page.write_number(row, number, chance.randrange(43_000, 48_000), day)
                else:
                    page.write_string(row, number, _text(key, row, chance), frame)


def _text(key: str, row: int, chance: random.Random) -> str:
    column = COLUMNS[key]
    if column.choices:
        return chance.choice(column.choices).value
    forms: dict[str, Callable[[], str]] = {
        "phone": lambda: f"138{chance.randrange(10**8):08d}",
        "identifier": lambda: f"330000{chance.randrange(10**12):012d}",
        "domain": lambda: f"site-{row}.cn",
        "url": lambda: f"www.site-{row}.cn",
        "email": lambda: f"filer{row}@sample.cn",
        "name": lambda: f"杭州样例{chance.randrange(6000)}有限公司",
        "province": lambda: "浙江省",
        "yes/no": lambda: chance.choice("是否"),
    }
    return forms.get(column.kind, lambda: f"文本{chance.randrange(5000)}")()


def _pandas(path: Path) -> int:
    import pandas as pd

    return len(pd.read_excel(path, engine="openpyxl", dtype=str))


def _fastest(path: Path) -> int:
    import fastexcel

    return int(fastexcel.read_excel(str(path)).load_sheet_eager(0, header_row=None, dtypes="string").num_rows) - 1


def _here(path: Path) -> int:
    from flows.steps.workbook import read

    return read(path, path.name).filings.num_rows


class _NoPandas:
    """Arrow imports pandas on sight; the child that reads is spared that, so it is not counted here."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name)


def _uncanonical(path: Path) -> int:
    sys.meta_path.insert(0, _NoPandas())  # type: ignore[arg-type]
    from flows.steps.workbook import reading

    reading.canonical = lambda column, typed: typed  # type: ignore[assignment]
    return reading.read(path, path.name).filings.num_rows


def _isolated(path: Path) -> int:
    from flows.steps.workbook import isolation, read_isolated

    rows = read_isolated(path, path.name).filings.num_rows
    isolation.stop_children()
    return rows


WAYS: dict[str, tuple[str, Callable[[Path], int]]] = {
    "pandas": (f"pandas + openpyxl (1/{SLICE} of the rows, × {SLICE})", _pandas),
    "fastest": ("fastest reader alone (fastexcel, all text)", _fastest),
    "uncanonical": ("ours, without the canonical form", _uncanonical),
    "here": ("ours, in this process", _here),
    "isolated": ("ours, isolated", _isolated),
}


def _measured(way: str, path: Path) -> tuple[float, float]:
    """CPU seconds and megabytes of one run."""
    command = [sys.executable, "-m", "benchmarks.reading", "--way", way, "--path", str(path)]
    answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603
    return answer["cpu"], answer["megabytes"]


def _run(way: str, path: Path) -> None:
    rows = WAYS[way][1](path)
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(use.ru_utime + use.ru_stime for use in uses)
    print(json.dumps({"rows": rows, "cpu": cpu, "megabytes": max(use.ru_maxrss for use in uses) / 1024}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--way", choices=WAYS)
    parser.add_argument("--path", type=Path)
    parser.add_argument("--make", type=Path)
    arguments = parser.parse_args()
    if arguments.make:
        workbook(arguments.make, arguments.rows)
        return
    if arguments.way:
        _run(arguments.way, arguments.path)
        return
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "whole.xlsx", Path(folder) / "part.xlsx"
        for target, rows in ((whole, arguments.rows), (part, max(1, arguments.rows // SLICE))):
            # In another process: a child's memory is counted from its parent's.
            command = [sys.executable, "-m", "benchmarks.reading", "--make", str(target), "--rows", str(rows)]
            subprocess.run(command, check=True)  # noqa: S603
        least: dict[str, tuple[float, float]] = {}
        for turn in range(arguments.times):
            for way in WAYS:
                if way == "pandas" and turn:
                    continue
                cpu, megabytes = _measured(way, part if way == "pandas" else whole)
                cpu *= SLICE if way == "pandas" else 1
                least[way] = min(least.get(way, (cpu, megabytes)), (cpu, megabytes))
        print(f"{arguments.rows:,} rows × {len(KEYS)} columns, {whole.stat().st_size / 1e6:.1f} MB")
        print(f"{'':52}{'CPU s':>8}{'/ pandas':>10}{'/ fastest':>11}{'MB':>7}")
        for way, (title, _) in WAYS.items():
            cpu, megabytes = least[way]
            print(
                f"{title:52}{cpu:8.2f}{cpu / least['pandas'][0]:10.3f}{cpu / least['fastest'][0]:11.2f}{megabytes:7.0f}"
            )


if __name__ == "__main__":
    main()
