"""One declaration per rule; everything else (expectation, words, page, tests) derives from it.

    @rule(
        "ICP0299",
        zh="网站名称就是域名", en="The site name is the domain itself",
        columns=("site_name",), evidence=("domain",), severity="error",
        message=Words("网站名称「{site_name}」就是域名", "…"), fix=Words("…", "…"),
        owner="filer", source="…",
        good=[{"site_name": "晨光书屋"}], bad=[{"site_name": "example.com", "domain": "example.com"}],
    )
    def site_name_is_the_domain(rows): return rows["site_name"].str.lower() == rows["domain"]

The predicate returns True where the rule rejects. It sees only rows the rule concerns and whose
columns are filled, so it needs no care for blanks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from expectations.rows import EVERYONE, Case, Filings
from expectations.words import Words as Words

Severity = Literal["error", "warning"]
Blank = Literal["unchecked", "passes", "judged"]
Mask = np.ndarray
Specimen = Mapping[str, str] | Sequence[Mapping[str, str]]
Predicate = Callable[[Filings], "pd.Series | pd.DataFrame"]
Details = Callable[[Filings], "dict[str, pd.Series]"]


OWNERS: dict[str, Words] = {
    "filer": Words("备案人", "filer"),
    "agent": Words("代理提交人", "agent"),
    "registrar": Words("域名注册商", "registrar"),
    "legal_representative": Words("法定代表人", "legal representative"),
    "provider": Words("接入服务商", "access provider"),
}
"""Who must act on a finding."""


@dataclass(frozen=True)
class Outcome:
    """What a rule says of every filing, as plain boolean arrays of the filings' length.

    ``cells`` names the columns at fault row by row, for rules that judge each cell by itself;
    ``softened`` marks failures that are only a warning.
    """

    failing: Mask
    unchecked: Mask
    softened: Mask
    cells: dict[str, Mask] | None = None


@dataclass(frozen=True, eq=False)
class Rule:
    """A reason to reject, its words, its ground, and rows that prove it. See :func:`rule`."""

    id: str
    name: str
    title: Words
    columns: tuple[str, ...]
    message: Words
    fix: Words
    owner: str
    source: str
    severity: Severity
    predicate: Predicate
    case: Case = EVERYONE
    evidence: tuple[str, ...] = ()
    blank: Blank = "unchecked"
    warning_if: Case | None = None
    good: tuple[Specimen, ...] = ()
    bad: tuple[Specimen, ...] = ()
    why: str = ""
    _details: list[Details] = field(default_factory=list, repr=False)

    @property
    def reason(self) -> int:
        """Which of the ten rejection reasons; 0 is the sheet itself."""
        return int(self.id[3:5])

    def details(self, function: Details) -> Details:
        """Decorator: further placeholders of the words, computed for failing rows only.

        ``expected`` among them is the value that would be right.

        Raises:
            ValueError: the rule has its details already.
        """
        if self._details:
            raise ValueError(f"{self.id} has its details already")
        self._details.append(function)
        return function

    @property
    def explained_by(self) -> tuple[Details, ...]:
        """What computes the details."""
        return tuple(self._details)

    def explain(self, failing: Filings) -> dict[str, pd.Series]:
        """The details of rows that fail."""
        return self._details[0](failing) if self._details else {}

    def outcome(self, filings: Filings) -> Outcome:
        """Judge every filing.

        Raises:
            TypeError: the predicate returned anything but plain booleans for each row: our fault.
        """
        size = len(filings)
        nobody = np.zeros(size, dtype=bool)
        known = _filled(filings, self.case.evidence)
        concerned = nobody.copy()
        concerned[known] = _plain(self.case.holds(filings.where(known)), int(known.sum()), self.id)
        evident = _filled(filings, self.evidence)
        if self.blank != "judged":
            evident &= self._has_cells(filings)
        judged = concerned & evident
        unchecked = (~known | (concerned & ~evident)) if self.blank != "passes" else nobody
        if not judged.any():
            return Outcome(nobody, unchecked, nobody)
        part = filings.where(judged)
        verdict = self.predicate(part)
        cells = None
        if isinstance(verdict, pd.DataFrame):
            cells = {key: _scatter(verdict[key], judged, self.id) for key in verdict}
            if self.blank != "judged":
                cells = {key: mask & _filled(filings, (key,)) for key, mask in cells.items()}
            failing = np.logical_or.reduce(list(cells.values()))
        else:
            failing = _scatter(verdict, judged, self.id)
        softened = nobody
        if self.warning_if is not None and self.severity == "error" and failing.any():
            softened = nobody.copy()
            softened[failing] = _plain(self.warning_if.holds(filings.where(failing)), int(failing.sum()), self.id)
        return Outcome(failing, unchecked, softened, cells)

    def _has_cells(self, filings: Filings) -> Mask:
        if not self.columns:
            return np.ones(len(filings), dtype=bool)
        if self.cellwise:
            return np.logical_or.reduce([_filled(filings, (key,)) for key in self.columns])
        return _filled(filings, self.columns)

    @property
    def cellwise(self) -> bool:
        """Whether each column is judged by itself, so that one filled cell is enough."""
        return self.predicate.__annotations__.get("return") in ("pd.DataFrame", pd.DataFrame)


def rule(
    id: str,
    *,
    zh: str,
    en: str,
    columns: tuple[str, ...],
    severity: Severity,
    message: Words,
    fix: Words,
    owner: str,
    source: str,
    good: Sequence[Specimen],
    bad: Sequence[Specimen],
    case: Case = EVERYONE,
    evidence: tuple[str, ...] = (),
    blank: Blank = "unchecked",
    warning_if: Case | None = None,
) -> Callable[[Predicate], Rule]:
    """Declare a rule; the decorated predicate's name is its name and states the offence.

    Args:
        id: ``ICP`` + two digits of the reason + two of serial; permanent, never used again.
        zh, en: title, for pages and suites.
        columns: the cells at fault, marked in the report; the predicate sees rows where all are filled.
            A predicate that returns a DataFrame judges each of them by itself.
        severity: ``error`` only where the facts settle it.
        message: what is wrong; may name columns (as typed), details and ``{cells}``.
        fix: how to mend it.
        owner: who must act, a key of :data:`OWNERS`.
        source: the ground, with its date.
        good, bad: what differs from a faultless filing (an individual's where the nature says 个人).
            A sequence of rows is a batch of which the first is judged.
        case: whom it concerns.
        evidence: other columns it needs: blank or never joined on, the rule is unchecked.
        blank: what a blank among ``columns`` means.
        warning_if: where an error is only a warning.

    Raises:
        ValueError: the id has another form, or nobody is called ``owner``.
    """
    if not re.fullmatch(r"ICP(0[0-9]|10)[0-9]{2}", id):
        raise ValueError(f"{id} is no rule id")
    if owner not in OWNERS:
        raise ValueError(f"{id}: nobody is called {owner}")

    def declare(predicate: Predicate) -> Rule:
        return Rule(
            id=id,
            name=predicate.__name__,
            title=Words(zh, en),
            columns=columns,
            message=message,
            fix=fix,
            owner=owner,
            source=source,
            severity=severity,
            predicate=predicate,
            case=case,
            evidence=evidence,
            blank=blank,
            warning_if=warning_if,
            good=tuple(good),
            bad=tuple(bad),
            why=" ".join((predicate.__doc__ or "").split()),
        )

    return declare


def _filled(filings: Filings, names: tuple[str, ...]) -> Mask:
    filled = np.ones(len(filings), dtype=bool)
    for name in names:
        filled &= filings.filled(name)
    return filled


def _plain(verdict: pd.Series, size: int, rule_id: str) -> Mask:
    # A null would count as a pass: a rule that can never fire must be an error, not a green.
    if len(verdict) != size or verdict.dtype != bool:
        raise TypeError(f"{rule_id} gave {verdict.dtype} × {len(verdict)} for {size} rows, not plain booleans")
    return verdict.to_numpy()


def _scatter(verdict: pd.Series, judged: Mask, rule_id: str) -> Mask:
    mask = np.zeros(len(judged), dtype=bool)
    mask[judged] = _plain(verdict, int(judged.sum()), rule_id)
    return mask
