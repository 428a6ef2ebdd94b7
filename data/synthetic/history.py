"""An invented history of any number of nights and filings, to explore without having lived through it.

    python -m data.synthetic.history --nights 90 --filings 400 --out data/history

Senders differ in care and learn; who was rejected comes back after some days, mostly mended; half way
the rules become stricter, and later a table changes. The same seed gives the same history.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from expectations.catalogue import of_reason
from expectations.filing import choices
from expectations.reasons import REASONS
from flows.steps.history import append, compact
from flows.steps.history.record import dated
from flows.steps.history.store import SCHEMA, TABLES

PROVINCES = (
    "广东",
    "北京",
    "浙江",
    "上海",
    "江苏",
    "四川",
    "山东",
    "福建",
    "湖北",
    "河南",
    "安徽",
    "陕西",
    "吉林",
    "新疆",
)
SENDERS = (
    "示例代理甲",
    "示例代理乙",
    "示例网络科技公司",
    "样拟云服务",
    "拟构数据中心",
    "演示信息工作室",
    "提交人 示例a1",
    "未填",
)
_PROVINCE_WEIGHTS = 1 / np.arange(2, len(PROVINCES) + 2)
_CARE = np.array([1.0, 0.6, 1.4, 0.8, 0.5, 2.0, 2.6, 1.6])
"""How often each sender errs, against the average."""
_REASON_RATE = np.array([0.020, 0.012, 0.035, 0.020, 0.006, 0.028, 0.020, 0.045, 0.014, 0.030, 0.016])
"""How often each reason rejects a filing, from reason 0 on."""
_UNCHECKED = np.array([0, 0.22, 0.02, 0.03, 0.30, 0.12, 0.08, 0.02, 0.65, 0.02, 0.18])
_STEPS = {"read": 0.004, "join": 0.0003, "judge": 0.0006, "report": 0.005}
"""Seconds per filing."""


@dataclass
class Pool:
    """Filings that were rejected and come back, by the night they do."""

    waiting: dict[int, list[dict[str, np.ndarray]]] = field(default_factory=dict)

    def put(self, night: int, filings: dict[str, np.ndarray]) -> None:
        if len(filings["filing"]):
            self.waiting.setdefault(night, []).append(filings)

    def take(self, night: int, most: int) -> dict[str, np.ndarray] | None:
        parts = self.waiting.pop(night, [])
        if not parts:
            return None
        return {name: np.concatenate([part[name] for part in parts])[:most] for name in parts[0]}


class Invented:
    """One night after the other, each of ``size`` filings."""

    def __init__(self, folder: Path, nights: int, size: int, last: date, seed: int, weekend: float) -> None:
        self.folder, self.nights, self.size, self.last, self.weekend = folder, nights, size, last, weekend
        self.random = np.random.default_rng(seed)
        self.pool = Pool()
        self.types = [choice.value for choice in choices()["filing_type"]]
        self.natures = [choice.value for choice in choices()["subject_nature"]]
        self.rules = [[rule.id for rule in of_reason(reason.number)] for reason in REASONS]
        self.columns = {rule.id: rule.columns[:1] for reason in REASONS for rule in of_reason(reason.number)}

    def write(self) -> None:
        for night in range(self.nights):
            self.night(night)
        compact(self.folder, self.last, grace=0)

    def night(self, number: int) -> None:
        day = self.last - timedelta(days=self.nights - 1 - number)
        size = self.size if day.weekday() < 5 else round(self.size * self.weekend)
        size = max(1, round(size * self.random.uniform(0.85, 1.15))) if self.size >= 50 else self.size
        back = self.pool.take(number, size // 2)
        fresh = self._fresh(size - (len(back["filing"]) if back else 0), number)
        tonight = {name: np.concatenate([back[name], fresh[name]]) for name in fresh} if back else fresh
        wrong = tonight["wrong"]
        states = np.where(wrong, "e", np.where(tonight["doubt"], "w", np.where(tonight["unknown"], "u", "p")))
        verdict = np.where(wrong.any(axis=1), "rejected", np.where(tonight["doubt"].any(axis=1), "review", "ready"))
        self._record(day, number, tonight, states, verdict)
        self._send_back(number, tonight, verdict == "rejected")

    def _fresh(self, size: int, night: int) -> dict[str, np.ndarray]:
        chance = self.random
        sender = chance.choice(len(SENDERS), size, p=_CARE[::-1] / _CARE.sum())
        province = chance.choice(len(PROVINCES), size, p=_PROVINCE_WEIGHTS / _PROVINCE_WEIGHTS.sum())
        learnt = 1.15 - 0.45 * night / max(1, self.nights)
        rate = _REASON_RATE * np.ones((size, 1)) * _CARE[sender][:, None] * learnt
        rate[:, 3] *= np.where(province % 5 == 0, 2.5, 0.7)
        rate[:, 8] *= np.where(province % 4 == 1, 3.0, 0.5)
        if night >= self.nights // 2:
            rate[:, 7] *= 1.8  # the stricter rule
        number = chance.integers(-(2**63), 2**63 - 1, size)
        wrong = chance.random((size, len(REASONS))) < rate
        return {
            "filing": number,
            "content": number ^ 1,
            "sender": sender,
            "province": province,
            "nature": np.where(chance.random(size) < 0.3, self.natures.index("个人"), self.natures.index("企业")),
            "filing_type": np.minimum(chance.geometric(0.55, size) - 1, len(self.types) - 1),
            "wrong": wrong,
            "doubt": chance.random((size, len(REASONS))) < 0.006,
            "unknown": (chance.random((size, len(REASONS))) < _UNCHECKED) & ~wrong,
            "before": np.full(size, -1),
            "fixed": np.zeros(size, int),
        }

    def _send_back(self, night: int, filings: dict[str, np.ndarray], rejected: np.ndarray) -> None:
        """Of those rejected three in four come back, after one to ten days, with four of five reasons mended;
        a few of the others, too, in a workbook that is sent once more."""
        chance = self.random
        back = np.flatnonzero(chance.random(len(rejected)) < np.where(rejected, 0.75, 0.05))
        delay = np.minimum(chance.geometric(0.3, len(back)), 10)
        mended = chance.random((len(back), len(REASONS))) < 0.8
        mended &= chance.random((len(back), 1)) < 0.93  # the others send the same again
        for days in np.unique(delay):
            some = back[delay == days]
            part = {name: values[some] for name, values in filings.items()}
            now = part["wrong"] & ~mended[delay == days]
            part["fixed"] = (part["wrong"] & ~now).sum(axis=1)
            edited = (part["fixed"] > 0) & (chance.random(len(some)) < 0.96)  # else the register changed
            part["content"] = np.where(edited, chance.integers(-(2**63), 2**63 - 1, len(some)), part["content"])
            if night < self.nights // 2 <= night + days:
                now[:, 7] |= chance.random(len(some)) < 0.2  # the stricter rule finds what nobody changed
            part["before"] = (part["wrong"] & now).sum(axis=1)
            part["wrong"] = now
            self.pool.put(night + int(days), part)

    def _record(
        self, day: date, night: int, filings: dict[str, np.ndarray], states: np.ndarray, verdict: np.ndarray
    ) -> None:
        size = len(verdict)
        joined = states[:, 0]
        for column in range(1, len(REASONS)):
            joined = np.char.add(joined, states[:, column])
        who = {
            "province": np.array(PROVINCES)[filings["province"]],
            "nature": np.array(self.natures)[filings["nature"]],
            "filing_type": np.array(self.types)[filings["filing_type"]],
            "sender": np.array(SENDERS)[filings["sender"]],
        }
        table = {
            "filing": filings["filing"],
            "content": filings["content"],
            **who,
            "verdict": verdict,
            "states": joined,
        }
        change = self._change(filings)
        at, reason = np.nonzero(np.isin(states, ("e", "w")))
        serial = (filings["filing"][at] % 97) ** 2 // 900  # low ones more often
        rule = np.array(
            [self.rules[kind][one % len(self.rules[kind])] for kind, one in zip(reason, serial, strict=True)]
        )
        found = {
            "filing": filings["filing"][at],
            **{name: values[at] for name, values in who.items()},
            "reason": reason.astype(np.int8),
            "rule": rule,
            "severity": np.where(states[at, reason] == "e", "error", "warning"),
            "columns": np.array([";".join(self.columns[one]) for one in rule.tolist()], dtype=str),
            "change": np.where(filings["before"][at] < 0, "new_filing", "unchanged"),
        }
        seconds = {step: round(each * size * float(self.random.uniform(0.8, 1.3)), 2) for step, each in _STEPS.items()}
        run = {
            "schema": SCHEMA, "run_date": day, "run_key": f"invented{night}", "generation": 0,
            "fingerprint": f"{night}-{size}", "rules": "1" if night < self.nights // 2 else "2",
            "reference": "1" if night < self.nights * 3 // 4 else "2", "versions": "{}",
            "seconds": json.dumps(seconds), "judged": 1 + size // 500, "refused": int(self.random.random() < 0.1),
            "skipped": 0, "filings": size,
        }  # fmt: skip
        tables = {
            "filings": pa.table({**table, "change": pa.array(change)}),
            "findings": pa.table(found),
        }
        dates = {name: dated(content, day, run["run_key"]) for name, content in tables.items()}
        append(self.folder, day, run["run_key"], {"run": pa.Table.from_pylist([run], TABLES["run"]), **dates})

    def _change(self, filings: dict[str, np.ndarray]) -> list[str]:
        texts = []
        for before, fixed, wrong in zip(
            filings["before"].tolist(), filings["fixed"].tolist(), filings["wrong"].sum(axis=1).tolist(), strict=True
        ):
            parts = {"fixed": fixed, "new": wrong - before, "unchanged": before}
            texts.append("new_filing" if before < 0 else ";".join(f"{name}:{n}" for name, n in parts.items() if n))
        return texts


def invent(
    folder: Path,
    nights: int = 90,
    filings: int = 400,
    last: date = date(2026, 1, 15),
    seed: int = 1,
    weekend: float = 0.3,
) -> None:
    """Write a history of ``nights`` ending on ``last``: about ``filings`` on working days, times ``weekend`` else."""
    Invented(folder, nights, filings, last, seed, weekend).write()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nights", type=int, default=90)
    parser.add_argument("--filings", type=int, default=400, help="on a working day")
    parser.add_argument("--last", type=date.fromisoformat, default=date(2026, 1, 15), help="the last night")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("data/history"))
    options = parser.parse_args()
    invent(options.out, options.nights, options.filings, options.last, options.seed)
    print(options.out)


if __name__ == "__main__":
    main()
