"""The report against openpyxl's load, mark, save, in one run: ``python -m benchmarks.report --rows 100000``.

Both mark the same cells, write the same columns beside each row and the same list of findings. Ratios
are ours to openpyxl's. ``--growth`` asks instead how the memory of writing grows with the rows.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import xlsxwriter

from benchmarks.measure import measure
from expectations.filing import COLUMNS
from expectations.reasons import REASONS
from expectations.specimen import ORGANISATION
from flows.steps.report.facts import ReportFacts
from flows.steps.report.write import write
from flows.steps.workbook import Reading, Sheet

SHEET = "备案"
WIDTH = 60
KEYS = list(COLUMNS)[:WIDTH]
FAILING = 10
"""One row in so many fails."""


def source(path: Path, rows: int, inline: bool = False) -> None:
    """A workbook as Excel writes it: shared strings, borders, a frozen header, a filter, a drop-down."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": inline}) as book:
        sheet = book.add_worksheet(SHEET)
        header = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        plain, text = book.add_format({"border": 1}), book.add_format({"border": 1, "num_format": "@"})
        sheet.write_row(0, 0, [COLUMNS[key].zh for key in KEYS], header)
        values = [ORGANISATION.get(key) or "样例" for key in KEYS]
        for row in range(1, rows + 1):
            for column, value in enumerate(values):
                sheet.write_string(row, column, value if column % 3 else f"{value}{row}", text if column % 2 else plain)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, rows, WIDTH - 1)
        sheet.data_validation(1, 1, rows, 1, {"validate": "list", "source": ["首次备案", "新增网站"]})


def big_source(path: Path, rows: int) -> None:
    """The like in moments: the strings inline, and the first row again and again under its own number."""
    small = path.with_suffix(".small")
    source(small, 1, inline=True)
    with zipfile.ZipFile(small) as given, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for name in given.namelist():
            content = given.read(name)
            if name != "xl/worksheets/sheet1.xml":
                out.writestr(name, content)
                continue
            before, row, after = re.split(rb'(<row r="2".*?</row>)', content, flags=re.DOTALL)
            one = re.sub(rb'(r="[A-Z]*)2"', rb'\1%d"', row.replace(b"%", b"%%")).replace(b"1</t>", b"%d</t>")
            with out.open(name, "w", force_zip64=True) as sheet:
                sheet.write(before)
                for number in range(2, rows + 2):
                    sheet.write(one % ((number,) * one.count(b"%d")))
                sheet.write(after)


def judged(path: Path, rows: int) -> tuple[Any, pd.DataFrame, pd.DataFrame]:
    """What reading and judging would give: one row in ten fails, every other one of these in two cells."""
    numbers = np.arange(2, rows + 2, dtype=np.int32)
    frame = {"workbook": path.name, "sheet": SHEET, "row": numbers, "province": "浙江"}
    filings = pd.DataFrame(
        frame | {"subject_name": [f"样例{number}有限公司" for number in numbers], "domain": "sample.cn"}
    )
    failing = numbers[::FAILING]
    failing = np.sort(np.concatenate([failing, failing[::2]]))
    first = np.r_[True, failing[1:] != failing[:-1]]
    findings = pd.DataFrame(
        {
            "sheet": SHEET, "row": failing, "filing_no": "BA-0001", "reason": np.where(first, 2, 7).astype("int8"),
            "rule": np.where(first, "ICP0204", "ICP0701"), "severity": np.where(first, "error", "warning"),
            "columns": np.where(first, "site_name", "principal_mobile"), "value": "样例", "expected": "样例甲",
            "message": "网站名称「样例」就是域名，审核会驳回", "fix": "改成与网站内容相符的中文名称", "owner": "filer",
            "source": "样例来源 2026-01",
        }
    )  # fmt: skip
    states = {f"reason_{reason.number}": "pass" for reason in REASONS}
    verdict = np.where(np.isin(numbers, failing), "rejected", "ready")
    verdicts = pd.DataFrame({"sheet": SHEET, "row": numbers, "filing_no": "BA-0001", "verdict": verdict, **states})
    columns = {key: place for place, key in enumerate(KEYS)}
    sheet = Sheet(
        name=SHEET, part=None, header_row=1, columns=columns, headers={}, last_column=WIDTH - 1,
        last_cell_column=WIDTH - 1, first_row=2, last_row=rows + 1, rows=rows, hidden=False,
    )  # fmt: skip
    table = pa.Table.from_pandas(filings, preserve_index=False)
    reading = Reading(
        path=path, workbook=path.name, format="xlsx", sheets=(sheet,), skipped=(), filings=table, typed=table
    )
    return reading, findings, verdicts


