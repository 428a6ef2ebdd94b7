"""The sample workbooks and the register that goes with them: ``python -m data.synthetic.samples``.

Between them, every one of the ten reasons rejects some filing. The same bytes come out each time.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path

from data.synthetic.filings import Filing, filings, plant, same_mobile, write
from data.synthetic.labelled import defects_domain, defects_filer, defects_papers, defects_sheet, defects_statement
from data.synthetic.labelled.clean import Row
from data.synthetic.labelled.defects import Defect, planted
from data.synthetic.labelled.on_file import KINDS, World
from flows.steps.register.reading import REGISTER_COLUMNS

DATA = Path(__file__).parent.parent
REGISTER = "已备案名单.csv"
SLIPS = {
    "www before the domain", "expired", "held by a stranger", "a suffix not approved",
    "a head word", "a person's site called 论坛", "Jiangsu: another form",
    "a unit's certificate of another province", "no door number", "no residence permit",
    "an individual with 出版", "新闻 without number and file", "a unit with a bulletin board",
    "a company with 事业单位法人证书", "identity card expired", "no domain certificate",
    "not the legal representative", "Tianjin: one person for both", "a form of address",
    "an area code of another province", "another province's form", "not signed", "not sealed",
}  # fmt: skip
"""Kinds of defect that can be seen in the columns alone."""
CONTRADICTIONS = {
    "register: new site here", "register: access",
    "first although the subject is filed here", "new site here although filed elsewhere",
    "another's domain, first", "an order open on the subject", "filed under the old number",
    "a change to another province than on file", "the principal's mobile is another subject's",
}  # fmt: skip
"""Kinds that need the register; the first two are right."""
FAULTLESS = 9


def everywhere() -> tuple[list[Filing], list[dict[str, str]]]:
    """Filings of all provinces, each faultless or with one known defect; and the register they contradict."""
    world = World(2026)
    rows = [_first_filing(kind, world) for kind in _chosen()]
    rows += [make(world) for kind, _, make in KINDS if kind in CONTRADICTIONS]
    while len(rows) < len(SLIPS) + len(CONTRADICTIONS) + FAULTLESS:
        if (row := world.clean.row()).cells["filing_type"] == "首次备案":
            rows.append(row)
    random.Random(2026).shuffle(rows)
    return [{**row.cells, "filing_no": f"QG{number:04d}"} for number, row in enumerate(rows, start=1)], world.entries


def _first_filing(kind: Defect, world: World) -> Row:
    """A defect in a filing that the register need not know."""
    while (row := planted(kind, world.clean)).cells["filing_type"] != "首次备案":
        pass
    return row


def _chosen() -> list[Defect]:
    kinds = (
        *defects_domain.DOMAIN, *defects_domain.NAME, *defects_filer.PROVINCE, *defects_filer.CONTENT,
        *defects_papers.DOCUMENTS, *defects_papers.REPRESENTATIVE, *defects_sheet.TELEPHONE,
        *defects_statement.STATEMENT,
    )  # fmt: skip
    chosen = [kind for kind in kinds if kind.kind in SLIPS]
    if missing := SLIPS - {kind.kind for kind in chosen}:
        raise ValueError(f"no such kinds of defect: {missing}")
    return chosen


def samples(workbooks: Path, register: Path) -> None:
    """Write the sample workbooks into one folder, and the register into another."""
    generated = filings(60, seed=2026)
    agency, rest = generated[:26], generated[26:]
    people, cloud = ([one for one in rest if (one["subject_nature"] == "个人") is own] for own in (True, False))
    for batch, seed in ((agency, 11), (people, 12), (cloud, 13)):
        plant(batch, 0.5, seed)
    # Across workbooks: a mobile of the first batch stands in the third under another subject.
    donor = next(one for one in agency if one["subject_nature"] == "企业" and len(str(one["principal_mobile"])) == 11)
    same_mobile(cloud[0], donor, random.Random(0))
    nationwide, on_file = everywhere()
    write(agency, workbooks / "华东代理_待提交备案.xlsx", "华东代理 2026 年 1 月待提交备案")
    write(people, workbooks / "个人站长_批量导入.xlsx")
    write(cloud, workbooks / "云代理_首次备案.xlsx")
    write(nationwide, workbooks / "全国平台_各类备案.xlsx", "全国平台 2026 年 1 月各类备案")
    with (register / REGISTER).open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([column.zh for column in REGISTER_COLUMNS.values()])
        lines.writerows([entry.get(key, "") for key in REGISTER_COLUMNS] for entry in on_file)


if __name__ == "__main__":
    samples(DATA / "samples", DATA / "register")
