"""Approvals that come before a filing: which are ticked, which a site's content calls for, and where they still exist.

``reference/preapproval_classes.csv`` gives each class's state: ``needed`` everywhere, ``by_province`` where a
policy of the province says so, ``abolished`` (nobody gives it any more).
"""

from __future__ import annotations

import pandas as pd

from expectations.facts.people import per_value
from expectations.filing import choices
from expectations.rows import Filings, derived

FORUM, FINANCE, EDUCATION, HEALTH = "电子公告服务", "互联网金融", "教育", "医疗保健"

# What some type where the form wants a number and there is none to give.
_NO_NUMBER = (
    r"(?i)^(?:n/?a|none|null|0+|暂?无.{0,8}|没有.{0,8}|不需要.{0,8}|不涉及.{0,8}|[-—/*.]+"
    r"|(?:正在|尚在|还在)?(?:待|后|未|申请|办理|审批|补办).{0,6}|正在.{0,6}|同上|见附件|不详|未知)?$"
)


@derived("ticked_approvals")
def _ticked_approvals(rows: Filings) -> pd.Series:
    """The classes given that the form knows; other text there is the sheet's own fault."""
    known = {choice.value for choice in choices()["preapproval_types"]}
    return per_value(rows["preapproval_types"], lambda text: ";".join(c for c in text.split(";") if c in known))


def ticks(rows: Filings, approval: str) -> pd.Series:
    """Whether each filing ticks the class."""
    return (";" + rows["ticked_approvals"] + ";").str.contains(f";{approval};", regex=False).astype(bool)


def number_given(rows: Filings) -> pd.Series:
    """Whether the number's cell holds one."""
    return ~rows["preapproval_number"].str.contains(_NO_NUMBER).astype(bool)


def proven(rows: Filings) -> pd.Series:
    """Whether both number and document are there, as far as the sheet can tell."""
    return number_given(rows) & ((rows["attachment_preapproval"] != "") | (rows["approval_column"] == ""))


@derived("approval_column")
def _approval_column(rows: Filings) -> pd.Series:
    """Blank where the sheet has no column for the document, so that its blank cells say nothing."""
    return rows.constant("given" if "attachment_preapproval" in rows.frame else "")


def needed(rows: Filings, row: dict[str, str]) -> pd.Series:
    """Whether the class of a row of the table is still to be had where each filing goes."""
    if row["state"] == "by_province":
        return rows.policy(row["policy"]) == "yes"
    return rows.constant(row["state"] == "needed")


@derived("tick_wants_proof")
def _tick_wants_proof(rows: Filings) -> pd.Series:
    """Whether some class ticked is still given, so that number and document must exist."""
    proof = rows.constant(False)
    for row in rows.basis.reference.table("preapproval_classes"):
        proof |= ticks(rows, row["class"]) & needed(rows, row)
    return proof


@derived("ticks_no_longer_given")
def _ticks_no_longer_given(rows: Filings) -> pd.Series:
    """The classes ticked that the filing's province has given up, joined by ``、``."""
    classes = rows.constant("")
    for row in rows.basis.reference.table("preapproval_classes"):
        if row["state"] == "by_province":
            here = ticks(rows, row["class"]) & (rows.policy(row["policy"]) == "no")
            classes = (classes + "、" + row["class"]).str.strip("、").where(here, classes)
    return classes


@derived("approval_of_content")
def _approval_of_content(rows: Filings) -> pd.Series:
    """The class that the site's content class calls for where the filing goes, ``""`` for none."""
    wanted = rows.constant("")
    for row in rows.basis.reference.table("preapproval_classes"):
        if row["content_classes"]:
            named = rows["site_content"].isin(row["content_classes"].split(";")) & needed(rows, row)
            wanted = wanted.mask(named, row["class"])
    return wanted


def lacks(rows: Filings, wanted: pd.Series) -> pd.Series:
    """Whether each filing does not tick the class it is said to want."""

    def one(pair: str) -> bool:
        approval, ticked = pair.split("\t")
        return approval not in ("", *ticked.split(";"))

    return per_value(wanted + "\t" + rows["ticked_approvals"], one)
