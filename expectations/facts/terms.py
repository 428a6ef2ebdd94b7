"""Words that say what a site is about, found in free text without being fooled by what contains or denies them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pandas as pd

from expectations.facts.people import per_value
from expectations.rows import Filings, derived

_SENTENCE_END = "[^。;!?\n]"
_DENIED = (
    r"(?:不涉及?|不含|不包含|不包括|不从事|不提供|不销售|不做|不经营|不属于|不存在|不开设|不设|没有|未涉及|并非|禁止|严禁|无任何"
    rf"|[无非](?:商业|经营|营利|盈利|企业|公司)|无[^,。;!?]{{1,8}}(?:功能|内容|业务)){_SENTENCE_END}*|与[^,。;]*无关"
)
"""From a denial to the end of its sentence: 不涉及企业、产品 is no site about products."""


def undenied(texts: pd.Series) -> pd.Series:
    """Free text without the parts that deny something."""
    return texts.str.replace(_DENIED, "", regex=True)


def terms(rows: Filings, *kinds: str) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """Terms of the content table with what excuses them: nationwide, and by province."""
    nationwide: dict[str, str] = {}
    provincial: dict[str, dict[str, str]] = {}
    for row in rows.basis.reference.table("content_terms"):
        if row["kind"] in kinds:
            if not row["provinces"]:
                nationwide[row["term"]] = row["unless"]
            for province in filter(None, row["provinces"].split(";")):
                provincial.setdefault(province, {})[row["term"]] = row["unless"]
    return nationwide, provincial


def found(texts: pd.Series, wanted: Iterable[tuple[str, str]]) -> pd.Series:
    """The terms each text holds, joined by ``、``.

    Args:
        texts: to search; case is ignored.
        wanted: pairs of a term and the words around it that mean something else, joined by ``|``
            (基金 is not meant by 基金会).
    """
    excused = dict(wanted)
    result = pd.Series("", index=texts.index, dtype="str")
    if not excused:
        return result
    maybe = texts.str.contains("|".join(map(re.escape, excused)), case=False).to_numpy(dtype=bool)
    if not maybe.any():
        return result
    others = {word for words in excused.values() for word in words.split("|") if word} - excused.keys()
    # The longest first: 基金管理 is found as itself, 基金会 is passed over as a whole.
    every = sorted({*excused, *others}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, every)), re.IGNORECASE)
    known = {term.casefold(): term for term in excused}

    def one(text: str) -> str:
        hits = (known.get(hit.casefold()) for hit in pattern.findall(text))
        return "、".join(dict.fromkeys(hit for hit in hits if hit))

    result[maybe] = per_value(texts[maybe], one)
    return result


def found_in_province(
    texts: pd.Series, provinces: pd.Series, nationwide: dict[str, str], provincial: dict[str, dict[str, str]]
) -> pd.Series:
    """As :func:`found`, with the terms of each filing's province among the nationwide ones."""
    result = found(texts, nationwide.items())
    for province, own in provincial.items():
        here = (provinces == province).to_numpy(dtype=bool)
        if here.any():
            # A province's own word counts even where it excuses a nationwide one (基金会).
            more = found(texts[here], own.items())
            joined = result[here] + "、" + more
            result[here] = joined.str.strip("、")
    return result


DESCRIPTIONS = ("site_description", "site_remark")
"""Where a filer says in words what the site is about."""


def described(kind: str, key: str) -> str:
    """The derived column with the words of ``kind`` found, and not denied, in the description ``key``."""
    return f"{key}.{kind}"


def _words_of(kind: str, key: str) -> Callable[[Filings], pd.Series]:
    def words(rows: Filings) -> pd.Series:
        return found_in_province(undenied(rows[key]), rows["province"], *terms(rows, kind))

    return words


for _kind in ("forum", "forum_offered", "industry", "industry_hint", "shop", "education", "health"):
    for _key in DESCRIPTIONS:
        derived(described(_kind, _key))(_words_of(_kind, _key))


def each_once(cells: list[pd.Series]) -> pd.Series:
    """The words of several columns, each once."""
    joined = cells[0].str.cat(cells[1:], sep="、") if len(cells) > 1 else cells[0]
    return per_value(joined, lambda text: "、".join(dict.fromkeys(filter(None, text.split("、")))))
