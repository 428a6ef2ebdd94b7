"""What became of each finding since the last run: mended, new, still there, back again.

A filing is known again by ``filing_key`` (a keyed digest of subject and domain), or, where somebody
mended the subject's number or the domain itself, by its filing number. A finding is a rule of a filing.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from expectations.reasons import REASONS

FIXED, NEW, UNCHANGED, REGRESSED, NEW_FILING = "fixed", "new", "unchanged", "regressed", "new_filing"
"""Codes of the column ``change``: 已修复, 新增, 仍未改, 回退, 新行."""

WHERE = ("workbook", "sheet", "row", "filing_no", "filing_key")
FINDING = (*WHERE, "reason", "rule", "columns")
VERDICT = (*WHERE, *(f"reason_{reason.number}" for reason in REASONS))
"""Columns compared, of findings and of verdicts."""


@dataclass(frozen=True)
class Changes:
    """Findings and verdicts with ``change``, verdicts with ``mended`` for the next run, and what is fixed.

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
) -> Changes:
    """Compare a run with the one before; what is given keeps its order.

    ``previous_verdicts`` may have ``mended``: rules (joined by ``;``) that failed earlier and did not in that run.
    """
    filings, earlier = _filings(verdicts), _filings(previous_verdicts)
    known = _matched(filings, earlier)
    now, then = _numbered(findings, filings), _numbered(previous_findings, earlier)
    then["filing"] = _turned(known).reindex(then["filing"]).to_numpy()  # numbered as the filings of this run
    then = then.dropna(subset="filing").astype({"filing": "int64"})
    once = _pairs(earlier["mended"], known)
    now["change"] = _of_findings(now, then, known, once)
    fixed = _fixed(now, then, verdicts)
    mended = pd.concat([once, fixed[["filing", "rule"]]]).drop_duplicates()
    mended = mended[~_within(mended, now)].sort_values(["filing", "rule"])
    marked = verdicts.assign(
        change=_of_filings(now, fixed, known).array,
        mended=mended.groupby("filing")["rule"].agg(";".join).reindex(known.index, fill_value="").astype("str").array,
    )
    counts = now["change"].value_counts().to_dict() | {FIXED: len(fixed), NEW_FILING: int((known < 0).sum())}
    return Changes(
        now.drop(columns="filing"),
        marked,
        fixed.drop(columns="filing"),
        {str(code): int(count) for code, count in counts.items() if count},
    )


def _filings(verdicts: pd.DataFrame) -> pd.DataFrame:
    """The filings by number."""
    table = verdicts.reindex(columns=[*WHERE, "mended"], fill_value="").reset_index(drop=True)
    return table.fillna({"filing_no": "", "filing_key": "", "mended": ""})


def _numbered(findings: pd.DataFrame, filings: pd.DataFrame) -> pd.DataFrame:
    places = filings[["workbook", "sheet", "row"]].assign(filing=filings.index)
    found = findings.drop(columns=["change"], errors="ignore")
    return found.merge(places, on=["workbook", "sheet", "row"], how="inner").reset_index(drop=True)


def _matched(filings: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """For each filing its number in the last run, -1 for none."""
    known = pd.Series(-1, index=filings.index)
    used = pd.Series(False, index=before.index)
    for columns in (["workbook", "filing_key"], ["filing_key"], ["workbook", "filing_no"], ["filing_no"]):
        name = columns[-1]
        left, right = filings[(known < 0) & (filings[name] != "")], before[~used & (before[name] != "")]
        if name == "filing_key":  # filings of one subject and domain are told apart by their order
            left, right = (side.assign(twin=side.groupby(columns).cumcount()) for side in (left, right))
        else:  # a number that stands twice proves nothing
            left, right = (side.drop_duplicates(columns, keep=False).assign(twin=0) for side in (left, right))
        pairs = left.assign(now=left.index).merge(right.assign(then=right.index), on=[*columns, "twin"])
        known[pairs["now"]] = pairs["then"].to_numpy()
        used[pairs["then"]] = True
    return known


def _turned(known: pd.Series) -> pd.Series:
    """For each filing of the last run that is here its number now."""
    here = known[known >= 0]
    return pd.Series(here.index, index=here.to_numpy())


def _pairs(mended: pd.Series, known: pd.Series) -> pd.DataFrame:
    """The filings of this run with each rule that was mended before."""
    rules = mended.reindex(known).set_axis(known.index).fillna("")
    rules = rules[rules != ""].astype("str").str.split(";").explode()
    return pd.DataFrame({"filing": rules.index, "rule": rules.astype("str").to_numpy()}).astype({"filing": "int64"})


def _within(pairs: pd.DataFrame, others: pd.DataFrame) -> pd.Series:
    """Whether the filing and rule of each line are also among ``others``."""
    names = ["filing", "rule"]
    places = pd.MultiIndex.from_frame(pairs[names]).isin(pd.MultiIndex.from_frame(others[names]))
    return pd.Series(places, index=pairs.index, dtype=bool)


def _of_findings(now: pd.DataFrame, then: pd.DataFrame, known: pd.Series, once: pd.DataFrame) -> pd.Series:
    change = pd.Series(NEW, index=now.index, dtype="str")
    change[_within(now, once)] = REGRESSED
    change[_within(now, then)] = UNCHANGED
    change[(known.reindex(now["filing"]) < 0).to_numpy()] = NEW_FILING
    return change


def _fixed(now: pd.DataFrame, then: pd.DataFrame, verdicts: pd.DataFrame) -> pd.DataFrame:
    """Findings of the last run whose filing is here and whose rule no longer fails.

    A cell that was only emptied is not mended: a finding of the sheet itself (reason 0) on it stands instead.
    Nor is what could not be checked this time.
    """
    emptied = now[(now["reason"] == 0) & (now["change"] != UNCHANGED)]
    blank = {
        (filing, key)
        for filing, keys in zip(emptied["filing"].tolist(), emptied["columns"].tolist(), strict=True)
        for key in keys.split(";")
    }
    gone = then[~_within(then, now)]
    unchecked = _unchecked(gone, verdicts)
    mended = [
        not unknown and not any((filing, key) in blank for key in keys.split(";"))
        for filing, keys, unknown in zip(gone["filing"].tolist(), gone["columns"].tolist(), unchecked, strict=True)
    ]
    return gone[pd.Series(mended, index=gone.index, dtype=bool)].assign(change=FIXED)


def _unchecked(findings: pd.DataFrame, verdicts: pd.DataFrame) -> list[bool]:
    """Whether the reason of each finding could not be checked this time."""
    unchecked = pd.Series(False, index=findings.index)
    for reason, group in findings.groupby("reason"):
        if f"reason_{reason}" in verdicts:
            states = verdicts[f"reason_{reason}"].to_numpy()[group["filing"].to_numpy()]
            unchecked[group.index] = states == "unchecked"
    return unchecked.tolist()


def _of_filings(now: pd.DataFrame, fixed: pd.DataFrame, known: pd.Series) -> pd.Series:
    parts = pd.concat([now[["filing", "change"]], fixed[["filing", "change"]]])
    counts = pd.crosstab(parts["filing"], parts["change"])
    texts = pd.Series("", index=known.index, dtype="str")
    for code in (FIXED, NEW, REGRESSED, UNCHANGED):
        some = counts.index[counts[code] > 0] if code in counts else counts.index[:0]
        piece = pd.Series(code + ":", index=some) + counts.loc[some, code].astype("str") if len(some) else ""
        texts.loc[some] = texts.loc[some].where(texts.loc[some] == "", texts.loc[some] + ";") + piece
    texts[known < 0] = NEW_FILING
    return texts
