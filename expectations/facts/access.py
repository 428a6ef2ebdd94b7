"""What a province says of an access filing: which data must equal the record, which may differ until a change."""

from __future__ import annotations

import pandas as pd

from expectations.rows import Filings

PRINCIPAL = ("principal_info", "responsible_person_info")
SITE_PRINCIPAL = ("site_principal_info", "responsible_person_info")
"""The items that speak of each of the two people: pages often say "the responsible person" for both."""


def kept(rows: Filings, *items: str) -> pd.Series:
    """Whether the province wants one of the items unchanged, by itself or with everything else."""
    return _names(rows.policy("access_must_match"), items)


def may_differ(rows: Filings, *items: str) -> pd.Series:
    """Whether the province says that one of the items may differ from the record."""
    return _names(rows.policy("access_may_differ"), items)


def _names(policy: pd.Series, items: tuple[str, ...]) -> pd.Series:
    return policy.str.contains(f"(?:^|;)(?:everything|{'|'.join(items)})(?:;|$)", regex=True).astype(bool)


def ground(rows: Filings, holds: pd.Series) -> pd.Series:
    """The province and the date of its rule as the end of a sentence, where it ``holds``."""
    province, snapshot = rows["province"], rows.policy("snapshot")
    if rows.basis.language == "zh":
        text = "（" + province + "要求接入备案与原备案一致，管局规则 " + snapshot + "）"
    else:
        text = " (" + province + " wants it as on file, rules of " + snapshot + ")"
    return text.where(holds, "")