def prepare(path: Path, rows: int, target: Path) -> tuple[Any, ...]:
    return (*judged(path, rows), target)


def ours(prepared: tuple[Any, ...]) -> None:
    reading, findings, verdicts, target = prepared
    write(reading, findings, verdicts, target, ReportFacts(as_of=date(2026, 1, 15)))


def with_openpyxl(prepared: tuple[Any, ...]) -> None:
    """The whole workbook as objects: load, mark, save."""
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    reading, findings, verdicts, target = prepared
    book = openpyxl.load_workbook(reading.path)
    sheet = book[SHEET]
    columns = reading.sheets[0].columns
    fills = {"error": PatternFill("solid", fgColor="FFC7CE"), "warning": PatternFill("solid", fgColor="FFEB9C")}
    said: dict[int, list[tuple[str, str]]] = {}
    listed = book.create_sheet("问题清单")
    for place, line in enumerate(findings.itertuples(index=False)):
        cell = sheet.cell(line.row, columns[line.columns] + 1)
        cell.fill = fills[line.severity]
        if place < 2_000:
            cell.comment = Comment(line.message, "预检")
        said.setdefault(line.row, []).append((line.message, line.fix))
        listed.append(list(map(str, line)))
    for row, verdict in zip(verdicts["row"].tolist(), verdicts["verdict"].tolist(), strict=True):
        texts = said.get(row, [])
        for offset, value in enumerate([verdict, "\n".join(m for m, _ in texts), "\n".join(f for _, f in texts), 0]):
            sheet.cell(row, WIDTH + 1 + offset, value)
    book.save(target)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--growth", action="store_true", help="instead: memory of writing five times as many rows")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (_growth if options.growth else _against_openpyxl)(Path(folder), options.rows)


def _against_openpyxl(folder: Path, rows: int) -> None:
    path = folder / "source.xlsx"
    source(path, rows)
    print(f"{rows} rows x {WIDTH} columns, one in {FAILING} failing, {path.stat().st_size / 1e6:.1f} MB")
    mine = measure(ours, path, rows, folder / "ours.xlsx", prepare=prepare)
    print(f"patched   {mine}  {(folder / 'ours.xlsx').stat().st_size / 1e6:.1f} MB")
    theirs = measure(with_openpyxl, path, rows, folder / "theirs.xlsx", prepare=prepare)
    print(f"openpyxl  {theirs}")
    cpu, wall, memory = mine.cpu / theirs.cpu, mine.wall / theirs.wall, mine.peak / theirs.peak
    print(f"ratio     {cpu:8.3f} cpu   {wall:8.3f} wall   {memory:8.3f} memory")


def _growth(folder: Path, rows: int) -> None:
    """What writing adds to the memory the process holds before, at a size and at five times of it."""
    costs = []
    for size in (rows, 5 * rows):
        path = folder / f"{size}.xlsx"
        big_source(path, size)
        costs.append(measure(ours, path, size, folder / "ours.xlsx", prepare=prepare))
        print(f"{size:9} rows {costs[-1]}  {costs[-1].added:6d} MiB added by writing")
    print(f"growth    {costs[1].added / costs[0].added:8.2f} memory   {costs[1].cpu / costs[0].cpu:8.2f} cpu")


if __name__ == "__main__":
    main()
