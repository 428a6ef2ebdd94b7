"""Dates of the sheet, and the day it is judged."""

from __future__ import annotations

import pandas as pd

from expectations.rows import Filings

NOT_YET = "^(?:尚|还)?(?:未|没有?)(?:做|完成|通过)?(?:实名|认证|验证|完成|通过)"
"""What some type for the date of a verification that has not taken place."""
DONE = (
    "^(?:是|有|(?:认证|验证|实名)?(?:完成|通过)"
    "|已经?(?:完成|通过)?(?:实名)?(?:认证|验证|完成|通过|实名)(?:完成|通过|成功)?)$"
)
"""What some type for the date of one that has."""


def dates(rows: Filings, key: str) -> pd.Series:
    """Dates of a column; NaT where it is blank or no date."""
    return pd.to_datetime(rows[key], format="%Y-%m-%d", errors="coerce")


def today(rows: Filings) -> pd.Timestamp:
    """The day the filings are judged."""
    return pd.Timestamp(rows.basis.as_of)
