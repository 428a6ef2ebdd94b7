"""The filings under judgement, as a rule sees them.

A rule asks for columns by name and gets pandas Series of text, ``""`` where nothing stands:

- a column of the filing sheet, in canonical form (``rows["domain"]``),
- a column derived from others by a function marked :func:`derived` (``rows["is_individual"]``),
- a column that looks across all filings of the run, by a function marked :func:`across`; the ledger
  joins it on beforehand (``rows["ledger.domain_rows"]``), a batch by itself is its own ledger,
- a column another step joined on, such as ``rows["register.domain_status"]``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from expectations.filing import COLUMNS, INDIVIDUAL
from expectations.reference import Reference

Derivation = Callable[["Filings"], pd.Series]

_DERIVED: dict[str, Derivation] = {}
_ACROSS: dict[str, Across] = {}


def derived(name: str) -> Callable[[Derivation], Derivation]:
    """Give a column computed from others a name; it is computed once per judgement, when first asked for."""

    def register(function: Derivation) -> Derivation:
        if name in _DERIVED:
            raise ValueError(f"two derived columns are named {name}")
        _DERIVED[name] = function
        return function

    return register


class Across(NamedTuple):
    """A column over all filings of a run: what it reads of each filing, and how it is computed."""

    reads: tuple[str, ...]
    compute: Callable[[pd.DataFrame], pd.Series]


def across(
    name: str, *, reads: tuple[str, ...]
) -> Callable[[Callable[[pd.DataFrame], pd.Series]], Callable[[pd.DataFrame], pd.Series]]:
    """Give a column that looks across filings a name, ``ledger.…``.

    The function gets one row per filing of the whole run, with the columns it ``reads`` (of the sheet
    or derived) and ``workbook``, ``sheet``, ``row``; it returns text for each row, ``""`` for nothing.
    """

    def register(function: Callable[[pd.DataFrame], pd.Series]) -> Callable[[pd.DataFrame], pd.Series]:
        if not name.startswith("ledger.") or name in _ACROSS:
            raise ValueError(f"{name} is no new ledger column")
        _ACROSS[name] = Across(reads, function)
        return function

    return register


LOCATION = ("workbook", "sheet", "row")
"""Where a filing came from; ``row`` as Excel shows it."""


def ledger_entries(filings: Filings) -> pd.DataFrame:
    """What the ledger needs to know of each filing, one row each."""
    reads = dict.fromkeys(LOCATION + tuple(name for entry in _ACROSS.values() for name in entry.reads))
    return pd.DataFrame({name: filings[name] for name in reads}, index=filings.index)


def ledger_columns(entries: pd.DataFrame) -> pd.DataFrame:
    """Every ledger column, over the entries of all filings of the run (index 0…n-1)."""
    return pd.DataFrame({name: entry.compute(entries) for name, entry in _ACROSS.items()}, index=entries.index)


@dataclass(frozen=True)
class Basis:
    """What a judgement rests on besides the filings: the day, the tables, the language of the words.

    ``statement`` says whether the access provider still collects the paper authenticity statement:
    ``required`` everywhere, ``by-province``, or ``off``. ``review_days`` is how long a review may take.
    """

    as_of: date
    reference: Reference
    language: str = "zh"
    statement: str = "by-province"
    review_days: int = 20


class Filings:
    """Filings as columns, index 0…n-1; ``frame`` is text in canonical form, ``typed`` what the sender typed.

    Columns absent from ``frame`` read as blank: a sheet need not have them all. A name with a dot is
    of a column that was joined on, and KeyError where it was not.

    Raises:
        ValueError: the index of ``frame`` is another, or ``typed`` has another length.
    """

    def __init__(self, frame: pd.DataFrame, typed: pd.DataFrame, basis: Basis) -> None:
        if not isinstance(frame.index, pd.RangeIndex) or len(typed) != len(frame):
            raise ValueError("filings need a fresh RangeIndex and as many typed rows")
        self.frame, self._typed, self.basis = frame, typed, basis
        self._known: dict[str, pd.Series] = {}
        self._filled: dict[str, np.ndarray] = {}

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def index(self) -> pd.RangeIndex:
        """0…n-1."""
        return self.frame.index

    def in_sheet(self, column: str) -> bool:
        """Whether the sheet has the column at all, filled or not."""
        return column in self.frame

    def has(self, name: str) -> bool:
        """Whether the column can be had at all; a joined one may never have been joined."""
        return "." not in name or name in self.frame or name in _DERIVED or name in _ACROSS

    def __getitem__(self, name: str) -> pd.Series:
        if name not in self._known:
            self._known[name] = self._compute(name)
        return self._known[name]

    def _compute(self, name: str) -> pd.Series:
        if name in self.frame:
            return self.frame[name]
        if name in _DERIVED:
            return _DERIVED[name](self)
        if name in _ACROSS:
            entry = _ACROSS[name]
            return entry.compute(
                pd.DataFrame({read: self[read] for read in (*LOCATION, *entry.reads)}, index=self.index)
            )
        if "." in name:
            raise KeyError(f"{name} was not joined on")
        return self.constant("")

    def filled(self, name: str) -> np.ndarray:
        """Where the column is not blank: plain booleans, nowhere if the column cannot be had."""
        if name not in self._filled:
            self._filled[name] = self._filled_in(name)
        return self._filled[name]

    def _filled_in(self, name: str) -> np.ndarray:
        if not self.has(name):
            return np.zeros(len(self), dtype=bool)
        return (self[name] != "").to_numpy(dtype=bool)

    def constant(self, value: object) -> pd.Series:
        """The same value in every row."""
        return pd.Series(value, index=self.index, dtype="str" if isinstance(value, str) else None)

    def typed(self, name: str) -> pd.Series:
        """What the sender typed; for columns that are not in the sheet, the canonical form."""
        return self._typed[name] if name in self._typed else self[name].astype("str")

    def policy(self, name: str) -> pd.Series:
        """What each row's province says of ``name``, ``""`` where it says nothing.

        ``organisation_…`` or ``individual_…`` is put before the name by the subject's nature where
        the table has such a column.
        """
        key = f"policy {name}"
        if key not in self._known:
            self._known[key] = self._policy(name)
        return self._known[key]

    def _policy(self, name: str) -> pd.Series:
        provinces = self.basis.reference.provinces
        fields = next(iter(provinces.values()), {})
        if name in fields:
            return self["province"].map({key: row[name] for key, row in provinces.items()}).astype("str").fillna("")
        per_nature = [
            self["province"].map({key: row.get(f"{nature}_{name}", "") for key, row in provinces.items()})
            for nature in ("individual", "organisation")
        ]
        if f"individual_{name}" not in fields and f"organisation_{name}" not in fields:
            raise KeyError(f"no province policy is called {name}")
        return per_nature[0].where(self["is_individual"], per_nature[1]).astype("str").fillna("")

    def where(self, keep: np.ndarray) -> Filings:
        """Only the rows ``keep`` marks; derived columns are those of the whole, taken."""
        return self if keep.all() else _Part(self, np.flatnonzero(keep))


class _Part(Filings):
    """Some rows of other filings. Columns are computed over the whole and taken, so that what looks
    across rows sees all of them."""

    def __init__(self, whole: Filings, positions: np.ndarray) -> None:
        self._whole, self._positions, self.basis = whole, positions, whole.basis
        self._index = pd.RangeIndex(len(positions))
        self._known, self._filled = {}, {}

    def __len__(self) -> int:
        return len(self._positions)

    @property
    def index(self) -> pd.RangeIndex:
        return self._index

    def in_sheet(self, column: str) -> bool:
        return self._whole.in_sheet(column)

    def has(self, name: str) -> bool:
        return self._whole.has(name)

    def _take(self, column: pd.Series) -> pd.Series:
        return column.take(self._positions).set_axis(self._index)

    def _compute(self, name: str) -> pd.Series:
        return self._take(self._whole[name])

    def _filled_in(self, name: str) -> np.ndarray:
        whole: np.ndarray = self._whole.filled(name)
        return whole[self._positions]

    def _policy(self, name: str) -> pd.Series:
        return self._take(self._whole.policy(name))

    def typed(self, name: str) -> pd.Series:
        return self._take(self._whole.typed(name))

    def where(self, keep: np.ndarray) -> Filings:
        return self if keep.all() else _Part(self._whole, self._positions[keep])


@dataclass(frozen=True)
class Case:
    """Which filings a rule concerns, in words and as a mask; where ``evidence`` is blank nobody can tell."""

    zh: str
    en: str
    holds: Callable[[Filings], pd.Series]
    evidence: tuple[str, ...] = ()

    def __and__(self, other: Case) -> Case:
        return Case(
            f"{self.zh}，{other.zh}",
            f"{self.en}, {other.en}",
            lambda rows: self.holds(rows) & other.holds(rows),
            tuple(dict.fromkeys(self.evidence + other.evidence)),
        )

    def __or__(self, other: Case) -> Case:
        return Case(
            f"{self.zh}或{other.zh}",
            f"{self.en} or {other.en}",
            lambda rows: self.holds(rows) | other.holds(rows),
            tuple(dict.fromkeys(self.evidence + other.evidence)),
        )

    def __invert__(self) -> Case:
        return Case(f"非{self.zh}", f"not {self.en}", lambda rows: ~self.holds(rows), self.evidence)


def _declare_in_sheet(column: str) -> None:
    """``in_sheet.KEY``: blank where the sheet has no such column, so that its blank cells say nothing."""
    derived(f"in_sheet.{column}")(lambda rows: rows.constant("yes" if rows.in_sheet(column) else ""))


for _column in COLUMNS:
    _declare_in_sheet(_column)


@derived("is_individual")
def _is_individual(rows: Filings) -> pd.Series:
    return rows["subject_nature"] == INDIVIDUAL


@derived("subject_key")
def _subject_key(rows: Filings) -> pd.Series:
    """One subject: certificate type and number; blank where the number is."""
    number = rows["subject_certificate_number"]
    return (rows["subject_certificate_type"] + ":" + number).where(number != "", "")


EVERYONE = Case("所有备案", "every filing", lambda rows: rows.constant(True))
INDIVIDUALS = Case("个人", "individuals", lambda rows: rows["is_individual"], ("subject_nature",))
ORGANISATIONS = Case("单位", "organisations", lambda rows: ~rows["is_individual"], ("subject_nature",))


def in_provinces(*provinces: str) -> Case:
    """Filings to these provinces (short names)."""
    return Case(
        "、".join(provinces), ", ".join(provinces), lambda rows: rows["province"].isin(provinces), ("province",)
    )


def filed_as(*types: str) -> Case:
    """Filings of these types."""
    return Case("、".join(types), ", ".join(types), lambda rows: rows["filing_type"].isin(types), ("filing_type",))


def where_policy(name: str, value: str, zh: str, en: str) -> Case:
    """Filings to provinces whose policy ``name`` has this value."""
    return Case(zh, en, lambda rows: rows.policy(name) == value, ("province",))
