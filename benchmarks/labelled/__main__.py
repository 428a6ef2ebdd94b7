"""``python -m benchmarks.labelled --rows 20000``: recall of known defects and false alarms, reason by reason.

Half of the rows are faultless, a part of them by way of a workbook written and read again; the others
hold one known defect each. A few hundred more are judged against a register, and with pictures attached.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.labelled.measure import elsewhere, false_alarms, recall
from benchmarks.labelled.sets import judged_sets
from expectations.reasons import REASONS

_NOISY = 0.002


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        judged = judged_sets(arguments.rows, arguments.seed, Path(folder))
    found = recall(judged)
    clean, alarms = false_alarms(judged)
    errors = alarms[alarms["severity"] == "error"]
    print(f"{sum(len(part.rows) for part in judged)} filings: {len(found)} with one defect, {clean} faultless\n")
    print(_table(found, errors, clean).to_string(index=False))
    wrong = errors.drop_duplicates(["part", "position"])
    print(f"\nrecall {found['found'].mean():.4f}; false errors on {len(wrong) / clean:.3%} of the faultless filings")
    print("\nrules on faultless filings (errors, and warnings the facts do not demand, where not rare)")
    for (severity, rule), group in alarms.groupby(["severity", "rule"]):
        if severity == "error" or len(group) / clean > _NOISY:
            print(f"  {severity:8}{rule}  {len(group) / clean:.3%}  {group['kind'].value_counts().index[0]}")
    missed = found[found["found"].eq(False)].groupby(["reason", "kind"]).size()
    print("\nmissed\n" + (missed.to_string() if len(missed) else "  nothing"))
    more = elsewhere(judged)
    print("\nerrors of other reasons beside the defect\n" + (more.to_string() if len(more) else "  none"))


def _table(found: pd.DataFrame, errors: pd.DataFrame, clean: int) -> pd.DataFrame:
    rows = []
    for reason in REASONS:
        ours = found[found["reason"] == reason.number]
        wrong = errors[errors["reason"] == reason.number].drop_duplicates(["part", "position"])
        rows.append({
            "reason": f"{reason.number} {reason.en}", "kinds": ours["kind"].nunique(), "defects": len(ours),
            "recall": f"{ours['found'].mean():.4f}", "false errors": f"{len(wrong) / clean:.4%}",
        })  # fmt: skip
    return pd.DataFrame(rows)


if __name__ == "__main__":
    main()
