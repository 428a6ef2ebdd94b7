"""What each filer must supply, as a message to send."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import pandas as pd

from expectations.catalogue import catalogue
from expectations.rule import Words
from flows.steps.report.masking import masked

ACTING = frozenset({"filer", "legal_representative", "registrar"})
"""Whose repairs go by the filer: the agent mends slips, the provider its own."""
_BATCH = 2048
_MOST_ITEMS = 15
_MOST_NAMES = 5

OPENING = Words(
    "{name}，您好！您提交的备案（{what}）经预检有 {count} 项需要补正：",
    "Dear {name}, the pre-check of your filing ({what}) found {count} item(s) to mend:",
)
MORE = Words("……另有 {count} 项，我们将另行说明。", "… and {count} more, which we shall explain separately.")
CLOSING = Words("请准备好以上内容后回复我们，谢谢！", "Please reply once these are ready. Thank you.")


class Chase:
    """The messages of a report. ``findings`` are ranked, with ``subject`` and ``domain``."""

    def __init__(self, findings: pd.DataFrame, language: str) -> None:
        self._findings, self._language = findings, language
        acting = np.flatnonzero(findings["owner"].isin(ACTING))
        acting = acting[np.argsort(findings["line"].to_numpy()[acting])]
        number, subject = findings["filing_no"].take(acting).fillna(""), findings["subject"].take(acting)
        codes, self._filers = pd.factorize(subject.where(subject != "", number))
        order = np.argsort(codes, kind="stable")
        self._codes, self._order = codes[order], acting[order]

    def __len__(self) -> int:
        return len(self._filers)

    def __iter__(self) -> Iterator[tuple[str, str, str, int, str]]:
        """For each filer: name, filing numbers, domains, number of items, message. No identity number, no mobile.

        The filer with the worst comes first, and the worst come first in a message.
        """
        titles = {rule.id: rule.title(self._language) for rule in catalogue().values()}
        colon = "：" if self._language == "zh" else ": "
        for code, lines in groupby(self._lines(), key=itemgetter(0)):
            numbers, domains, items = dict[str, None](), dict[str, None](), dict[str, None]()
            for _, number, domain, rule, fix, keys, value in lines:
                numbers[number] = domains[domain] = None
                items[f"{titles.get(rule, rule)}{colon}{masked(fix, keys, value)}"] = None
            filer = self._filers[code]
            message = _message(filer, _some(domains) or _some(numbers), list(items), self._language)
            yield filer, _some(numbers), _some(domains), len(items), message

    def _lines(self) -> Iterator[tuple[Any, ...]]:
        names = ("filing_no", "domain", "rule", "fix", "columns", "value")
        for start in range(0, len(self._order), _BATCH):
            batch = self._findings.take(self._order[start : start + _BATCH])
            told = (batch[name].fillna("").tolist() for name in names)
            yield from zip(self._codes[start : start + _BATCH].tolist(), *told, strict=True)


def _some(names: dict[str, None]) -> str:
    known = [name for name in names if name]
    return "、".join(known[:_MOST_NAMES]) + ("…" if len(known) > _MOST_NAMES else "")


def _message(filer: str, what: str, items: list[str], language: str) -> str:
    name = filer or Words("备案人", "filer")(language)
    lines = [OPENING(language).format(name=name, what=what, count=len(items))]
    lines += [f"{place}. {item}" for place, item in enumerate(items[:_MOST_ITEMS], start=1)]
    if len(items) > _MOST_ITEMS:
        lines.append(MORE(language).format(count=len(items) - _MOST_ITEMS))
    return "\n".join([*lines, CLOSING(language)])
