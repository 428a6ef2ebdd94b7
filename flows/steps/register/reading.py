"""Read a register of filed subjects from sheets or CSV files, every cell in canonical form.

One row is one filed site of a subject; a subject without sites has a row whose domain is blank.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import fastexcel
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from expectations.cells import canonical
from expectations.cells.traditional import simplified_label
from expectations.facts.filing_types import CANCELLED, FILED, PENDING, STATUSES
from expectations.filing import COLUMNS, NO, YES, Column
from expectations.words import Words
from flows.steps import faults

COLUMN_KEYS = (
    "subject_certificate_type", "subject_certificate_number", "subject_name", "subject_icp_number", "province",
    "domain", "site_icp_number", "with_this_provider",
    "principal_name", "principal_certificate_number", "principal_mobile",
    "site_principal_name", "site_principal_certificate_number", "site_principal_mobile", "status",
)  # fmt: skip
"""The columns of a register; all must be there, each cell may be blank but ``status``."""

_OWN = {
    "with_this_provider": Column(
        "with_this_provider", "是否本接入商", "With this provider", "register", "yes/no", "optional", "optional",
        ("本接入商", "是否在本接入商"), "是 / 否",
    ),
    "status": Column(
        "status", "状态", "Status", "register", "text", "required", "required",
        ("备案状态", "Filing status"), "已备案 / 审核中 / 已注销",
    ),
}  # fmt: skip
REGISTER_COLUMNS: dict[str, Column] = {key: _OWN.get(key) or COLUMNS[key] for key in COLUMN_KEYS}
_OTHER_WORDS = {
    FILED: ("filed", "备案成功", "备案通过", "审核通过", "已通过", "通过", "正常", "有效"),
    PENDING: ("under review", "待审核", "在审", "审核", "初审中", "复审中", "管局审核中", "待管局审核"),
    CANCELLED: ("cancelled", "canceled", "注销", "注销成功"),
}
_STATUS = {word: status for status, words in _OTHER_WORDS.items() for word in words}
"""How exports of different systems call the three statuses."""
_HEADER_WITHIN = 10
_CSV_BLOCK = 16 << 20


class BadRegister(ValueError):  # noqa: N818 - a file or store to mend, not a fault of ours
    """A register or its store cannot be used, in words that say where, what was found and what is expected."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.zh} / {words.en}")
        self.words = words


def read(path: Path) -> pd.DataFrame:
    """The whole register in one frame of canonical text, :data:`COLUMN_KEYS`, index 0…n-1.

    Raises:
        BadRegister: no register, a column missing, or a cell that cannot stand.
    """
    parts = list(read_parts(path))
    return pd.concat(parts, ignore_index=True)


def read_parts(path: Path) -> Iterator[pd.DataFrame]:
    """As :func:`read`, in parts of at most some 100,000 rows, so that millions of rows fit into memory."""
    try:
        with path.open("rb") as file:
            head = file.read(1 << 20)
    except OSError as error:
        raise unopened(path, error) from error
    if not head:
        raise BadRegister(Words(f"备案库文件 {path} 是空文件", f"the register {path} is empty"))
    spreadsheet = head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
    for first_row, table in _sheets(path) if spreadsheet else _csv(path, head):
        yield _canonical(table, path, first_row)


def unopened(path: Path, error: OSError) -> BadRegister:
    """A register file that is missing or may not be read."""
    why = faults.system(error)
    return BadRegister(
        Words(f"备案库文件 {path} 无法打开：{why.zh}", f"the register {path} cannot be opened: {why.en}")
    )


def _sheets(path: Path) -> Iterator[tuple[int, pa.Table]]:
    """The sheets that hold a register, with the row number of their first entry."""
    try:
        reader = fastexcel.read_excel(path)
        raw = [
            (name, reader.load_sheet(name, header_row=None, dtypes="string").to_arrow()) for name in reader.sheet_names
        ]
    except fastexcel.FastExcelError as error:
        raise BadRegister(
            Words(f"备案库文件 {path} 不是可读的工作簿", f"the register {path} is no readable workbook")
        ) from error
    found = False
    tables = [(name, *_header(pa.table(batch))) for name, batch in raw if batch.num_rows]
    for name, header_row, keys, table in tables:
        if len(keys) < len(COLUMN_KEYS) // 2 and len(tables) > 1:
            continue  # a cover or a note beside the register
        _complete(keys, path, name)
        found = True
        rows = table.slice(header_row + 1)
        yield header_row + 2, pa.table({key: rows.column(at) for key, at in keys.items()})
    if not found:
        _complete({}, path, "、".join(name for name, *_ in tables))


