"""Our own reference tables: where they lie, how a row is told from another, what may stand in a cell.

A new table needs one line in :data:`KEYS` (or in :data:`FIXED`, where a user's own rows make no sense).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO

Row = dict[str, str]

KEYS: dict[str, tuple[str, ...]] = {
    "area_codes": ("area_code", "province"),
    "certificate_types": ("nature", "certificate_type"),
    "content_terms": ("term", "kind", "applies_to", "provinces"),
    "credit_code_natures": ("prefix",),
    "district_rules": ("province", "area", "position"),
    "divisions": ("province", "city", "name"),
    "document_types": ("document",),
    "domain_privacy_provinces": ("province",),
    "finance_rules": ("province", "topic"),
    "foreign_registrars": ("registrar",),
    "legal_representative_later": ("province",),
    "name_terms": ("term", "kind", "applies_to"),
    "phone_segments": ("prefix",),
    "preapproval_classes": ("class",),
    "province_documents": ("province", "nature", "docs"),
    "province_letters": ("province", "letter"),
    "provinces": ("province",),
    "registrant_proofs": ("province", "nature", "who"),
    "suffixes": ("tld",),
    "unreal_names": ("term",),
}
"""The columns that tell a row of each table from any other; a user's own rows are matched by them."""

FIXED = frozenset({"choices", "filing_sheet", "policies"})
"""Tables that describe the sheet and the other tables; a user's folder may not hold them."""

VALIDITY = ("valid_from", "valid_to")
"""Optional in every table: the days a row is in force, both included; empty is open."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a column of a province table means and holds: a row of policies.csv.

    ``type`` is ``yes/no``, ``number``, ``date``, ``text``, ``terms`` (any words, joined by ``;``), or
    ``choice`` / ``choices`` of ``allowed``.
    """

    table: str
    key: str
    zh: str
    en: str
    type: str
    allowed: tuple[str, ...]
    meaning: str
    snapshot: str
    source: str

    def label(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def names() -> tuple[str, ...]:
    """Every table's name, sorted."""
    found = (entry.name for entry in (files("expectations") / "reference").iterdir())
    return tuple(sorted(name.removesuffix(".csv") for name in found if name.endswith(".csv")))


def content(name: str) -> bytes:
    """The file of a table as it is stored."""
    return (files("expectations") / "reference" / f"{name}.csv").read_bytes()


@cache
def own(name: str) -> tuple[Row, ...]:
    """The rows of one of our tables, in force or not."""
    # StringIO, not splitlines: a quoted cell may hold a line break.
    return tuple(csv.DictReader(StringIO(content(name).decode("utf-8-sig"), newline="")))


@cache
def columns(name: str) -> tuple[str, ...]:
    """The columns of one of our tables."""
    return tuple(own(name)[0])


@cache
def policies() -> dict[tuple[str, str], Policy]:
    """What each column of the province tables means, by table and column."""
    return {
        (row["table"], row["key"]): Policy(**{**row, "allowed": tuple(filter(None, row["allowed"].split(";")))})  # type: ignore[arg-type]
        for row in own("policies")
    }


@cache
def province_names() -> dict[str, str]:
    """The short name (广西) of a province by its short name, full name, English name or two-digit code."""
    return {text: row["province"] for row in own("provinces") for text in _names(row)}


def _names(row: Row) -> Iterator[str]:
    yield from (row["province"], row["full_name"], row["en"], row["code"], f"{row['code']}0000")
