"""Whose record on file a filing is about, and the register's columns as good and bad rows give them."""

from __future__ import annotations

import pandas as pd

from expectations.facts.filing_types import CHANGE, FILED, NONE
from expectations.filing import NO, YES
from expectations.rows import Filings


def is_changed(rows: Filings, subject: pd.Series) -> pd.Series:
    """Whether a subject on file is the one this filing changes: the ICP number of a change filing names it."""
    if not rows.has("register.icp_number_owner"):
        return rows.constant(False)
    owner = rows["register.icp_number_owner"]
    return (rows["filing_type"] == CHANGE) & (owner != NONE) & (owner == subject)


def on_file(**facts: str) -> dict[str, str]:
    """The register's columns for a rule's good and bad rows: a subject and a domain nobody has filed, but ``facts``."""
    nothing = dict.fromkeys(
        (
            "subject", "subject_here", "subject_sites_left", "subject_icp_number", "subject_province", "subject_name",
            "subject_name_same", "subject_old_number", "subject_old_number_certain", "domain", "domain_here",
            "same_subject", "domain_owner", "site_icp_number", "order_open", "icp_number_owner",
            "icp_number_owner_is_individual", "icp_number_owner_role",
            "principal_mobile_as_filed", "site_principal_mobile_as_filed", "principal_as_filed",
            "site_principal_as_filed",
        ),
        NONE,
    )  # fmt: skip
    return {f"register.{name}": value for name, value in {**nothing, **facts}.items()}


SUBJECT_ON_FILE = {
    "subject": FILED, "subject_here": YES, "subject_sites_left": YES, "subject_icp_number": "浙ICP备12345678号",
    "subject_province": "浙江", "subject_name": "杭州晨光样例图书有限公司", "subject_name_same": YES,
}  # fmt: skip
SITE_ON_FILE = {
    **SUBJECT_ON_FILE, "domain": FILED, "domain_here": NO, "same_subject": YES,
    "site_icp_number": "浙ICP备12345678号-1",
}  # fmt: skip
ANOTHERS_DOMAIN = {
    "domain": FILED, "domain_here": NO, "same_subject": NO,
    "domain_owner": "宁波远帆样例贸易有限公司（浙ICP备87654321号）",
}  # fmt: skip
