"""What is wrong with a certificate's number, given the certificate's type.

``certificates.fault:KEY`` is a derived column for each column of numbers: the fault's name or ``""``.
One number has one fault, the gravest: a number of the wrong form has no check digit to be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from difflib import SequenceMatcher
from functools import cache, partial

import numpy as np
import pandas as pd

from expectations.facts import numbers
from expectations.filing import FILLER, choices
from expectations.rows import Filings, derived

HELD: dict[str, str] = {
    f"{whose}_certificate_number": f"{whose}_certificate_type"
    for whose in ("subject", "principal", "site_principal", "domain_holder")
}
"""Every column that holds a number, with the column of its type."""

REPRESENTATIVE = "legal_representative_certificate_number"
"""The one number whose type the sheet does not ask."""

ID_CARD = "居民身份证"
PERMITS = {"港澳居民居住证": "^8[12]", "台湾居民居住证": "^83"}
LICENCE = "营业执照"
CREDIT_CODE = "统一社会信用代码证书"
ORGANISATION_CODE = "组织机构代码证"
OF_UNITS = (LICENCE, CREDIT_CODE, ORGANISATION_CODE)
BY_CREDIT_CODE = (
    "外国企业常驻代表机构登记证", "事业单位法人证书", "社会团体法人登记证书", "民办非企业单位登记证书",
    "社会服务机构登记证书", "基金会法人登记证书", "律师事务所执业许可证", "农村集体经济组织登记证",
    "宗教活动场所登记证", "司法鉴定许可证", "公证机构执业证", "仲裁委员会登记证",
)  # fmt: skip
"""Certificates whose newer prints carry the unified code, older ones a number of their own."""


@cache
def unit_types() -> frozenset[str]:
    """The form's certificates that no person holds."""
    listed = choices()
    persons = {choice.value for choice in listed["principal_certificate_type"]}
    return frozenset(choice.value for choice in listed["subject_certificate_type"]) - persons


# Numbers of before the registers were joined, such as 企独浙总字第000001号.
_OLD_REGISTER = "^[一-龥()]+[0-9A-Z]*字?第?[0-9]{5,}号?$"
_READABLE = "^[0-9A-Z一-龥()·.]*$"


def fault(rows: Filings, number_key: str) -> pd.Series:
    """The fault of each number in this column."""
    return rows[f"certificates.fault:{number_key}"]


_SLIPS = 2
"""So many characters added, left out or exchanged make two numbers one that was mistyped."""


def mistyped(rows: Filings, one: str, other: str, differs: pd.Series) -> pd.Series:
    """Of the rows where two columns' numbers differ, those where one number is out of order and the other
    tells what it was meant to be: the slip is found as such, and is no second number."""
    slip = differs & ((fault(rows, one) != "") != (fault(rows, other) != ""))
    pairs = zip(rows[one][slip], rows[other][slip], strict=True)
    slip[slip] = np.array([_slips(*pair) <= _SLIPS for pair in pairs], dtype=bool)
    return slip


def _slips(one: str, other: str) -> int:
    steps = SequenceMatcher(None, one, other, autojunk=False).get_opcodes()
    return sum(max(to - start, other_to - other_start) for kind, start, to, other_start, other_to in steps
               if kind != "equal")  # fmt: skip


def _fault(number_key: str, type_key: str, rows: Filings) -> pd.Series:
    # One subject has many sites, one person many filings: each number is judged once.
    kind = rows[type_key]
    if number_key in ("subject_certificate_number", "domain_holder_certificate_number"):
        # A person filed under a unit's certificate chose the wrong type: no number would fit it.
        unfit = rows["is_individual"] & rows["subject_certificate_type"].isin(OF_UNITS) & kind.isin(OF_UNITS)
        kind = kind.mask(unfit, "")
    else:
        # So did whoever names a person by a unit's certificate: that is reason 5's finding.
        kind = kind.mask(kind.isin(unit_types()), "")
    pairs = pd.DataFrame({"number": rows[number_key], "type": kind})
    codes = pairs.groupby(["number", "type"], sort=False).ngroup().to_numpy()
    distinct = pairs[~pairs.duplicated()]
    answers = _faults(distinct["number"], distinct["type"], rows)
    answers[answers == "right"] = ""
    if number_key == "domain_holder_certificate_number":
        answers[distinct["number"].str.contains("**", regex=False)] = "masked"  # registrars show no more of it
    return pd.Series(pd.array(answers, dtype="str").take(codes), index=rows.index, dtype="str")


def _faults(number: pd.Series, kind: pd.Series, rows: Filings) -> np.ndarray:
    answers = np.full(len(number), "", dtype=object)
    open_ = ((number != "") & (kind != "")).to_numpy(copy=True)
    for name, holds in _tests(number, kind, rows):
        hit = open_ & holds.to_numpy()
        answers[hit] = name
        open_ &= ~hit
    return answers


