"""A folder of good workbooks among hostile files: the good ones are read, every other has its line."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from flows.steps.intake import find
from flows.steps.workbook import Refused, isolation, read_isolated, refusals
from tests import made
from tests.hostile import HOSTILE


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made_in: Path = tmp_path_factory.mktemp("hostile") / "inbox"
    made_in.mkdir()
    for name, make in HOSTILE.items():
        make(made_in / name)
    for number in range(20):
        made.good(made_in / f"good-{number:02d}.xlsx", number + 1)
    return made_in


def test_twenty_good_ones_among_the_hostile(folder: Path) -> None:
    assert len(HOSTILE) >= 40
    before = set(folder.parent.rglob("*"))
    outcome: dict[str, int | Refused] = {}
    detail = {}
    for found in find([folder]):
        if found.status != "workbook":
            assert found.words is not None
            outcome[found.workbook] = Refused(found.words)
            continue
        try:
            outcome[found.workbook] = read_isolated(found.path, found.workbook).filings.num_rows
        except Refused as refused:
            outcome[found.workbook] = refused
            detail[found.workbook] = (refused.words.zh, refused.detail)
    judged = {name: rows for name, rows in outcome.items() if not isinstance(rows, Refused)}
    assert judged == {f"good-{number:02d}.xlsx": number + 1 for number in range(20)}
    assert set(outcome) - set(judged) == set(HOSTILE)
    for refused in outcome.values():
        assert isinstance(refused, int) or (refused.words.zh and refused.words.en)
    isolation.stop_children()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert peak < 3 * 1024 * 1024
    assert set(folder.parent.rglob("*")) == before
    # A refusal has a reason of its own; the reader itself failed on hardly any.
    assert [name for name, (words, _) in detail.items() if words == refusals.CRASHED.zh] == []
