"""What makes a defect: a change to a faultless filing after which one reason must reject it, or none may."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from data.synthetic.labelled.clean import Clean, Filing, Row

Change = Callable[[Filing, Clean, Row], None]
Fits = Callable[[Filing], bool]


@dataclass(frozen=True)
class Defect:
    """A kind of defect of one reason; a near miss has no reason and may raise no error at all."""

    kind: str
    reason: int | None
    change: Change
    fits: Fits
    allowed: frozenset[str] = field(default_factory=frozenset)
    individual: bool | None = None
    provinces: tuple[str, ...] = ()


def anyone(filing: Filing) -> bool:
    return True


def new(filing: Filing) -> bool:
    """What is filed anew, so that all checks apply."""
    return filing["filing_type"] in (
        "首次备案",
        "新增网站",
        "新增网站（原备案在本接入商）",
        "新增网站（原备案不在本接入商）",
    )


def by_id_card(filing: Filing) -> bool:
    return filing["principal_certificate_type"] == "居民身份证"


def put(**cells: str) -> Change:
    """Write these cells; ``{key}`` in a value stands for what another cell holds."""

    def change(filing: Filing, world: Clean, row: Row) -> None:
        filing.update({key: value.format_map(filing) if "{" in value else value for key, value in cells.items()})

    return change


def pick(key: str, *values: str) -> Change:
    def change(filing: Filing, world: Clean, row: Row) -> None:
        filing[key] = world.chance.choice(values).format_map(filing)

    return change


def drop(*keys: str) -> Change:
    def change(filing: Filing, world: Clean, row: Row) -> None:
        for key in keys:
            filing.pop(key, None)

    return change


def both(*changes: Change) -> Change:
    def change(filing: Filing, world: Clean, row: Row) -> None:
        for one in changes:
            one(filing, world, row)

    return change


def everywhere(ending: str, mend: Callable[[str, Clean], str]) -> Change:
    """One wrong value, in every cell that held the same: the same person's data stand in several columns."""

    def change(filing: Filing, world: Clean, row: Row) -> None:
        keys = [key for key in filing if key.endswith(ending) and filing[key]]
        if not keys:
            return
        first = next((key for key in keys if key.startswith("principal")), keys[0])
        right = filing[first]
        wrong = mend(right, world)
        for key in keys:
            if filing[key] == right:
                filing[key] = wrong

    return change


def defects(
    reason: int | None,
    *entries: tuple[object, ...],
    individual: bool | None = None,
    provinces: Iterable[str] = (),
    fits: Fits = anyone,
    allowed: Iterable[str] = (),
) -> list[Defect]:
    """Kinds that share who they are about: each entry is a kind and its change."""
    return [
        Defect(str(kind), reason, change, fits, frozenset(allowed), individual, tuple(provinces))
        for kind, change in entries
    ]


def planted(defect: Defect, world: Clean) -> Row:
    """A filing with this defect."""
    for _ in range(5000):
        province = world.chance.choice(defect.provinces) if defect.provinces else ""
        row = world.row(defect.individual, province)
        if defect.fits(row.cells):
            break
    else:
        raise ValueError(f"no filing fits {defect.kind}")
    defect.change(row.cells, world, row)
    row.cells = {key: value for key, value in row.cells.items() if value}
    row.kind, row.reason = defect.kind, defect.reason
    row.allowed |= defect.allowed
    return row
