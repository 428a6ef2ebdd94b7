"""The charts of one run in depth."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from expectations.words import Words
from flows.steps.history import drawing
from flows.steps.history.drawing import AMBER, PALE, RED, WIDTH, look, nothing
from flows.steps.history.tables import HEADINGS, labelled


def states(reasons: pd.DataFrame, language: str = "zh") -> Any:
    """In how many filings each reason is wrong, doubtful or could not be judged; what is left of the width passes."""
    title = Words("各驳回原因的结果", "Results by reason")(language)
    if reasons.empty:
        return nothing(title, language)
    whole = int(reasons["filings"].max())
    bars = _stacked(labelled(reasons, language), "reason", ("error", "warning", "unchecked"), language, (0, whole))
    reading = Words(
        f"单位：份备案，共 {whole:,} 份；空白部分为通过", f"Filings, {whole:,} in all; what is left blank passes"
    )
    return look(bars, title, reading(language))


def columns(frame: pd.DataFrame, language: str = "zh", most: int = 15) -> Any:
    """The columns with most errors and warnings."""
    title = Words(f"问题最多的列（前 {most}）", f"Columns with most findings (first {most})")(language)
    if frame.empty:
        return nothing(title, language)
    bars = _stacked(frame.head(most), "column", ("error", "warning"), language)
    return look(bars, title, Words("单位：个问题", "In findings")(language))


def _stacked(
    frame: pd.DataFrame, name: str, states: tuple[str, ...], language: str, domain: tuple[int, int] | None = None
) -> Any:
    words = [HEADINGS[one](language) for one in states]
    long = frame.melt(name, list(states), "severity", "count")
    long["rank"] = long["severity"].map({one: rank for rank, one in enumerate(states)})
    long["severity"] = long["severity"].map(dict(zip(states, words, strict=True)))
    scale = alt.Scale(domain=list(domain), nice=False) if domain else alt.Undefined
    bars = alt.Chart(long).encode(
        drawing.rows(name),
        alt.X("count:Q", axis=alt.Axis(tickMinStep=1), scale=scale),
        alt.Color("severity:N", scale=alt.Scale(domain=words, range=[RED, AMBER, PALE][: len(words)])),
        order=alt.Order("rank:O"),
        tooltip=[f"{name}:N", "severity:N", "count:Q"],
    )
    return bars.mark_bar().properties(width=WIDTH - 170, height={"step": 22})


def together(frame: pd.DataFrame, language: str = "zh", most: int = 12) -> Any:
    """Rules that fail in the same filings, the more the darker."""
    title = Words("常同时出现的规则", "Rules that fail together")(language)
    if frame.empty:
        return nothing(title, language)
    both = ["rule", "with_rule"]
    frame = frame[[*both, "together"]]
    frame = pd.concat([frame, frame.rename(columns=dict(zip(both, reversed(both), strict=True)))])
    top = frame.groupby("rule")["together"].sum().nlargest(most).index
    shown = labelled(frame[frame["rule"].isin(top) & frame["with_rule"].isin(top)], language)
    shown["label"] = shown["rule"] + " " + shown["title"]
    base = alt.Chart(shown).encode(
        alt.X("with_rule:N", axis=alt.Axis(labelAngle=-45, orient="top", domain=False, ticks=False)),
        alt.Y("label:N", axis=alt.Axis(domain=False, ticks=False)),
    )
    cells = base.mark_rect(stroke="white").encode(
        alt.Color("together:Q", scale=alt.Scale(range=["#eef4fb", "#8db8e3"], domainMin=0), legend=None),
        tooltip=["rule:N", "with_rule:N", "together:Q"],
    )
    texts = base.mark_text(fontSize=10, color="#222").encode(text="together:Q")
    chart = (cells + texts).properties(width={"step": 46}, height={"step": 24})
    return look(chart, title, Words("单位：份备案（两条都不通过）", "Filings that fail both")(language))
