"""Filings against a register: a register consistent with them, and one known contradiction each."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from data.synthetic.labelled.clean import Clean, Row
from flows.steps.digest import Digest
from flows.steps.register import Register
from flows.steps.register.reading import REGISTER_COLUMNS

Entry = dict[str, str]
Kind = Callable[["World"], Row]
_PEOPLE = (
    "principal_name",
    "principal_certificate_number",
    "principal_mobile",
    "site_principal_name",
    "site_principal_certificate_number",
    "site_principal_mobile",
)
_HERE, _ELSEWHERE = "新增网站（原备案在本接入商）", "新增网站（原备案不在本接入商）"


class World:
    """Filings and the register they are looked up in."""

    def __init__(self, seed: int) -> None:
        self.clean = Clean(seed)
        self.entries: list[Entry] = []

    def row(self, filing_type: str = "首次备案", individual: bool | None = None) -> Row:
        while True:
            row = self.clean.row(individual)
            cells = row.cells
            company = cells["subject_certificate_type"] == "营业执照" and len(cells["subject_certificate_number"]) == 18
            person = cells["subject_certificate_type"] == "居民身份证"
            if (company or person) and cells["principal_certificate_type"] == "居民身份证":
                break
        for key in ("subject_icp_number", "site_icp_number"):
            cells.pop(key, None)
        cells["filing_type"] = filing_type
        return row

    def number(self, row: Row) -> str:
        return f"{row.place.letter}ICP备{30_000_000 + self.clean.count}号"

    def file(
        self, row: Row, number: str, domain: str | None = None, here: str = "否", status: str = "已备案", **changes: str
    ) -> None:
        """Put the row's subject on file, with a site of this domain or with none."""
        cells = row.cells
        entry = {key: cells.get(key, "") for key in REGISTER_COLUMNS if key in cells}
        for key in _PEOPLE:
            entry[key] = cells.get(key, cells.get(key.removeprefix("site_"), ""))
        domain = cells["domain"] if domain is None else domain
        entry |= {
            "subject_icp_number": number,
            "domain": domain,
            "site_icp_number": f"{number}-1" if domain else "",
            "with_this_provider": here,
            "status": status,
            **changes,
        }
        self.entries.append(entry)

    def other_domain(self) -> str:
        return self.clean.domain("cn")

    def facts(self, frame: pd.DataFrame, folder: Path) -> pd.DataFrame:
        """The ``register.…`` columns of the canonical filings."""
        path = folder / "register.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([column.zh for column in REGISTER_COLUMNS.values()])
            writer.writerows([entry.get(key, "") for key in REGISTER_COLUMNS] for entry in self.entries)
        return Register.of_file(path, Digest(b"labelled" * 4)).facts(frame)


def _numbered(row: Row, number: str, site: bool = False) -> Row:
    row.cells["subject_icp_number"] = number
    if site:
        row.cells["site_icp_number"] = f"{number}-1"
    return row


def _filed(filing_type: str, here: str, own_domain: bool, number: bool = True, **changes: str) -> Kind:
    """A filing of this type by a subject on file."""

    def make(world: World) -> Row:
        row = world.row(filing_type)
        icp = world.number(row)
        world.file(row, icp, None if own_domain else world.other_domain(), here, **changes)
        return _numbered(row, icp, site=own_domain) if number else row

    return make


def _nothing(filing_type: str) -> Kind:
    def make(world: World) -> Row:
        row = world.row(filing_type)
        if filing_type != "首次备案":
            _numbered(row, world.number(row), site=filing_type in ("接入备案", "变更备案"))
        return row

    return make


def _anothers_domain(filing_type: str) -> Kind:
    def make(world: World) -> Row:
        row, other = world.row(filing_type), world.row()
        world.file(other, world.number(other), row.cells["domain"])
        return row

    return make


def _empty_subject(world: World) -> Row:
    row = world.row()
    world.file(row, world.number(row), "")
    return row


def _old_number(world: World) -> Row:
    row = world.row(individual=False)
    code = row.cells["subject_certificate_number"]
    world.file(
        row,
        world.number(row),
        world.other_domain(),
        subject_certificate_type="组织机构代码证",
        subject_certificate_number=code[8:17],
    )
    return row


def _wrong_number(world: World) -> Row:
    row = _filed(_HERE, "是", False)(world)
    return _numbered(row, world.number(row).replace("ICP备3", "ICP备4"))


def _anothers_number(world: World) -> Row:
    row, other = _filed(_HERE, "是", False)(world), world.row()
    icp = world.number(other)
    world.file(other, icp)
    return _numbered(row, icp)


