"""Where a filing's addresses and numbers lie, as columns rules ask for.

``certificate_address.…`` and ``contact_address.…`` hold ``province`` (short name), ``city``, ``county``
(full names) and ``remark`` (see :class:`expectations.facts.divisions.Place`), ``""`` where it is not certain.
"""

from __future__ import annotations

from functools import partial

import pandas as pd

from expectations.facts import numbers
from expectations.facts.divisions import Place, places
from expectations.facts.filing_types import CLOSING
from expectations.rows import Case, Filings, derived

ADDRESSES = {"certificate_address": "subject_certificate_address", "contact_address": "subject_address"}
OVERSEAS = ("香港", "澳门", "台湾")
"""Regions an address may lie in though nobody can file there."""
ID_CARD = "居民身份证"
_WITH_BIRTH_DATE = (ID_CARD, "港澳居民居住证", "台湾居民居住证")
_TAB = "\t"


def _place(rows: Filings, address: str) -> pd.Series:
    found = places(rows[ADDRESSES[address]], rows.basis.reference)
    return found["province"].str.cat([found[part] for part in Place._fields[1:]], sep=_TAB)


def _part(rows: Filings, address: str, part: str) -> pd.Series:
    codes, values = pd.factorize(rows[f"{address}.place"])
    number = Place._fields.index(part)
    parts = [value.split(_TAB)[number] for value in values]
    return pd.Series(pd.array(parts, dtype="str").take(codes), index=rows.index)


for _address in ADDRESSES:
    derived(f"{_address}.place")(partial(_place, address=_address))
    for _field in Place._fields:
        derived(f"{_address}.{_field}")(partial(_part, address=_address, part=_field))


@derived("filing_province")
def _filing_province(rows: Filings) -> pd.Series:
    """The province filed in, blank where the cell names none: that is another rule's finding."""
    province = rows["province"]
    return province.where(province.isin(list(rows.basis.reference.provinces)), "")


@derived("certificate_elsewhere")
def _certificate_elsewhere(rows: Filings) -> pd.Series:
    """Whether the address on the certificate is certain to lie outside the province filed in."""
    place = rows["certificate_address.province"]
    return (place != "") & (rows["filing_province"] != "") & (place != rows["filing_province"])


@derived("subject_number.region")
def _subject_number_region(rows: Filings) -> pd.Series:
    """The six digits of the registering authority in a unit's number; blank where the number is not in order.

    Codes of the first pilots fail their check: what their digits say is not known.
    """
    number = rows["subject_certificate_number"]
    code = number.str.slice(2, 8).where(numbers.is_credit_code_check_right(number), "")
    old = number.str.slice(0, 6).where(numbers.is_licence_check_right(number), "")
    return code.where(code != "", old).where(~rows["is_individual"], "")


def id_card_region(rows: Filings, number: str) -> pd.Series:
    """The six digits of the household's place in an identity card's number; blank where it is not in order."""
    column = rows[number]
    return column.str.slice(0, 6).where(numbers.is_id_card_check_right(column), "")


def born(rows: Filings, role: str) -> pd.Series:
    """The birth date (ISO) of the person ``role`` by a number in order, else ``""``."""
    number = rows[f"{role}_certificate_number"]
    known = (
        numbers.is_id_card_check_right(number)
        & numbers.has_real_birth_date(number, rows.basis.as_of)
        & rows[f"{role}_certificate_type"].isin(_WITH_BIRTH_DATE)
    )
    return numbers.birth_date(number).where(known, "")


# A blank type counts: its own rule speaks of the blank, and most filings are not closed.
OPEN = Case("非注销类备案", "filings that are not being closed", lambda rows: ~rows["filing_type"].isin(CLOSING))
