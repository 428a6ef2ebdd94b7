"""What is kept of a filing on file, and by what a filing under check is looked up among them.

Numbers of certificates and mobiles are keyed digests on both sides, and an individual's name is masked: the
store holds no personal data in clear.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pandas as pd

from expectations.filing import INDIVIDUAL, NO, SEPARATOR, YES
from expectations.reference import Reference
from flows.steps.digest import Digest

NEEDS = (
    "subject_nature", "subject_certificate_type", "subject_certificate_number", "subject_name", "province",
    "subject_icp_number", "domain", "principal_name", "principal_certificate_number", "principal_mobile",
    "site_principal_name", "site_principal_certificate_number", "site_principal_mobile",
)  # fmt: skip
"""The columns of the filing sheet that :func:`facts` reads, in canonical form."""

ENTRY_COLUMNS = (
    "certificate_type", "certificate_number", "organisation_code", "old_form", "subject_name", "subject_icp_number",
    "province", "domain", "site_icp_number", "here", "status",
    "principal_mobile", "principal_person", "site_principal_mobile", "site_principal_person",
)  # fmt: skip
"""What is kept of an entry. Numbers and persons as keyed digests, an individual's name masked."""

LOOKED_UP = (
    "certificate_number", "organisation_code", "subject_name", "domain", "subject_icp_number",
    "principal_mobile", "site_principal_mobile",
)  # fmt: skip
"""The columns by which an entry can be found."""

BY_NAME = "n:"
"""Marks a person known by name alone, the certificate number being blank."""


def mask(names: pd.Series) -> pd.Series:
    """A person's name as far as a finding may show it: 陈**."""
    return (names.str.slice(0, 1) + "**").where(names != "", "")


def entries(register: pd.DataFrame, digest: Digest) -> pd.DataFrame:
    """A register as read, turned into what may be kept: :data:`ENTRY_COLUMNS`."""
    personal = register["subject_certificate_type"].isin(personal_types())
    number = register["subject_certificate_number"]
    return pd.DataFrame(
        {
            "certificate_type": register["subject_certificate_type"],
            "certificate_number": digest.of(number),
            "organisation_code": digest.of(_organisation_code(number).where(~personal, "")),
            "old_form": yes((number.str.len() != 18) & (number != "") & ~personal),
            "subject_name": register["subject_name"].where(~personal, mask(register["subject_name"])),
            "subject_icp_number": _subject_part(register["subject_icp_number"]),
            "province": register["province"],
            "domain": _bare(register["domain"]),
            "site_icp_number": register["site_icp_number"],
            "here": register["with_this_provider"],
            "status": register["status"],
            "principal_mobile": digest.of(register["principal_mobile"]),
            "principal_person": _person(register, "principal", number.where(personal, ""), digest),
            "site_principal_mobile": digest.of(register["site_principal_mobile"]),
            "site_principal_person": _person(register, "site_principal", number.where(personal, ""), digest),
        }
    )


def keys(filings: pd.DataFrame, digest: Digest) -> pd.DataFrame:
    """What each filing is looked up by; the columns of :data:`LOOKED_UP` and what they are compared with."""
    nature = filings["subject_nature"]
    personal = (nature == INDIVIDUAL) | ((nature == "") & filings["subject_certificate_type"].isin(personal_types()))
    number, name, domain = filings["subject_certificate_number"], filings["subject_name"], filings["domain"]
    one = ~domain.str.contains(SEPARATOR, regex=False)
    return pd.DataFrame(
        {
            "certificate_type": filings["subject_certificate_type"],
            "certificate_number": digest.of(number),
            "organisation_code": digest.of(_organisation_code(number).where(~personal, "")),
            "old_form": yes((number.str.len() != 18) & (number != "") & ~personal),
            "subject_name": name.where(~personal, ""),
            "shown_name": name.where(~personal, mask(name)),
            "province": filings["province"],
            "subject_icp_number": _subject_part(filings["subject_icp_number"]),
            "domain": _bare(domain).where(one, ""),
            "principal_mobile": _single(filings["principal_mobile"], digest),
            "site_principal_mobile": _single(filings["site_principal_mobile"], digest),
            "principal_person": digest.of(filings["principal_certificate_number"]),
            "principal_by_name": _by_name(filings["principal_name"], digest),
            "site_principal_person": digest.of(filings["site_principal_certificate_number"]),
            "site_principal_by_name": _by_name(filings["site_principal_name"], digest),
        }
    ).reset_index(drop=True)


def candidates(register: pd.DataFrame, looked_up: pd.DataFrame) -> pd.DataFrame:
    """The entries (as :func:`entries`) that some filing (as :func:`keys`) has to do with."""
    mobiles = pd.concat([looked_up["principal_mobile"], looked_up["site_principal_mobile"]]).unique()
    found = np.zeros(len(register), dtype=bool)
    for column in LOOKED_UP:
        wanted = mobiles if column.endswith("mobile") else looked_up[column].unique()
        found |= (register[column].isin(wanted) & (register[column] != "")).to_numpy(dtype=bool)
    return register[found].reset_index(drop=True)


# ── parts of cells ───────────────────────────────────────────────────────────────────────────────


@cache
def personal_types() -> frozenset[str]:
    """Certificates under which individuals file."""
    rows = Reference(date.min).table("certificate_types")
    return frozenset(row["certificate_type"] for row in rows if row["nature"] == INDIVIDUAL)


def _organisation_code(number: pd.Series) -> pd.Series:
    """The organisation code (GB 11714): letters 9 to 17 of a unified code, or a number of nine letters itself."""
    length = number.str.len()
    return number.where(length == 9, number.str.slice(8, 17)).where(length.isin((9, 18)), "")


def _subject_part(number: pd.Series) -> pd.Series:
    """An ICP number without the index of a site."""
    return number.str.replace(r"号-?[0-9]+[A-Z]?$", "号", regex=True)


def _bare(domain: pd.Series) -> pd.Series:
    """Filed domains are written without www; under gov.cn the www may be a filing of its own."""
    government = domain.str.endswith(".gov.cn")
    return domain.str.removeprefix("www.").where(~government, domain)


def _single(mobile: pd.Series, digest: Digest) -> pd.Series:
    return digest.of(mobile.where(~mobile.str.contains(SEPARATOR, regex=False), ""))


def _by_name(names: pd.Series, digest: Digest) -> pd.Series:
    return (BY_NAME + digest.of(names)).where(names != "", "")


def _person(register: pd.DataFrame, role: str, individual: pd.Series, digest: Digest) -> pd.Series:
    """Who this is, by certificate number, else by name; the people of an individual's site are that individual."""
    number = register[f"{role}_certificate_number"]
    number = number.where(number != "", individual)
    return digest.of(number).where(number != "", _by_name(register[f"{role}_name"], digest))


def yes(holds: pd.Series) -> pd.Series:
    """是 or 否."""
    return pd.Series(np.where(holds, YES, NO), index=holds.index, dtype="str")