def _tests(number: pd.Series, kind: pd.Series, rows: Filings) -> Iterator[tuple[str, pd.Series]]:
    """Faults with the numbers that may have them, gravest first; ``right`` ends the search."""
    id_card, permit = kind == ID_CARD, kind.isin(PERMITS)
    form = numbers.is_id_card_form(number)
    yield "first_generation", id_card & numbers.is_first_generation(number)
    yield "permit_as_id_card", id_card & numbers.is_residence_permit_form(number)
    yield "id_form", id_card & ~form
    yield "permit_form", permit & ~numbers.is_residence_permit_form(number)
    for name, start in PERMITS.items():
        yield "permit_region", (kind == name) & ~number.str.contains(start).astype(bool)
    yield "id_region", id_card & ~numbers.has_known_region(number)
    person = id_card | permit
    yield "id_birth", person & ~numbers.has_real_birth_date(number, rows.basis.as_of)
    yield "id_check", person & ~numbers.is_id_card_check_right(number)
    yield "right", person
    yield from _unit_tests(number, kind, rows.basis.as_of)
    yield "filler", number.isin(FILLER)
    odd = ~number.str.contains(_READABLE).astype(bool) | ~number.str.contains("[0-9]").astype(bool)
    yield "odd", odd


def _unit_tests(number: pd.Series, kind: pd.Series, as_of: date) -> Iterator[tuple[str, pd.Series]]:
    licence, code, old_code = kind == LICENCE, kind == CREDIT_CODE, kind == ORGANISATION_CODE
    credit = numbers.is_credit_code_form(number)
    wrong = credit & ~numbers.is_credit_code_check_right(number)
    pilot = wrong & numbers.is_credit_code_organisation_right(number)
    for_certain = licence | code | old_code
    carries_code = for_certain | (kind.isin(BY_CREDIT_CODE) & numbers.is_of_credit_code_registry(number))
    person = (
        numbers.is_id_card_check_right(number)
        & numbers.has_known_region(number)
        & numbers.has_real_birth_date(number, as_of)
        & wrong
    )
    yield "person_as_unit", for_certain & person
    yield "credit_pilot", (for_certain | kind.isin(BY_CREDIT_CODE)) & pilot
    yield "credit_check", carries_code & wrong
    yield "other_credit_check", kind.isin(BY_CREDIT_CODE) & wrong
    yield "right", credit
    yield "licence_check", licence & numbers.is_licence_form(number) & ~numbers.is_licence_check_right(number)
    yield (
        "organisation_check",
        (old_code & numbers.is_organisation_code_form(number) & ~numbers.is_organisation_code_check_right(number)),
    )
    yield "right", licence & number.str.contains("^[0-9]{13}$|^[0-9]{15}$").astype(bool)
    yield "right", old_code & numbers.is_organisation_code_form(number)
    yield "old_register", licence & number.str.contains(_OLD_REGISTER).astype(bool)
    yield "licence_form", licence
    yield "credit_form", code
    yield "organisation_form", old_code


for _number, _type in HELD.items():
    derived(f"certificates.fault:{_number}")(partial(_fault, _number, _type))


@derived("certificates.fault:" + REPRESENTATIVE)
def _representative_fault(rows: Filings) -> pd.Series:
    """What would be wrong with the number if it is an identity card's, as its length says."""
    number = rows[REPRESENTATIVE]
    alike = number.str.contains("^[0-9]{17,19}X?$|^[0-9]{15}$").astype(bool)
    # Cards of foreigners with permanent residence have 18 digits too, with a 9 first.
    foreign = number.str.startswith("9").astype(bool)
    fine = (
        numbers.is_id_card_check_right(number)
        & numbers.has_real_birth_date(number, rows.basis.as_of)
        & (numbers.has_known_region(number) | numbers.is_residence_permit_form(number))
    )
    return rows.constant("").mask(alike & ~foreign & ~fine, "id_like")


_AROUND = re.compile(r"^[^0-9A-Z]*(?:ID|NO)?[^0-9A-Z]*(?=[0-9A-Z]{17})|(?<=[0-9A-Z*×]{17})[^0-9A-Z*×]+$")


def repaired_number(number: str) -> str:
    """The credit code or identity number a cell means, ``""`` where its check characters do not prove it.

    Words around the number go; letters that no code holds are the digits they look like; × or * at the end is X.
    """
    bare = re.sub("[×*]$", "X", _AROUND.sub("", number))
    for mended in dict.fromkeys((bare, numbers.without_misread_letters(bare))):
        one = pd.Series([mended], dtype="str")
        proven = numbers.is_credit_code_check_right(one) | (
            numbers.is_id_card_check_right(one) & numbers.has_known_region(one)
        )
        if mended != number and proven[0]:
            return mended
    return ""
