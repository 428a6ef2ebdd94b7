"""Which filing type the facts on file call for: the decision table, row by row.

A review system decides the type by five questions: is the subject filed, is it filed with this access
provider, is the domain filed, here, and by the same subject? The first row of :data:`DECISIONS` that
fits answers. Source: Aliyun ICP docs 2019-09, 验证备案类型, 验证备案类型FAQ, 接入备案FAQ, 注销备案, 备案域名FAQ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from expectations.filing import NO, YES
from expectations.words import Words

FIRST = "首次备案"
NEW_SITE = "新增网站"
NEW_SITE_HERE = "新增网站（原备案在本接入商）"
NEW_SITE_ELSEWHERE = "新增网站（原备案不在本接入商）"
ACCESS = "接入备案"
CHANGE = "变更备案"
NEW_SITES = (NEW_SITE, NEW_SITE_HERE, NEW_SITE_ELSEWHERE)
ADDING = (FIRST, *NEW_SITES, ACCESS)
"""Types that bring something new on file; the table tells them apart."""
CLOSING = ("注销主体", "注销网站", "取消接入")
OUTSIDE = (*CLOSING, "认领备案", "导入备案")
"""Types that do not go through the review this product prepares for."""

NONE = "无"
"""Looked up and not found; blank means that nobody could look."""
OWN = "本主体"
"""Whose an ICP number is, if it is the filing's own."""
FILED, PENDING, CANCELLED = "已备案", "审核中", "已注销"
STATUSES = (FILED, PENDING, CANCELLED)
SUBJECT, DOMAIN = "主体", "域名"
"""What an order is open on."""

BLOCKED = "受阻"
NOTHING_NEW = "无新增内容"
"""Answers that are no type: something else has to happen first, or nothing at all."""

_FREE = (NONE, CANCELLED)


@dataclass(frozen=True)
class Decision:
    """A row of the table: where the facts have one of these values, this is the answer, and why."""

    answer: str
    when: Mapping[str, tuple[str, ...]]
    why: Words


DECISIONS: tuple[Decision, ...] = (
    Decision(
        BLOCKED,
        {"order_open": (SUBJECT, DOMAIN, f"{SUBJECT};{DOMAIN}")},
        Words("该证件或域名有进行中的订单", "an order is open on the certificate or the domain"),
    ),
    Decision(
        BLOCKED,
        {"domain": (FILED,), "same_subject": (NO,)},
        Words("该域名已由其他主体备案", "another subject has filed the domain"),
    ),
    Decision(
        BLOCKED,
        {"subject_old_number_certain": (YES,)},
        Words("该主体以另一证件号码备案", "the subject is filed under another certificate"),
    ),
    Decision(
        BLOCKED,
        {"subject": (FILED,), "subject_sites_left": (NO,), "domain": _FREE},
        Words("该主体名下已没有网站，属空壳主体", "the subject has no site left"),
    ),
    Decision(
        FIRST,
        {"subject": _FREE, "domain": _FREE},
        Words("该主体和域名都没有备案", "neither the subject nor the domain is filed"),
    ),
    Decision(
        NEW_SITE_HERE,
        {"subject": (FILED,), "subject_here": (YES,), "domain": _FREE},
        Words("该主体已在本接入商备案，域名没有备案", "the subject is filed with this provider, the domain is not"),
    ),
    Decision(
        NEW_SITE_ELSEWHERE,
        {"subject": (FILED,), "subject_here": (NO,), "domain": _FREE},
        Words("该主体已在其他接入商备案，域名没有备案", "the subject is filed elsewhere, the domain is not"),
    ),
    Decision(
        NEW_SITE,
        {"subject": (FILED,), "domain": _FREE},
        Words("该主体已备案，域名没有备案", "the subject is filed, the domain is not"),
    ),
    Decision(
        NOTHING_NEW,
        {"subject": (FILED,), "domain": (FILED,), "same_subject": (YES,), "domain_here": (YES,)},
        Words("该主体和域名都已在本接入商备案", "both the subject and the domain are filed with this provider"),
    ),
    Decision(
        ACCESS,
        {"subject": (FILED,), "domain": (FILED,), "same_subject": (YES,), "domain_here": (NO,)},
        Words(
            "该主体已为此域名在其他接入商备案，属新增接入或继续接入",
            "the subject has filed this domain elsewhere; access is added here",
        ),
    ),
)

FACTS = tuple(dict.fromkeys(name for decision in DECISIONS for name in decision.when))
"""The facts the table reads."""


def decide(fact: Callable[[str], pd.Series]) -> np.ndarray:
    """The number of the first row of the table that fits each filing, -1 where none does (a fact is unknown).

    Args:
        fact: gives the column of a fact by its name, as in the register's columns without ``register.``.
    """
    columns = {name: fact(name) for name in FACTS}
    size = len(columns["subject"])
    answers = np.full(size, -1)
    for number, decision in reversed(list(enumerate(DECISIONS))):
        fits = np.ones(size, dtype=bool)
        for name, values in decision.when.items():
            fits &= columns[name].isin(values).to_numpy(dtype=bool)
        answers[fits] = number
    return answers


def answer(decided: np.ndarray) -> np.ndarray:
    """The answers of :func:`decide` as text, ``""`` for none."""
    return np.array([decision.answer for decision in DECISIONS] + [""], dtype=object)[decided]


def why(decided: np.ndarray, language: str) -> np.ndarray:
    """The grounds of :func:`decide` in words, ``""`` for none."""
    return np.array([decision.why(language) for decision in DECISIONS] + [""], dtype=object)[decided]


def agrees(declared: pd.Series, derived: pd.Series) -> pd.Series:
    """Whether a declared type is the derived one; the plain 新增网站 agrees with both of its kinds."""
    either = (declared == NEW_SITE) | (derived == NEW_SITE)
    return (declared == derived) | (either & declared.isin(NEW_SITES) & derived.isin(NEW_SITES))
