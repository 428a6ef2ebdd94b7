"""Why a filing is judged otherwise than before though its data is the same: which rule or table changed.

What a run was judged by is kept with it, rule by rule and table by table: its *grounds*.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from expectations import catalogue
from expectations.rows import Basis
from flows.steps import durable

RULE, TABLE, ELSEWHERE = "rule", "table", "elsewhere"
"""Codes of a cause: ``rule:ICP0501,ICP0502``, ``table:provinces``, or what lies outside of both."""
KNOWN = ("filing_key", "content", "marks", "grounds")
"""Of a filing as it was judged before: its key, a digest of its data, its findings, the place of its grounds."""
Grounds = Mapping[str, Any]
NOTHING: tuple[pd.DataFrame, list[Grounds]] = pd.DataFrame(columns=list(KNOWN), dtype="str"), []


def grounds(basis: Basis) -> Grounds:
    """Fingerprints of every rule, of the code they share, and of every reference table."""
    return {
        "rules": catalogue.fingerprints(),
        "shared": catalogue.shared_fingerprint(),
        "tables": basis.reference.fingerprints,
    }


def of_folder(reports: Path) -> tuple[pd.DataFrame, list[Grounds]]:
    """The filings of an earlier run by its reports, as :data:`KNOWN`, and its grounds."""
    verdicts = pd.read_parquet(reports / "verdicts.parquet")
    summary = durable.read_json(reports / "summary.json") if (reports / "summary.json").exists() else {}
    if "content" not in verdicts or "grounds" not in summary:  # of an older version
        return NOTHING
    findings = pd.read_parquet(reports / "findings.parquet", columns=["filing_key", "rule", "severity"])
    return once(verdicts.assign(marks=marks(verdicts, findings), grounds=0)), [summary["grounds"]]


def once(filings: pd.DataFrame) -> pd.DataFrame:
    """Only the filings that can be told from any other by their key."""
    known = filings[filings["filing_key"] != ""]
    return known.drop_duplicates("filing_key", keep=False)[list(KNOWN)]


def marks(verdicts: pd.DataFrame, findings: pd.DataFrame) -> pd.Series:
    """The findings of each filing in a line, ``ICP0501:error;ICP0902:warning``."""
    each = findings["rule"].astype("str") + ":" + findings["severity"].astype("str")
    joined = each.groupby(findings["filing_key"]).agg(lambda one: ";".join(sorted(set(one))))
    return verdicts["filing_key"].map(joined.to_dict()).astype("str").fillna("")


def told(
    verdicts: pd.DataFrame, findings: pd.DataFrame, before: pd.DataFrame, then: list[Grounds], now: Grounds
) -> pd.Series:
    """For each filing of ``verdicts`` the cause, as codes joined by ``;``, empty where there is none to tell.

    Args:
        before: :data:`KNOWN`, each filing once.
        then: the grounds that ``before`` refers to.
    """
    none = pd.Series("", index=verdicts.index, dtype="str")
    again = verdicts["filing_key"].isin(before["filing_key"])
    if not again.any():
        return none
    some = verdicts.loc[again, ["filing_key", "content"]]
    some = some[~some["filing_key"].duplicated(keep=False)]
    some = some.assign(marks=marks(some, findings[findings["filing_key"].isin(some["filing_key"])]))
    earlier = before.set_index("filing_key").rename(columns={"content": "content_then", "marks": "marks_then"})
    both = some.join(earlier, on="filing_key")
    both = both[(both["content"] == both["content_then"]) & (both["marks"] != both["marks_then"])]
    kinds = both.groupby(["marks", "marks_then", "grounds"], sort=False)
    for (ours, theirs, place), group in kinds:
        none.loc[group.index] = cause(set(ours.split(";")) ^ set(theirs.split(";")), then[int(place)], now)
    return none


def cause(differing: set[str], then: Grounds, now: Grounds) -> str:
    """The rules and tables to which differing findings (``ICP0501:error``) go back."""
    rules = sorted({mark.partition(":")[0] for mark in differing if mark})
    changed = [rule for rule in rules if then["rules"].get(rule) != now["rules"].get(rule)]
    others = [rule for rule in rules if rule not in changed]
    names = {*then["tables"], *now["tables"]}
    tables = sorted(name for name in names if then["tables"].get(name) != now["tables"].get(name))
    if others and not tables and then["shared"] != now["shared"]:
        changed, others = rules, []
    codes = [f"{RULE}:{','.join(changed)}"] if changed else []
    if others:
        codes.append(f"{TABLE}:{','.join(tables)}" if tables else ELSEWHERE)
    return ";".join(codes)
