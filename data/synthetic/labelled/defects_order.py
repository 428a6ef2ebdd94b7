"""Defects among several filings, and of the filing type (reasons 9 and 10 within a batch), with near misses."""

from __future__ import annotations

from collections.abc import Callable

from data.synthetic.labelled.clean import Clean, Row
from data.synthetic.labelled.defects import Defect, defects, drop, put
from data.synthetic.labelled.people import same

Group = Callable[[Clean], list[Row]]


def _labelled(
    rows: list[Row], kind: str, reason: int | None, which: tuple[int, ...] = (0, 1), allowed: tuple[str, ...] = ()
) -> list[Row]:
    for place, row in enumerate(rows):
        ours = place in which
        row.kind, row.reason = (kind, reason) if ours else ("partner", None)
        row.allowed |= frozenset(allowed)
    return rows


def _first(world: Clean, individual: bool | None = False, province: str = "") -> Row:
    while True:
        row = world.row(individual, province)
        if row.cells["filing_type"] == "首次备案" and row.cells["principal_certificate_type"] == "居民身份证":
            return row


def _represented(world: Clean, province: str = "") -> Row:
    while True:
        row = _first(world, False, province)
        cells = row.cells
        if cells["principal_name"] == cells["site_principal_name"] == cells["legal_representative_name"]:
            return row


def _lend(row: Row, mobile: str) -> None:
    row.cells["principal_mobile"] = mobile
    if row.cells.get("site_principal_name") == row.cells["principal_name"]:
        row.cells["site_principal_mobile"] = mobile


def two_subjects(world: Clean) -> list[Row]:
    one, other = _represented(world), _represented(world)
    _lend(other, one.cells["principal_mobile"])
    return _labelled([one, other], "one mobile, two subjects, two people", 9)


def person_and_company(world: Clean) -> list[Row]:
    one, other = _first(world, True), _represented(world)
    _lend(other, one.cells["principal_mobile"])
    return _labelled([one, other], "an individual's mobile under a company of other people", 9)


def two_individuals(world: Clean) -> list[Row]:
    one, other = _first(world, True), _first(world, True)
    _lend(other, one.cells["principal_mobile"])
    return _labelled([one, other], "one mobile, two individuals", 9)


def _separate(world: Clean, province: str = "") -> Row:
    while True:
        row = _first(world, False, province)
        if row.cells["principal_name"] != row.cells["site_principal_name"]:
            return row


def site_principals(world: Clean) -> list[Row]:
    one, other = _separate(world), _separate(world)
    other.cells["site_principal_mobile"] = one.cells["site_principal_mobile"]
    return _labelled([one, other], "two subjects' site principals share a mobile", 9)


def across_roles(world: Clean) -> list[Row]:
    one, other = _represented(world), _separate(world)
    other.cells["site_principal_mobile"] = one.cells["principal_mobile"]
    return _labelled([one, other], "a site principal has another subject's principal's mobile", 9)


def three_subjects(world: Clean) -> list[Row]:
    rows = [_represented(world) for _ in range(3)]
    for row in rows[1:]:
        _lend(row, rows[0].cells["principal_mobile"])
    return _labelled(rows, "one mobile, three subjects", 9, (0, 1, 2))


def tianjin(world: Clean) -> list[Row]:
    row = _separate(world, "天津")
    row.cells["site_principal_mobile"] = row.cells["principal_mobile"]
    return _labelled([row], "Tianjin: two principals, one mobile", 9, (0,))


def typed_differently(world: Clean) -> list[Row]:
    one, other = _represented(world), _represented(world)
    mobile = one.cells["principal_mobile"]
    _lend(other, f"+86 {mobile[:3]}-{mobile[3:7]}-{mobile[7:]}")
    return _labelled([one, other], "one mobile typed in two ways", 9)


def _another_domain(world: Clean, row: Row) -> str:
    """Of the same subject; a state body may not choose its suffix."""
    return world.domain("gov.cn" if row.cells["subject_nature"] == "政府机关" else "cn")


def second_site(world: Clean) -> list[Row]:
    """Near: two sites of one subject, in one order."""
    one = _represented(world, "浙江")
    cells = {**one.cells, "domain": _another_domain(world, one), "site_name": one.cells["site_name"]}
    cells["home_url"] = cells["domain"]
    cells.pop("service_code", None)
    return _labelled(
        [one, Row(cells, place=one.place, allowed=one.allowed)],
        "near: two sites of one subject",
        None,
        allowed=("ICP1035",),
    )


def one_person(world: Clean) -> list[Row]:
    """Near: one person represents two companies; a warning, never an error."""
    one, other = _represented(world, "浙江"), _represented(world, "浙江")
    for role in ("principal", "site_principal"):
        other.cells |= {**same(one.cells, "principal", role)}
    for key in ("legal_representative_name", "legal_representative_certificate_number"):
        other.cells[key] = one.cells["principal_name" if key.endswith("name") else "principal_certificate_number"]
    one.cells["legal_representative_certificate_number"] = one.cells["principal_certificate_number"]
    other.cells["investor"] = one.cells["principal_name"]
    return _labelled(
        [one, other], "near: one person, two companies", None, allowed=("ICP0902", "ICP0906", "ICP0612", "ICP0711")
    )


