"""What became of each finding since the last run: mended, new, still there, back again.

A filing is known again by ``filing_key`` (a keyed digest of subject and domain), or, where somebody
mended the subject's number or the domain itself, by its filing number. A finding is a rule of a filing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

FIXED, NEW, UNCHANGED, REGRESSED, NEW_FILING = "fixed", "new", "unchanged", "regressed", "new_filing"
"""Codes of the column ``change``: 已修复, 新增, 仍未改, 回退, 新行."""


@dataclass(frozen=True)
class Changes:
    """Findings and verdicts with ``change``, and the findings of the last run that are mended.

    Of a finding: ``new``, ``unchanged``, ``regressed`` or ``new_filing``. Of a filing: ``new_filing``, or
    the counts of its findings, ``fixed:2;unchanged:1``; empty where nothing was wrong or is now.
    """

    findings: pd.DataFrame
    verdicts: pd.DataFrame
    fixed: pd.DataFrame
    counts: dict[str, int]


def compare(
    findings: pd.DataFrame,
    verdicts: pd.DataFrame,
    previous_findings: pd.DataFrame,
    previous_verdicts: pd.DataFrame,
    earlier: pd.DataFrame | None = None,
) -> Changes:
    """Compare a run with the one before.

    Args:
        findings, verdicts: of this run, with ``filing_key``, ``workbook``, ``sheet``, ``row``, ``filing_no``.
        previous_findings, previous_verdicts: of the last run, likewise.
        earlier: findings of runs before the last (``filing_key``, ``rule``): what was mended in the last
            run and fails again is then ``regressed``.
    """
    filings = _filings(verdicts)
    before = _filings(previous_verdicts)
    known = _matched(filings, before)
    now = _numbered(findings, filings)
    then = _numbered(previous_findings, before)
    last_number = known.loc[now["filing"]].to_numpy()
    rules_then = set(zip(then["filing"].tolist(), then["rule"].tolist(), strict=True))
    same = np.array(
        [pair in rules_then for pair in zip(last_number.tolist(), now["rule"].tolist(), strict=True)], dtype=bool
    )
    change = np.where(last_number < 0, NEW_FILING, np.where(same, UNCHANGED, NEW)).astype(object)
    if earlier is not None and len(earlier):
        seen = set(zip(earlier["filing_key"], earlier["rule"], strict=True))
        again = [pair in seen for pair in zip(now["filing_key"], now["rule"], strict=True)]
        change[np.array(again, dtype=bool) & (change == NEW)] = REGRESSED
    now["change"] = pd.Series(change, dtype="str", index=now.index)
    fixed = _fixed(now, then, known)
    marked = verdicts.assign(change=_per_filing(now, fixed, known).array)
    counts = now["change"].value_counts().to_dict() | {FIXED: len(fixed)}
    counts[NEW_FILING] = int((known < 0).sum())
    return Changes(
        now.drop(columns="filing"),
        marked,
        fixed.drop(columns=["filing", "now"]),
        {str(code): int(count) for code, count in counts.items() if count},
    )


def _filings(verdicts: pd.DataFrame) -> pd.DataFrame:
    """The filings by number; ``twin`` tells those of one key apart by their order."""
    table = verdicts[["workbook", "sheet", "row", "filing_no", "filing_key"]].reset_index(drop=True)
    table = table.fillna({"filing_no": "", "filing_key": ""})
    return table.assign(twin=table.groupby(["workbook", "filing_key"]).cumcount())


def _numbered(findings: pd.DataFrame, filings: pd.DataFrame) -> pd.DataFrame:
    places = filings[["workbook", "sheet", "row"]].assign(filing=filings.index)
    found = findings.drop(columns=["change"], errors="ignore")
    return found.merge(places, on=["workbook", "sheet", "row"], how="inner").reset_index(drop=True)


def _matched(filings: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """For each filing its number in the last run, -1 for none."""
    known = pd.Series(-1, index=filings.index)
    used = pd.Series(False, index=before.index)
    for columns in (
        ["workbook", "filing_key", "twin"],
        ["filing_key", "twin"],
        ["workbook", "filing_no"],
        ["filing_no"],
    ):
        left = filings[(known < 0) & (filings[columns[-2] if "twin" in columns else "filing_no"] != "")]
        right = before[~used & (before[columns[-2] if "twin" in columns else "filing_no"] != "")]
        # A number that stands twice proves nothing.
        left, right = left.drop_duplicates(columns, keep=False), right.drop_duplicates(columns, keep=False)
        pairs = left.assign(now=left.index).merge(right.assign(then=right.index), on=columns)
        known[pairs["now"]] = pairs["then"].to_numpy()
        used[pairs["then"]] = True
    return known


def _fixed(now: pd.DataFrame, then: pd.DataFrame, known: pd.Series) -> pd.DataFrame:
    """Findings of the last run whose filing is here and whose rule no longer fails.

    A cell that was only emptied is not mended: a finding of the sheet itself (reason 0) on it stands instead.
    """
    back = pd.Series(known.index, index=known.to_numpy())
    back = back[back.index >= 0]
    gone = then[then["filing"].isin(back.index)].copy()
    gone["now"] = back.loc[gone["filing"]].to_numpy() if len(gone) else np.empty(0, dtype=np.int64)
    failing = set(zip(now["filing"].tolist(), now["rule"].tolist(), strict=True))
    emptied = now[(now["reason"] == 0) & (now["change"] != UNCHANGED)]
    blank = {
        (filing, key)
        for filing, keys in zip(emptied["filing"].tolist(), emptied["columns"].tolist(), strict=True)
        for key in keys.split(";")
    }
    mended = [
        (filing, rule) not in failing and not any((filing, key) in blank for key in keys.split(";"))
        for filing, rule, keys in zip(
            gone["now"].tolist(), gone["rule"].tolist(), gone["columns"].tolist(), strict=True
        )
    ]
    return gone[np.array(mended, dtype=bool)].assign(change=FIXED)


def _per_filing(now: pd.DataFrame, fixed: pd.DataFrame, known: pd.Series) -> pd.Series:
    parts = pd.concat(
        [
            now[["filing", "change"]],
            fixed.drop(columns="filing").rename(columns={"now": "filing"})[["filing", "change"]],
        ]
    )
    counts = pd.crosstab(parts["filing"], parts["change"]).reindex(
        columns=[FIXED, NEW, REGRESSED, UNCHANGED], fill_value=0
    )
    texts = pd.Series("", index=known.index, dtype="str")
    for code in counts.columns:
        some = counts.index[counts[code] > 0]
        piece = pd.Series(code + ":", index=some) + counts.loc[some, code].astype("str")
        texts.loc[some] = texts.loc[some].where(texts.loc[some] == "", texts.loc[some] + ";") + piece
    texts[known < 0] = NEW_FILING
    return texts.set_axis(known.index)
