"""The tables rules are judged by, as they stand on one day, with a user's own rows over ours.

Every table is a CSV under ``expectations/reference/`` that opens in Excel; each row has its source.
A folder of the user's may hold tables of the same name: a row with the same key replaces the cells
it fills, any other row is added (see :mod:`expectations.reference.overrides`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from expectations.reference import tables
from expectations.reference.overrides import Override, ReferenceTableError, lay_over, read_folder
from expectations.reference.tables import Policy, Row

__all__ = ["Policy", "Reference", "ReferenceTableError", "Row"]


@dataclass(frozen=True)
class Reference:
    """The reference tables in force on ``as_of``; ``folder`` holds a user's own, read when this is made.

    Raises:
        ReferenceTableError: a table in ``folder`` cannot be used.
    """

    as_of: date
    folder: Path | None = None
    _tables: dict[str, tuple[Row, ...]] = field(default_factory=dict, repr=False, compare=False)
    _overrides: dict[str, tuple[Override, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # At once, not when a rule first asks: a bad table must stop the run before it begins.
        if self.folder is not None:
            self._overrides.update(read_folder(self.folder))

    def table(self, name: str) -> tuple[Row, ...]:
        """The rows of ``name`` (``"name_terms"`` for name_terms.csv) in force: cells by column, ``""`` where empty."""
        if name not in self._tables:
            self._tables[name] = lay_over(tables.own(name), self._overrides.get(name, ()), name, self.as_of)
        return self._tables[name]

    @cached_property
    def provinces(self) -> dict[str, Row]:
        """Each province's policies by its short name (广东)."""
        return {row["province"]: row for row in self.table("provinces")}

    @property
    def policies(self) -> dict[str, Policy]:
        """What each policy of :attr:`provinces` means and may hold, by its column."""
        return {policy.key: policy for policy in tables.policies().values() if policy.table == "provinces"}

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """Of each table by its name; changes with its rows, ours or the user's."""
        return {
            name: hashlib.sha256(tables.content(name) + repr(self._overrides.get(name, ())).encode()).hexdigest()[:16]
            for name in tables.names()
        }

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever any table does, ours or the user's; part of every summary."""
        return hashlib.sha256(repr(self.fingerprints).encode()).hexdigest()[:16]
