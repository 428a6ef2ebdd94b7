"""What nobody thought of: workbooks mutated at random, and clean filings typed messily at random."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from benchmarks import fuzz
from expectations.filing import COLUMNS
from flows.steps.workbook import Reading, read
from tests import made

SECONDS = 12


def test_mutated_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    outcomes, wrong = fuzz.run(SECONDS, 20260115, tmp_path)
    assert wrong == []
    assert sum(outcomes.values()) > 30


Dirty = Callable[[str, random.Random], Any]


def _wide(text: str, _: random.Random) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _padded(text: str, chance: random.Random) -> str:
    edges = ("", " ", "\xa0", "\u3000", "\u200b", "\ufeff", "\t", "\n")
    return chance.choice(edges) + text + chance.choice(edges)


def _broken(text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(("\u200b", "\u200d", "\ufeff", "\u2060")) + text[place:]


def _spaced_number(text: str, chance: random.Random) -> str:
    if not text.startswith("1") or len(text) != 11:
        return text
    return chance.choice(("+86 {}-{}-{}", "0086{}{}{}", "86-{} {} {}", "{} {} {}", "{}-{}-{}")).format(
        text[:3], text[3:7], text[7:]
    )


def _exact_number(text: str, _: random.Random) -> Any:
    return int(text) if text.startswith("1") and len(text) == 11 else text


def _date(text: str, chance: random.Random) -> Any:
    if text == "长期":
        return text
    day = datetime.date.fromisoformat(text)
    serial = (day - datetime.date(1899, 12, 30)).days
    written = (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}/{day.month:02d}/{day.day}",
    )
    return chance.choice((day, datetime.datetime(day.year, day.month, day.day), serial, *written))


CELLS: dict[str, tuple[Dirty, ...]] = {
    "text": (_padded, _broken),
    "title": (_padded, _broken, _wide),
    "name": (_padded, _broken),
    "identifier": (_padded, _broken, _wide, lambda text, _: text.lower()),
    "phone": (_padded, _broken, _wide, _spaced_number, _exact_number),
    "email": (_padded, _wide, lambda text, _: text.upper()),
    "url": (_padded, _wide),
    "domain": (_padded, _wide, lambda text, _: text.upper(), lambda text, _: f"http://{text}/"),
    "date": (_date, _padded),
    "province": (_padded, lambda text, _: text + "省"),
    "choice": (_padded, _wide),
    "choices": (_padded,),
    "yes/no": (_padded,),
    "file": (_padded,),
}


def _header(key: str, chance: random.Random) -> str:
    text = chance.choice(COLUMNS[key].headers)
    return (
        chance.choice(("{}", "*{}", "{}（必填）", " {} ", "{}\n(选填)", "【{}】", "{}：")).format(text)
        if text[-1] != "】"
        else text
    )


def _sheet(page: Any, filings: list[dict[str, str]], chance: random.Random) -> None:
    keys = list(made.KEYS)
    chance.shuffle(keys)
    for _ in range(chance.randrange(4)):
        keys.insert(chance.randrange(len(keys) + 1), "")
    left = chance.randrange(3)
    row = 1
    for _ in range(chance.randrange(5)):
        page.cell(row, left + 1, chance.choice((None, "网站备案信息汇总表", "说明：请如实填写，不得遗漏")))
        row += chance.choice((1, 2))
    for number, key in enumerate(keys):
        page.cell(row, left + 1 + number, _header(key, chance) if key else chance.choice((None, "自编号", "跟进人")))
    for filing in filings:
        row += chance.choice((1, 1, 1, 2, 4))
        page.row_dimensions[row].hidden = chance.random() < 0.1
        for number, key in enumerate(keys):
            text = filing.get(key, "内部")
            if key and chance.random() < 0.4:
                text = chance.choice(CELLS[COLUMNS[key].kind])(text, chance)
            page.cell(row, left + 1 + number, text)
    for text in chance.sample(("合计", "注：以上信息真实有效", "以下空白"), chance.randrange(3)):
        row += chance.choice((1, 3))
        page.cell(row, left + 1, text)


def messy(path: Path, filings: list[dict[str, str]], chance: random.Random) -> Path:
    book = openpyxl.Workbook()
    cut = chance.randrange(1, len(filings))
    for number, part in enumerate((filings[:cut], filings[cut:])):
        page = book.create_sheet(f"表{number}")
        _sheet(page, part, chance)
        page.sheet_state = "hidden" if number and chance.random() < 0.3 else "visible"
    book.save(path)
    return path


def judged(reading: Reading) -> list[dict[str, Any]]:
    """Everything rules see of the filings."""
    keys = [*made.KEYS, "damaged"]
    return sorted(reading.filings.select(keys).to_pylist(), key=lambda row: str(row["filing_no"]))


@pytest.mark.parametrize("seed", range(25))
def test_filings_typed_messily_are_the_filings_typed_cleanly(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    filings = [made.filing(number) for number in range(1, 9)]
    clean = read(made.good(tmp_path / "clean.xlsx", 8), "clean")
    dirty = read(messy(tmp_path / "messy.xlsx", filings, chance), "messy")
    assert judged(dirty) == judged(clean)
