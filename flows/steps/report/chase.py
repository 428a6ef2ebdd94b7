"""What each filer must supply, as a message to send."""

from __future__ import annotations

import pandas as pd

from expectations.catalogue import catalogue
from expectations.rule import Words
from flows.steps.report.masking import masked

ACTING = frozenset({"filer", "legal_representative", "registrar"})
"""Whose repairs go by the filer: the agent mends slips, the provider its own."""
_MOST_ITEMS = 15
_MOST_NAMES = 5

OPENING = Words(
    "{name}，您好！您提交的备案（{what}）经预检有 {count} 项需要补正：",
    "Dear {name}, the pre-check of your filing ({what}) found {count} item(s) to mend:",
)
MORE = Words("……另有 {count} 项，我们将另行说明。", "… and {count} more, which we shall explain separately.")
CLOSING = Words("请准备好以上内容后回复我们，谢谢！", "Please reply once these are ready. Thank you.")


def messages(findings: pd.DataFrame, language: str) -> pd.DataFrame:
    """One row per filer: name, filing numbers, domains, number of items, message. No identity number, no mobile.

    ``findings`` are the listed ones, with ``subject`` and ``domain``; the worst come first in a message.
    """
    part = findings[findings["owner"].isin(ACTING)]
    name = part["subject"].where(part["subject"] != "", part["filing_no"].fillna(""))
    titles = {rule.id: rule.title(language) for rule in catalogue().values()}
    rows: dict[str, tuple[dict[str, None], dict[str, None], dict[str, None]]] = {}
    colon = "：" if language == "zh" else ": "
    columns = (part[key].fillna("").tolist() for key in ("filing_no", "domain", "rule", "fix", "columns", "value"))
    for filer, number, domain, rule, fix, keys, value in zip(name.tolist(), *columns, strict=True):
        numbers, domains, items = rows.setdefault(filer, ({}, {}, {}))
        numbers[number] = domains[domain] = None
        items[f"{titles.get(rule, rule)}{colon}{masked(fix, keys, value)}"] = None
    lines = [
        (filer, _some(numbers), _some(domains), len(items), _message(filer, domains or numbers, list(items), language))
        for filer, (numbers, domains, items) in rows.items()
    ]
    return pd.DataFrame(lines, columns=["filer", "numbers", "domains", "items", "message"])


def _some(names: dict[str, None]) -> str:
    known = [name for name in names if name]
    return "、".join(known[:_MOST_NAMES]) + ("…" if len(known) > _MOST_NAMES else "")


def _message(filer: str, what: dict[str, None], items: list[str], language: str) -> str:
    name = filer or Words("备案人", "filer")(language)
    lines = [OPENING(language).format(name=name, what=_some(what), count=len(items))]
    lines += [f"{place}. {item}" for place, item in enumerate(items[:_MOST_ITEMS], start=1)]
    if len(items) > _MOST_ITEMS:
        lines.append(MORE(language).format(count=len(items) - _MOST_ITEMS))
    return "\n".join([*lines, CLOSING(language)])
