"""The tables rules are judged by, as they stand on one day, with a user's own rows over ours.

Every table is a CSV under ``expectations/reference/`` that opens in Excel; each row has its source.
A folder of the user's may hold tables of the same name: a row with the same key replaces the cells
it fills, any other row is added.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True)
class Reference:
    """The reference tables in force on ``as_of``."""

    as_of: date
    folder: Path | None = None
    _tables: dict[str, tuple[Row, ...]] = field(default_factory=dict, repr=False, compare=False)

    def table(self, name: str) -> tuple[Row, ...]:
        """The rows of ``name`` (``"name_terms"`` for name_terms.csv) in force."""
        if name not in self._tables:
            self._tables[name] = tuple(_read((files("expectations") / "reference" / f"{name}.csv").read_bytes()))
        return self._tables[name]

    @cached_property
    def provinces(self) -> dict[str, Row]:
        """Each province's policies by its short name (广东)."""
        return {row["province"]: row for row in self.table("provinces")}

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever any table does; part of every summary."""
        digest = hashlib.sha256()
        for entry in sorted((files("expectations") / "reference").iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".csv"):
                digest.update(entry.name.encode() + entry.read_bytes())
        return digest.hexdigest()[:16]


def _read(content: bytes) -> list[Row]:
    return list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
