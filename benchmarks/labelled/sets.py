"""The labelled sets, made and judged: plain, with every statement required, against a register, with pictures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pandas as pd

from benchmarks.labelled.measure import Judged, from_cells, from_workbook, judge
from data.synthetic.labelled import (
    attached,
    defects_domain,
    defects_filer,
    defects_order,
    defects_papers,
    defects_sheet,
    defects_statement,
    on_file,
)
from data.synthetic.labelled.clean import Clean, Row
from data.synthetic.labelled.defects import planted
from data.synthetic.labelled.typing import typed

PLAIN = (
    *defects_sheet.SHEET, *defects_sheet.ALONE, *defects_sheet.TELEPHONE, *defects_domain.DOMAIN, *defects_domain.NAME,
    *defects_filer.PROVINCE, *defects_filer.CONTENT, *defects_papers.DOCUMENTS, *defects_papers.REPRESENTATIVE,
    *defects_statement.STATEMENT, *defects_order.TYPE,
)  # fmt: skip
WORKBOOK_ROWS = 2000
"""So many faultless filings at most go the way of a workbook."""


def judged_sets(rows: int, seed: int, folder: Path) -> list[Judged]:
    """About ``rows`` filings in all, half of them faultless."""
    each = max(rows // 2 // (len(PLAIN) + 60), 1)
    world, chance = Clean(seed), Random(seed)
    clean = [world.row() for _ in range(rows // 2)]
    spoilt = [planted(defect, world) for defect in PLAIN for _ in range(each)]
    spoilt += [row for group in defects_order.GROUPS for _ in range(each) for row in group(world)]
    required = [planted(defect, world) for defect in defects_statement.REQUIRED_STATEMENT for _ in range(each)]
    by_workbook, by_cells = clean[: min(WORKBOOK_ROWS, rows // 10)], clean[min(WORKBOOK_ROWS, rows // 10) :]
    return [
        judge(by_workbook, from_workbook(_typed(by_workbook, chance), folder)),
        _plain(by_cells + spoilt, chance),
        _plain(required, chance, "required"),
        _registered(on_file.World(seed + 1), max(each // 2, 1), folder, chance),
        _attached(Clean(seed + 2), max(each // 4, 1), folder, seed),
    ]


def _typed(rows: Sequence[Row], chance: Random) -> list[dict[str, str]]:
    return [typed(row.cells, chance) for row in rows]


def _plain(rows: list[Row], chance: Random, statement: str = "by-province") -> Judged:
    chance.shuffle(rows)
    damaged = pd.DataFrame({"damaged": [row.cells.get("damaged", "") for row in rows]}, dtype="str")
    return judge(rows, from_cells(_typed(rows, chance)), [damaged], statement)


def _registered(world: on_file.World, each: int, folder: Path, chance: Random) -> Judged:
    rows = on_file.rows(world, each)
    frame = from_cells(_typed(rows, chance))
    return judge(rows, frame, [world.facts(frame, folder)])


def _attached(clean: Clean, each: int, folder: Path, seed: int) -> Judged:
    pictures = attached.Folder(folder / "attachments", seed)
    rows = attached.rows(clean, pictures, each)
    frame = from_cells([row.cells for row in rows])
    return judge(rows, frame, [attached.facts(frame, pictures)])