def own_company(world: Clean) -> list[Row]:
    """Near: an individual who files also represents one company."""
    one, other = _first(world, True, "山东"), _represented(world, "山东")
    for role in ("principal", "site_principal"):
        cells = {
            key.replace("principal", role, 1): value for key, value in one.cells.items() if key.startswith("principal_")
        }
        other.cells |= cells
    other.cells |= {
        "legal_representative_name": one.cells["principal_name"],
        "investor": one.cells["principal_name"],
        "legal_representative_certificate_number": one.cells["principal_certificate_number"],
    }
    return _labelled([one, other], "near: an individual's own company", None, allowed=("ICP0903", "ICP0902", "ICP0906"))


def same_domain(world: Clean) -> list[Row]:
    one, other = _represented(world), _represented(world)
    other.cells |= {key: one.cells[key] for key in ("domain", "home_url")}
    return _labelled([one, other], "one domain, two subjects", 10)


def domain_twice(world: Clean) -> list[Row]:
    one = _represented(world, "浙江")
    other = Row(dict(one.cells), place=one.place, allowed=one.allowed)
    return _labelled([one, other], "one domain twice", 10, allowed=("ICP1035",))


def service_code(world: Clean) -> list[Row]:
    one, other = _represented(world), _represented(world)
    one.cells["service_code"] = other.cells["service_code"] = f"32a43232-a888-88e8-b9ec-{world.count:012x}"
    return _labelled([one, other], "one service code, two sites", 10)


def _sites(province: str, count: int, individual: bool, filing_type: str, kind: str) -> Group:
    def make(world: Clean) -> list[Row]:
        one = _first(world, True, province) if individual else _represented(world, province)
        one.cells["filing_type"] = filing_type
        one.cells.pop("service_code", None)
        if filing_type != "首次备案":
            one.cells["subject_icp_number"] = f"{one.place.letter}ICP备{20_000_000 + world.count}号"
        rows = [one]
        for _ in range(count - 1):
            domain = _another_domain(world, one)
            rows.append(Row({**one.cells, "domain": domain, "home_url": domain}, place=one.place, allowed=one.allowed))
        return _labelled(rows, kind, 10, tuple(range(count)), allowed=("ICP1035", "ICP0517", "ICP1032"))

    return make


GROUPS: tuple[Group, ...] = (
    two_subjects,
    person_and_company,
    two_individuals,
    site_principals,
    across_roles,
    three_subjects,
    tianjin,
    typed_differently,
    second_site,
    one_person,
    own_company,
    same_domain,
    domain_twice,
    service_code,
    _sites("湖北", 2, False, "首次备案", "Hubei: two sites in an order"),
    _sites("河南", 4, True, "首次备案", "Henan: four sites of a person in an order"),
    _sites("河南", 6, False, "首次备案", "Henan: six sites in an order"),
    _sites("陕西", 6, False, "首次备案", "Shaanxi: six sites in a first order"),
    _sites("浙江", 2, False, "新增网站（原备案不在本接入商）", "two new sites where the subject is filed elsewhere"),
)


def _filed(filing: dict[str, str]) -> bool:
    return "subject_icp_number" in filing


def _number(form: str):
    def change(filing: dict[str, str], world: Clean, row: Row) -> None:
        digits = f"{20_000_000 + world.count}"
        filing["subject_icp_number"] = form.format(letter=row.place.letter, digits=digits)
        filing.pop("site_icp_number", None)

    return change


def _site(form: str):
    return lambda filing, world, row: filing.update(
        site_icp_number=form.format(own=filing["subject_icp_number"], letter=row.place.letter)
    )


TYPE: list[Defect] = [
    *defects(
        10,
        ("a subject number with the site's serial", _number("{letter}ICP备{digits}号-1")),
        ("a subject number without 号", _number("{letter}ICP备{digits}")),
        ("a number of a licence", _number("{letter}ICP证{digits}号")),
        ("a number without province", _number("ICP备{digits}号")),
        ("a number of letters", _number("{letter}ICP备ABC12345号")),
        fits=_filed,
    ),
    *defects(
        10,
        ("a site number without serial", _site("{own}")),
        ("a site number of another subject", _site("{letter}ICP备11111112号-1")),
        ("a site number of digits", _site("12345678-1")),
        fits=lambda f: _filed(f) and f["filing_type"] in ("接入备案", "变更备案"),
    ),
    *defects(
        10,
        ("a new site without a subject number", drop("subject_icp_number")),
        fits=lambda f: f["filing_type"] == "新增网站（原备案不在本接入商）",
    ),
    *defects(
        10,
        ("an access filing without numbers", drop("subject_icp_number", "site_icp_number")),
        fits=lambda f: f["filing_type"] == "接入备案",
    ),
    *defects(
        None,
        (
            "near: numbers with spaces",
            lambda f, w, r: f.update(subject_icp_number=f["subject_icp_number"].replace("ICP备", " ICP 备 ")),
        ),
        fits=_filed,
    ),
    *defects(
        None, ("near: a site number of two digits", _site("{own}-12")), fits=lambda f: f["filing_type"] == "接入备案"
    ),
    *defects(None, ("near: no service code", put(service_code=""))),
]
