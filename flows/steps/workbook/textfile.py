"""Text files with separators: in which encoding, separated by what, and whose quotation marks are closed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from flows.steps.workbook import refusals
from flows.steps.workbook.layout import HEADER_ROWS, known
from flows.steps.workbook.model import Limits, Refused

_SEPARATORS = ",\t;|"
_BIG5 = ("cp950", "big5hkscs")
_HEADED = 2
"""A line that names so many of our columns is a header."""
# Excel obeys such a first line and does not count it as a row.
_SEPARATOR_LINE = re.compile(r'"?sep=([,;|\t])"?(?:\r\n|\r|\n)', re.IGNORECASE)


def rows(path: Path, limits: Limits) -> list[list[str]]:
    """The cells of the file, row by row as Excel counts them.

    Raises:
        Refused: it is too large, in an unknown encoding, or its quotation marks are not closed.
    """
    data = path.read_bytes()
    if len(data) > limits.expanded:
        raise Refused(refusals.too_large(f"{len(data)} 字节", f"{len(data)} bytes", limits.expanded))
    text = decoded(data)
    stated = _SEPARATOR_LINE.match(text)
    text = text[stated.end() :] if stated else text
    separator = stated[1] if stated else _separator(text)
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            found.append([_unquoted(cell) for cell in row])
    except csv.Error as error:
        raise Refused(refusals.unpaired_quote(len(found) + 1), "csv") from error
    _no_swallowed_rows(found, separator)
    return found


def decoded(data: bytes) -> str:
    """Text of a file that says in which encoding it is, or is in UTF-8, UTF-16, GB18030 or Big5.

    Most Big5 can be read as GB18030, and says nothing then: it is Big5 where only that names our columns.

    Raises:
        Refused: it is in another encoding, or no text.
    """
    wide = wide_encoding(data[:4096])
    text = _decoded(data, wide or "utf-8-sig")
    if text is None and not wide:
        text = _decoded(data, "gb18030")
        if text is None or _headed(text) < _HEADED:
            others = (_decoded(data, encoding) for encoding in _BIG5)
            text = next((other for other in others if other is not None and _headed(other) >= _HEADED), text)
    if text is None:
        raise Refused(refusals.NO_TEXT)
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def wide_encoding(head: bytes) -> str | None:
    """Which UTF-16 a file is in that begins with ``head``, if in any; without a mark its separators tell."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = head[0::2].count(0), head[1::2].count(0)  # 一 is 4E00: some zeros stand on the other side
    separators = [mark.encode("utf-16-le") for mark in (*_SEPARATORS, "\n")]
    if odd > 3 * even and any(mark in head for mark in separators):
        return "utf-16-le"
    if even > 3 * odd and any(mark[::-1] in head for mark in separators):
        return "utf-16-be"
    return None


def _separator(text: str) -> str:
    """The separator that makes a header of one of the first lines; else the one they hold most of."""
    head = _head(text)
    return max(_SEPARATORS, key=lambda mark: (_named(head, mark), sum(line.count(mark) for line in head)))


def _headed(text: str) -> int:
    """How many of our columns one of the first lines names."""
    head = _head(text)
    return max(_named(head, mark) for mark in _SEPARATORS)


def _head(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text[:100_000], maxsplit=HEADER_ROWS)[:HEADER_ROWS]


def _named(head: Sequence[str], separator: str) -> int:
    return max(sum(known(cell.strip('" ')) is not None for cell in line.split(separator)) for line in head)


def _unquoted(cell: str) -> str:
    """``="0571"`` is how senders keep Excel from reading a number."""
    return cell[2:-1] if len(cell) > 3 and cell.startswith('="') and cell.endswith('"') else cell


def _no_swallowed_rows(found: Sequence[Sequence[str]], separator: str) -> None:
    """Refuse a file in which a quotation mark left open made one cell of whole rows: they would be lost."""
    width = max(map(len, found), default=0)
    for number, row in enumerate(found, start=1):
        for cell in row:
            lines = cell.split("\n")
            if len(lines) > 1 and any(line.count(separator) >= max(3, width // 2) for line in lines[1:]):
                raise Refused(refusals.unpaired_quote(number))