def _header(table: pa.Table) -> tuple[int, dict[str, int], pa.Table]:
    """Which of the first rows names most columns, and where each column stands."""
    best: tuple[int, dict[str, int]] = (0, {})
    for row in range(min(_HEADER_WITHIN, table.num_rows)):
        keys = _keys([column[row].as_py() or "" for column in table.columns])
        if len(keys) > len(best[1]):
            best = (row, keys)
    return (*best, table)


def _keys(labels: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by key; of two columns of one name the first counts."""
    known = {_sign(header): key for key, column in REGISTER_COLUMNS.items() for header in column.headers}
    found: dict[str, int] = {}
    for at, label in enumerate(labels):
        key = known.get(_sign(label))
        if key:
            found.setdefault(key, at)
    return found


def _sign(label: str) -> str:
    plain = "".join(simplified_label(label).split())
    return plain.strip("*＊\ufeff").replace("（", "(").replace("）", ")").lower()


def _complete(keys: dict[str, int], path: Path, sheet: str = "") -> None:
    missing = [column for key, column in REGISTER_COLUMNS.items() if key not in keys]
    if missing:
        zh, en = (f"（工作表 {sheet}）", f" (sheet {sheet})") if sheet else ("", "")
        raise BadRegister(
            Words(
                f"备案库文件 {path}{zh} 缺少列：{'、'.join(column.zh for column in missing)}",
                f"the register {path}{en} lacks columns: {', '.join(column.en for column in missing)}",
            )
        )


def _csv(path: Path, head: bytes) -> Iterator[tuple[int, pa.Table]]:
    encoding = _encoding(path)
    text = head.decode(encoding, errors="replace").lstrip("\ufeff")
    first_line = text.splitlines()[0] if text else ""
    delimiter = max(",;\t", key=first_line.count)
    keys = _keys(next(csv.reader([first_line], delimiter=delimiter), []))
    _complete(keys, path)
    # Named by position: a label may stand twice, and no column may be taken for numbers.
    names = [str(at) for at in range(len(next(csv.reader([first_line], delimiter=delimiter))))]
    row = 2
    try:
        for batch in pa.csv.open_csv(
            path,
            pa.csv.ReadOptions(encoding=encoding, block_size=_CSV_BLOCK, column_names=names, skip_rows=1),
            pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            pa.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        ):
            yield row, pa.table({key: batch.column(at) for key, at in keys.items()})
            row += batch.num_rows
    except (pa.ArrowInvalid, UnicodeError) as error:
        raise BadRegister(
            Words(
                f"备案库文件 {path} 无法按 CSV（{encoding}）读取",
                f"the register {path} cannot be read as CSV ({encoding})",
            )
        ) from error


def _encoding(path: Path) -> str:
    """UTF-8 unless its rules are broken; then GB18030, which takes GBK and GB2312 in."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_CSV_BLOCK):
                decoder.decode(block)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _canonical(table: pa.Table, path: Path, first_row: int) -> pd.DataFrame:
    """Canonical text; rows that are blank altogether are dropped, several domains become several rows."""
    frame = pd.DataFrame(
        {
            key: pd.Series(pd.array(canonical(REGISTER_COLUMNS[key], table.column(key)), dtype="str"))
            for key in COLUMN_KEYS
        }
    )
    frame["status"] = frame["status"].str.lower().replace(_STATUS)
    frame = frame[(frame != "").any(axis=1)]
    _check(frame, "status", STATUSES, path, first_row)
    _check(frame, "with_this_provider", (YES, NO, ""), path, first_row)
    several = frame["domain"].str.contains(";", regex=False)
    if several.any():
        frame["domain"] = frame["domain"].str.split(";").where(several, frame["domain"])
        frame = frame.explode("domain")
        frame["domain"] = frame["domain"].astype("str")
    return frame.reset_index(drop=True)


def _check(frame: pd.DataFrame, key: str, allowed: tuple[str, ...], path: Path, first_row: int) -> None:
    wrong = frame.loc[~frame[key].isin(allowed), key]
    if len(wrong):
        column, row, found = REGISTER_COLUMNS[key], first_row + int(wrong.index[0]), wrong.iloc[0]
        expected = " / ".join(filter(None, allowed))
        raise BadRegister(
            Words(
                f"备案库文件 {path} 第 {row} 行「{column.zh}」为「{found}」，应为 {expected}（共 {len(wrong)} 行）",
                f"the register {path}, row {row}: {column.en} is 「{found}」, expected {expected} ({len(wrong)} rows)",
            )
        )
