"""Other filings of the run that share something with a filing, as a finding names them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from expectations.filing import FILLER

_SHOWN = 3
_NOTHING = ("", *FILLER)
SEPARATOR = "；"


def others(entries: pd.DataFrame, key: pd.Series, value: pd.Series) -> pd.Series:
    """For each filing, the filings of the same ``key`` whose ``value`` is another; ``""`` where there is none.

    Blank keys and values, and fillers such as 同上, meet nobody. Each other value is shown by its first
    filing, three of them at most:
    ``批次二.xlsx › 备案 › 7 · 某某公司``.

    Args:
        entries: with ``workbook``, ``sheet``, ``row`` and ``subject_name``, index 0…n-1.
        key, value: text, one per filing.
    """
    said = ~key.isin(_NOTHING) & ~value.isin(_NOTHING)
    frame = pd.DataFrame({"key": key, "value": value})[said]
    several = frame.groupby("key")["value"].transform("nunique") > 1
    frame = frame[several]
    none = pd.Series("", index=entries.index, dtype="str")
    if frame.empty:
        return none
    place = entries.loc[frame.index, ["workbook", "sheet"]].assign(row=pd.to_numeric(entries["row"]))
    ordered = frame.assign(**place).sort_values(["workbook", "sheet", "row"], kind="stable")
    first = ordered.drop_duplicates(["key", "value"])
    # One more than shown, so that enough are left when the filing's own value is among them.
    first = first[first.groupby("key").cumcount() <= _SHOWN]
    first = first.assign(text=_text(entries.loc[first.index]))[["key", "value", "text"]]
    mine = frame.assign(filing=frame.index)
    met = mine.merge(first, on="key", suffixes=("", "_other"))
    met = met[met["value"] != met["value_other"]]
    met = met[met.groupby("filing").cumcount() < _SHOWN]
    joined = met.groupby("filing")["text"].agg(SEPARATOR.join)
    none.loc[joined.index] = joined.astype("str")
    return none


def order_number(entries: pd.DataFrame) -> pd.Series:
    """The sender's number of the order, apart from equal ones in other workbooks; ``""`` where it is none.

    A short bare number is a serial of rows (序号), which says nothing about orders.
    """
    number = entries["filing_no"]
    serial = number.str.fullmatch("[0-9]{0,6}")
    return (entries["workbook"] + "\n" + number).where(~serial, "")


def _text(entries: pd.DataFrame) -> pd.Series:
    where = entries["workbook"] + " › " + entries["sheet"] + " › " + entries["row"].astype("str")
    return where + np.where(entries["subject_name"] != "", " · " + entries["subject_name"], "")
