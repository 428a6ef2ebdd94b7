"""What the ledger keeps of a filing, and how an earlier filing is compared with those of this run."""

from __future__ import annotations

import hashlib

import pandas as pd

from expectations.facts.filing_types import CLOSING
from expectations.facts.numbers import is_id_card_check_right
from expectations.facts.other_filings import order_number
from expectations.facts.people import folded_name, names, numbers, per_value, script
from expectations.facts.phones import CONTACT_ONE, EMERGENCY, MOBILES, is_mobile
from expectations.filing import INDIVIDUAL
from flows.steps.digest import Digest
from flows.steps.ledger import KEPT, PEOPLE
from flows.steps.register.entries import mask

_HAN = "示例样拟构仿演习模范甲乙丙丁戊己"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def kept(entries: pd.DataFrame, digest: Digest) -> pd.DataFrame:
    """What may be kept of each filing, in :data:`KEPT`; those that could never meet another are left out.

    A filing without a mobile or without its subject's number is compared with nobody, and one that is
    being closed gives its numbers free.
    """
    tellable = (entries["subject_certificate_number"] != "") & ~entries["filing_type"].isin(CLOSING)
    given = pd.concat([is_mobile(entries[column]) for column in MOBILES], axis=1).any(axis=1)
    of = entries[tellable & given]
    individual = of["subject_nature"] == INDIVIDUAL
    subject = of["subject_certificate_number"]
    kept = {
        "filing_key": digest.joined(subject, of["domain_key"]),
        "order_key": digest.of(order_number(of)),
        "workbook": of["workbook"], "sheet": of["sheet"], "row": of["row"].astype("str"),
        "filing_type": of["filing_type"], "subject_nature": of["subject_nature"],
        "subject": _number_digests(subject, digest),
        "subject_name": of["subject_name"].where(~individual, mask(of["subject_name"])),
    }  # fmt: skip
    for person in PEOPLE:
        name, number = of[f"{person}_name"], of[f"{person}_certificate_number"]
        # The subject itself, where an individual leaves the cells blank: later its name is masked.
        unnamed = individual & (name == "") & (number == "")
        kept[f"{person}_name"] = _name_digests(name.where(~unnamed, of["subject_name"]), digest)
        kept[f"{person}_number"] = _number_digests(number.where(~unnamed, subject), digest)
    for column in MOBILES:
        kept[column] = digest.of(of[column].where(is_mobile(of[column]), ""))
    return pd.DataFrame(kept, columns=list(KEPT), index=of.index)


def revealed(earlier: pd.DataFrame, entries: pd.DataFrame, kept: pd.DataFrame, digest: Digest) -> pd.DataFrame:
    """Earlier filings as rows like ``entries``: only what reason 9 compares is filled.

    The same filing handed in before is left out: one of the same subject and domain, or of the same order
    number in a workbook of the same name.

    Args:
        earlier: ``seen_on`` and :data:`KEPT`, of the ledger.
        entries, kept: of this run.
    """
    if earlier.empty:
        return entries.iloc[:0]
    again = pd.Series(False, index=earlier.index)
    for key in ("filing_key", "order_key"):
        again |= earlier[key].isin(kept[key]) & (earlier[key] != "")
    earlier = earlier[~again].reset_index(drop=True)
    rows = {
        "workbook": earlier["workbook"] + " (" + earlier["seen_on"] + ")",
        "sheet": earlier["sheet"],
        "row": pd.to_numeric(earlier["row"]).astype("int32"),
        "filing_type": earlier["filing_type"],
        "subject_nature": earlier["subject_nature"],
        "subject_name": earlier["subject_name"],
        "subject_certificate_number": _numbers(earlier["subject"], entries, digest),
    }
    for person in PEOPLE:
        rows[f"{person}_name"] = _names(earlier[f"{person}_name"], entries, digest)
        rows[f"{person}_certificate_number"] = _numbers(earlier[f"{person}_number"], entries, digest)
    for columns in (CONTACT_ONE, EMERGENCY):
        known = pd.concat([entries[column] for column in columns], ignore_index=True)
        for column in columns:
            clear = _clear(known, digest.of(known))
            rows[column] = earlier[column].map(clear).astype("str").fillna("")
    empty = {
        name: pd.Series(False if entries[name].dtype == bool else "", index=earlier.index, dtype=entries[name].dtype)
        for name in entries
        if name not in rows
    }
    return pd.DataFrame({**rows, **empty})[list(entries.columns)]


def _clear(values: pd.Series, digests: pd.Series) -> dict[str, str]:
    known = dict(zip(digests, values, strict=True))
    known.pop("", None)
    return known


def _name_digests(column: pd.Series, digest: Digest) -> pd.Series:
    """``han:…``: what script a name is written in decides whether two names can be compared."""
    return (per_value(column, script) + ":" + digest.of(names(column))).where(column != "", "")


def _number_digests(column: pd.Series, digest: Digest) -> pd.Series:
    """``id:…`` for identity numbers in order: two different ones are two people."""
    kind = is_id_card_check_right(numbers(column)).map({True: "id", False: ""}).astype("str")
    return (kind + ":" + digest.of(numbers(column))).where(column != "", "")


def _people(entries: pd.DataFrame, kind: str, subject: str) -> pd.Series:
    columns = [f"{person}_{kind}" for person in PEOPLE]
    return pd.concat([entries[column] for column in (*columns, subject)], ignore_index=True)


def _names(stored: pd.Series, entries: pd.DataFrame, digest: Digest) -> pd.Series:
    values = _people(entries, "name", "subject_name")
    clear = _clear(values, _name_digests(values, digest))
    return per_value(stored, lambda one: clear.get(one) or _name_stand_in(one))


def _numbers(stored: pd.Series, entries: pd.DataFrame, digest: Digest) -> pd.Series:
    values = _people(entries, "certificate_number", "subject_certificate_number")
    clear = _clear(values, _number_digests(values, digest))
    return per_value(stored, lambda one: clear.get(one) or _number_stand_in(one))


def _name_stand_in(stored: str) -> str:
    """A name of the same script that is nobody else's."""
    if not stored:
        return ""
    kind, _, value = stored.partition(":")
    hexadecimal = hashlib.sha256(value.encode()).hexdigest()[:32]
    han = "".join(_HAN[int(digit, 16)] for digit in hexadecimal)
    latin = "".join("abcdefghijklmnop"[int(digit, 16)] for digit in hexadecimal)
    return folded_name({"han": han, "latin": latin, "latinhan": latin + han}.get(kind, str(int(hexadecimal, 16))))


def _number_stand_in(stored: str) -> str:
    """A number of the same kind that is nobody else's."""
    if not stored:
        return ""
    kind, _, value = stored.partition(":")
    if kind != "id":
        return f"#{value}"
    serial = int(hashlib.sha256(value.encode()).hexdigest(), 16)
    body = f"00{serial % 10**15:015d}"  # no division begins so
    return body + _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]
