"""What tests ask of a reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.steps.workbook import Limits, Reading, Refused, read
from tests import made

HEAD = ("主办单位名称", "主办单位证件号码", "主体负责人联系方式1", "网站名称", "域名")
ONE = ("杭州样例有限公司", "91330000MA0000007W", "13805710001", "晨光样例", "a-sample.cn")
TWO = ("宁波样例有限公司", "91330000MA0000008X", "13805710002", "雕刻样例", "b-sample.cn")


def rows_of(reading: Reading) -> list[int]:
    return reading.filings["row"].to_pylist()


def domains(reading: Reading) -> list[str]:
    return reading.filings["domain"].to_pylist()


def damaged(reading: Reading) -> list[str]:
    return reading.filings["damaged"].to_pylist()


def refusal(path: Path, limits: Limits | None = None) -> Refused:
    with pytest.raises(Refused) as caught:
        read(path, path.name, limits or Limits())
    return caught.value


def said(reading: Reading, text: str) -> bool:
    return any(text in words.zh for words in reading.notes)


def in_sheet(tmp_path: Path, *rows: object) -> Reading:
    return read(made.book(tmp_path / "a.xlsx", *rows), "a.xlsx")


def in_text(tmp_path: Path, text: str, encoding: str = "utf-8") -> Reading:
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    return read(path, "a.csv")
