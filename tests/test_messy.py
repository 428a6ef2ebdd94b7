"""The same filings typed cleanly and typed messily are read, and judged, the same."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from expectations import suite
from expectations.reference import Reference
from expectations.rows import Basis, Filings
from flows.steps.workbook import Reading, read
from tests import made, messy

AS_OF = date(2026, 1, 15)
DEFECTS: tuple[dict[str, str], ...] = (
    {}, {}, {"domain": "a-sample.cn;b-sample.cn"}, {"principal_mobile": "13805710001;13905710003"},
    {"subject_certificate_number": "91330000MA0000007X"}, {"domain_holder_name": "宁波样例有限公司"},
    {"domain_expires_on": "2026-01-20"}, {"site_name": ""}, {"principal_phone": "057188880001转801"},
    {"county": "", "investor": ""}, {"domain_privacy": "是"}, {"site_name": "测试网站"},
    {"domain": "例子.中国", "home_url": "www.例子.中国"},
)  # fmt: skip


def drawn(chance: random.Random, count: int = 8) -> list[dict[str, str]]:
    """Filings, faultless and not."""
    return [made.filing(number, **chance.choice(DEFECTS)) for number in range(1, count + 1)]


def read_both(tmp_path: Path, chance: random.Random) -> tuple[Reading, Reading]:
    filings = drawn(chance)
    clean = made.book(tmp_path / "clean.xlsx", made.HEADERS, *([row[key] for key in made.KEYS] for row in filings))
    draw = messy.workbook if chance.random() < 0.7 else messy.other_format
    dirty = draw(tmp_path / "messy", filings, chance)
    return read(clean, "clean"), read(dirty, "messy")


def cells(reading: Reading) -> list[dict[str, Any]]:
    """Everything rules see of the filings."""
    return sorted(reading.filings.select([*made.KEYS, "damaged"]).to_pylist(), key=lambda row: str(row["filing_no"]))


@pytest.mark.parametrize("seed", range(30))
def test_filings_typed_messily_read_as_those_typed_cleanly(tmp_path: Path, seed: int) -> None:
    clean, dirty = read_both(tmp_path, random.Random(seed))
    assert cells(dirty) == cells(clean)


def verdicts(reading: Reading) -> tuple[pd.DataFrame, list[tuple[str, ...]]]:
    """Verdicts and findings by order number, wherever the filings stand."""
    basis = Basis(AS_OF, Reference(AS_OF))
    filings = Filings(reading.filings.to_pandas(), reading.typed.to_pandas(), basis)
    judged = suite.judge(filings)
    numbers = filings["filing_no"]
    found = judged.findings
    told = sorted(zip(numbers.take(found["position"]), found["rule"], found["severity"], strict=True))
    return judged.verdicts.set_axis(numbers).sort_index(), told


@pytest.mark.parametrize("seed", range(100, 103))
def test_filings_typed_messily_have_the_verdicts_of_those_typed_cleanly(tmp_path: Path, seed: int) -> None:
    clean, dirty = (verdicts(reading) for reading in read_both(tmp_path, random.Random(seed)))
    pd.testing.assert_frame_equal(dirty[0], clean[0])
    assert dirty[1] == clean[1]
    assert len({rule for _, rule, _ in clean[1]}) >= 4
