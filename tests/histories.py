"""Nights put into a history by hand, and everything a history answers."""

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pyarrow as pa

from flows.steps.history import History, Part, queries, record, store

DAY = date(2026, 1, 5)
PASS = "p" * 11


def summary(day: date = DAY, rules: str = "1", reference: str = "1") -> dict:
    return {
        "as_of": day.isoformat(),
        "fingerprints": {"rules": rules, "reference": reference},
        "versions": {"icp-preflight": "0"},
        "seconds": {"read": 1.0},
        "workbooks": [{"status": "judged"}, {"status": "refused"}],
    }


def part(*filings: dict) -> Part:
    """Filings by ``filing`` (a number) and the reasons they fail; a finding for each."""
    rows, findings = [], []
    for filing in filings:
        who = {"province": "广东", "nature": "企业", "filing_type": "首次备案", "sender": "示例代理甲"}
        who |= {name: value for name, value in filing.items() if name in who}
        fails = filing.get("fails", ())
        states = "".join("e" if number in fails else filing.get("states", PASS)[number] for number in range(11))
        verdict = "rejected" if fails else "ready"
        rows.append({"filing": filing["filing"], "content": filing.get("content", 1), **who}
                    | {"verdict": verdict, "states": states, "change": filing.get("change", "")})  # fmt: skip
        findings += [
            {"filing": filing["filing"], **who, "reason": number, "rule": f"ICP{number:02d}01", "severity": "error",
             "columns": "site_name", "change": ""}
            for number in fails
        ]  # fmt: skip
    tables = []
    for name, content in (("filings", rows), ("findings", findings)):
        names = [field.name for field in store.TABLES[name] if field.name not in ("run_date", "run_key")]
        undated = pa.schema([store.TABLES[name].field(column) for column in names])
        tables.append(pa.Table.from_pylist(content, undated))
    return Part(*tables)


def night(folder: Path, offset: int, *filings: dict, key: str = "", **how: str) -> str:
    return record(folder, summary(DAY + timedelta(days=offset), **how), [part(*filings)], key)


def days(history: History) -> list[tuple]:
    table = queries.nights(history)
    return list(zip(table["run_date"].dt.day, table["filings"], table["rejected"], strict=True))


def answers(folder: Path, since: date | None = None) -> dict[str, pd.DataFrame]:
    history = History(folder, since)
    found = {name: getattr(queries, name)(history) for name in
             ("nights", "reasons", "reasons_over_time", "reasons_by_province", "rules", "days_to_fix", "repeated",
              "causes", "changes", "rule_changes", "seconds")}  # fmt: skip
    return found | {dimension: queries.by(history, dimension) for dimension in queries.DIMENSIONS}


def same(one: dict[str, pd.DataFrame], two: dict[str, pd.DataFrame]) -> None:
    for name in one:
        pd.testing.assert_frame_equal(one[name], two[name], obj=name)