def _moved(world: World) -> Row:
    row = _filed("变更备案", "是", True)(world)
    other = world.clean.people.elsewhere(row.place)
    world.entries[-1] |= {"province": other.province}
    return row


def _renamed(world: World) -> Row:
    row = world.row("接入备案", individual=False)
    while row.cells["province"] in ("北京", "上海", "山西", "浙江", "广东", "海南"):  # silent, or it may differ
        row = world.row("接入备案", individual=False)
    icp = world.number(row)
    world.file(row, icp, subject_name="湛样" + row.cells["subject_name"])
    return _numbered(row, icp, site=True)


def _used_mobile(role: str) -> Kind:
    def make(world: World) -> Row:
        while True:
            row = world.row(individual=False)
            separate = row.cells["site_principal_name"] != row.cells["principal_name"]
            if role == "principal" or separate:
                break
        other = world.row()
        world.file(other, world.number(other), world.other_domain(), principal_mobile=row.cells[f"{role}_mobile"])
        return row

    return make


def _own_person(world: World) -> Row:
    """Near: the company's representative has a site of his own on file, under the same mobile."""
    while True:
        row = world.row(individual=False)
        if row.cells["principal_name"] == row.cells["site_principal_name"]:
            break
    cells = row.cells
    person = Row(
        {
            **cells,
            "subject_certificate_type": "居民身份证",
            "subject_certificate_number": cells["principal_certificate_number"],
            "subject_name": cells["principal_name"],
        },
        place=row.place,
    )
    world.file(person, world.number(row), world.other_domain())
    row.allowed |= {"ICP0907", "ICP0908", "ICP0902", "ICP0903"}
    return row


def _same_name(world: World) -> Row:
    """Near: another subject of the same name is on file, under another number, elsewhere."""
    row, other = world.row(individual=True), world.row(individual=True)
    other.cells |= {"subject_name": row.cells["subject_name"], "principal_name": row.cells["principal_name"]}
    world.file(other, world.number(other), world.other_domain())
    return row


def _cancelled(world: World) -> Row:
    row = world.row()
    world.file(row, world.number(row), status="已注销")
    row.allowed |= {"ICP1007"}
    return row


KINDS: tuple[tuple[str, int | None, Kind], ...] = (
    ("register: nothing on file, first", None, _nothing("首次备案")),
    ("register: new site here", None, _filed(_HERE, "是", False)),
    ("register: new site, filed elsewhere", None, _filed(_ELSEWHERE, "否", False)),
    ("register: a new site, not said where", None, _filed("新增网站", "是", False)),
    ("register: access", None, _filed("接入备案", "否", True)),
    ("register: change", None, _filed("变更备案", "是", True)),
    ("register: cancelled before", None, _cancelled),
    ("register: own person on file", None, _own_person),
    ("register: a namesake on file", None, _same_name),
    ("first although the subject is filed here", 10, _filed("首次备案", "是", False, number=False)),
    ("first although the subject is filed elsewhere", 10, _filed("首次备案", "否", False, number=False)),
    ("first although the domain is the subject's already", 10, _filed("首次备案", "否", True, number=False)),
    ("new site here although filed elsewhere", 10, _filed(_HERE, "否", False)),
    ("new site elsewhere although filed here", 10, _filed(_ELSEWHERE, "是", False)),
    ("access although the domain is not filed", 10, _filed("接入备案", "否", False)),
    ("access although all is filed here", 10, _filed("接入备案", "是", True)),
    ("new site although the domain is filed", 10, _filed(_ELSEWHERE, "否", True)),
    ("new site although nothing is filed", 10, _nothing(_HERE)),
    ("access although nothing is filed", 10, _nothing("接入备案")),
    ("change although nothing is filed", 10, _nothing("变更备案")),
    ("another's domain, first", 10, _anothers_domain("首次备案")),
    ("an order open on the subject", 10, _filed("首次备案", "是", False, number=False, status="审核中")),
    ("an order open on the domain", 10, _filed("首次备案", "否", True, number=False, status="审核中")),
    ("an empty subject not cancelled", 10, _empty_subject),
    ("filed under the old number", 10, _old_number),
    ("a subject number not on file", 10, _wrong_number),
    ("another subject's number", 10, _anothers_number),
    ("a change to another province than on file", 3, _moved),
    ("another name than on file", 10, _renamed),
    ("the principal's mobile is another subject's", 9, _used_mobile("principal")),
    ("the site principal's mobile is another subject's", 9, _used_mobile("site_principal")),
)


def rows(world: World, each: int) -> list[Row]:
    """So many filings of each kind."""
    made = []
    for kind, reason, make in KINDS:
        for _ in range(each):
            row = make(world)
            row.kind, row.reason = kind, reason
            made.append(row)
    return made
