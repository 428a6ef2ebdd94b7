"""The charts of a history, for the notebooks and the page: Altair, made of the answers as they are."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from expectations.reasons import REASONS
from expectations.words import Words
from flows.steps.history import drawing
from flows.steps.history.drawing import AMBER, BLUE, GREEN, GREY, RED, SOFT, WIDTH, look, nothing
from flows.steps.history.tables import CODES, HEADINGS, labelled, reason_label

_MANY = 120
"""Nights from which a chart has no mark of its own for each."""
FEW = 20
"""Submissions below which a share says little."""
_PERIOD = {"day": "night", "week": "week"}
_PER_CENT = alt.Axis(format="%")


def verdicts(nights: pd.DataFrame, language: str = "zh") -> Any:
    """Submissions by verdict, stacked: per night, or per week where there are many."""
    every = _every(nights)
    title = Words(
        {"day": "每晚提交数与结论", "week": "每周提交数与结论"}[every], f"Submissions per {_PERIOD[every]} by verdict"
    )(language)
    if nights.empty:
        return nothing(title, language)
    names = {name: HEADINGS[name](language) for name in ("rejected", "review", "ready")}
    long = _over(nights, list(names), every).melt("run_date", list(names), "verdict", "count")
    long["verdict"] = long["verdict"].map(names)
    chart = drawing.stacked(long, every, list(names.values()), [RED, AMBER, GREEN], "verdict")
    return look(chart, title, Words("单位：份提交", "In submissions")(language))


def _every(nights: pd.DataFrame) -> str:
    return "week" if len(nights) > _MANY else "day"


def _over(nights: pd.DataFrame, names: list[str], every: str) -> pd.DataFrame:
    """Added up by week (from its Monday) where asked for."""
    frame = nights[["run_date", *names]]
    if every == "day":
        return frame
    return frame.set_index("run_date").resample("W-MON", label="left", closed="left").sum().reset_index()


def first_pass(nights: pd.DataFrame, rule_changes: pd.DataFrame, language: str = "zh") -> Any:
    """How many filings were right when first sent, per night and over seven days; lines where rules changed."""
    title = Words("首次通过率", "First-pass yield")(language)
    if nights.empty:
        return nothing(title, language)
    frame = nights.set_index("run_date")
    rolling = frame[["first_passed", "first_sent"]].rolling("7D").sum()
    frame = frame.assign(rolling=rolling["first_passed"] / rolling["first_sent"].where(rolling["first_sent"] > 0))
    base = alt.Chart(frame.reset_index()).encode(drawing.days(nights["run_date"]))
    share = alt.Y("first_pass_share:Q", axis=_PER_CENT, scale=alt.Scale(zero=False))
    tooltip = ["run_date:T", alt.Tooltip("first_pass_share:Q", format=".1%"), "first_sent:Q"]
    point: Any = False if len(nights) > _MANY else alt.OverlayMarkDef(size=12, color=GREY)
    layers = [
        base.mark_line(color=GREY, strokeWidth=1, opacity=0.7, point=point).encode(share, tooltip=tooltip),
        base.mark_line(color=BLUE, strokeWidth=3).encode(alt.Y("rolling:Q")),
    ]
    changed = drawing.marks(labelled(rule_changes, language), nights["run_date"], language)
    reading = Words(
        "细线：每晚；粗线：最近 7 天。分母：第一次提交的备案", "Thin: nightly; bold: last 7 days. Of filings first sent"
    )
    return look(alt.layer(*layers, *changed).properties(width=WIDTH, height=220), title, reading(language))


def reasons_over_time(frame: pd.DataFrame, language: str = "zh") -> Any:
    """The error share of each reason over time, one small chart each on the same scale."""
    title = Words("各驳回原因的错误占比", "Error share by reason")(language)
    frame = frame.dropna(subset=["error_share"])
    if frame.empty:
        return nothing(title, language)
    frame = labelled(frame.sort_values(["run_date", "reason"]), language)
    latest = frame.groupby("reason")["error_share"].last()
    frame["panel"] = frame["reason"].map({reason: f"{reason}  {share:.1%}" for reason, share in latest.items()})
    labels = [reason_label(reason.number, language) for reason in REASONS]
    order = [f"{label}  {latest[label]:.1%}" for label in labels if label in latest]
    chart = alt.Chart(frame).mark_area(color=RED, opacity=0.2, line={"color": RED, "strokeWidth": 1.8})
    panels = chart.encode(
        drawing.days(frame["run_date"], 4),
        alt.Y("error_share:Q", axis=alt.Axis(format="%", tickCount=3)),
        alt.Facet("panel:N", columns=4, sort=order, spacing={"row": 18, "column": 14}),
        tooltip=["reason:N", "run_date:T", alt.Tooltip("error_share:Q", format=".1%"), "error:Q", "filings:Q"],
    )
    panels = panels.properties(width=163, height=80).resolve_axis(x="independent")  # the last row is not full
    reading = Words(
        "分母：该原因能检查的提交；标题后的数字：最近一期",
        "Of the submissions in which it could be judged; the figure in the heading is the latest",
    )
    return look(panels, title, reading(language))


def pareto(rules: pd.DataFrame, language: str = "zh", most: int = 15) -> Any:
    """The rules that fail most, with the share of all errors that they and those before them make up."""
    title = Words(f"最常见的 {most} 条规则", f"The {most} most frequent rules")(language)
    if rules.empty:
        return nothing(title, language)
    top = labelled(rules.head(most), language)
    top["label"] = top["rule"] + " " + top["title"]
    cumulated = Words("累计", "cumulated")(language)
    top["text"] = [
        f"{error:,}  ({cumulated} {share:.0%})"
        for error, share in zip(top["error"], top["cumulated_share"].fillna(0), strict=True)
    ]
    base = alt.Chart(top).encode(drawing.rows("label"), alt.X("error:Q"))
    bars = base.mark_bar(color=RED, opacity=0.85).encode(tooltip=["rule:N", "title:N", "error:Q", "text:N"])
    reading = Words(
        "条：错误数；括号内：这条与以上各条合计占全部错误的比例",
        "Bars: errors; in brackets: the share of all errors that this rule and those above make up",
    )
    chart = (bars + drawing.figures(base, "text")).properties(width=WIDTH - 320, height={"step": 21})
    return look(chart, title, reading(language))


def reason_by_province(frame: pd.DataFrame, language: str = "zh") -> Any:
    """The error share of each reason in each province; provinces by submissions. Few submissions have no colour."""
    title = Words("驳回原因 × 省份：错误占比", "Reason × province: error share")(language)
    frame = frame.dropna(subset=["error_share"])
    if frame.empty:
        return nothing(title, language)
    few = (frame["filings"] - frame["unchecked"]) < FEW
    worst = max(0.01, float(frame.loc[~few, "error_share"].max()) if not few.all() else 1.0)
    frame = labelled(frame.assign(colour=frame["error_share"].where(~few)), language)
    provinces = frame.groupby("province")["filings"].max().sort_values(ascending=False).index.tolist()
    order = [reason_label(reason.number, language) for reason in REASONS]
    base = alt.Chart(frame).encode(
        alt.X("province:N", sort=provinces, axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False)),
        alt.Y("reason:N", sort=order, axis=alt.Axis(domain=False, ticks=False)),
    )
    scale = alt.Scale(domain=[0, worst], range=["#fdf3ef", "#f0a58c", "#b8291b"], interpolate="lab")
    cells = base.mark_rect(stroke="white").encode(
        alt.Color("colour:Q", scale=scale, legend=None),
        tooltip=["province:N", "reason:N", alt.Tooltip("error_share:Q", format=".1%"), "error:Q", "filings:Q"],
    )
    cells = cells.transform_filter("isValid(datum.colour)")
    pale = alt.when("datum.colour === null").then(alt.value(GREY))
    ink = pale.when(alt.datum.colour > 0.6 * worst).then(alt.value("white")).otherwise(alt.value("#444"))
    texts = base.mark_text(fontSize=10).encode(alt.Text("error_share:Q", format=".0%"), color=ink)
    reading = Words(
        f"分母：该省该原因能检查的提交；不足 {FEW} 份的不着色",
        f"Of the submissions judged; fewer than {FEW} have no colour",
    )
    size = {"step": max(34, min(52, 600 // len(provinces)))}
    return look((cells + texts).properties(width=size, height={"step": 24}), title, reading(language))


def senders(frame: pd.DataFrame, language: str = "zh", most: int = 15) -> Any:
    """What share of each sender's submissions would be rejected; of those with most rejections."""
    title = Words("各提交方的驳回占比", "Share rejected by sender")(language)
    if frame.empty:
        return nothing(title, language)
    overall = frame["rejected"].sum() / frame["filings"].sum()
    top = labelled(frame.head(most).sort_values("rejected_share", ascending=False), language)
    top["text"] = [
        f"{part / whole:.1%}  ({part:,}/{whole:,})" for part, whole in zip(top["rejected"], top["filings"], strict=True)
    ]
    base = alt.Chart(top).encode(drawing.rows("sender"), alt.X("rejected_share:Q", axis=_PER_CENT))
    bars = base.mark_bar(color=BLUE, opacity=0.85).encode(tooltip=["sender:N", "text:N", "main_reason:N"])
    reading = Words(
        f"括号内：不通过 / 提交；全部提交方合计 {overall:.1%}",
        f"In brackets: rejected / sent; all senders: {overall:.1%}",
    )
    chart = (bars + drawing.figures(base, "text")).properties(width=WIDTH - 250, height={"step": 23})
    return look(chart, title, reading(language))


def days_to_fix(frame: pd.DataFrame, language: str = "zh") -> Any:
    """The median and the slow tenth of the days until a rejected filing came back mended, by reason."""
    title = Words("改好所需天数", "Days to fix")(language)
    frame = frame.dropna(subset=["median_days"])
    if frame.empty:
        return nothing(title, language)
    shown = labelled(frame, language)
    shown["text"] = [
        Words(f"{failed:,} 份中 {mended:,} 份已改好", f"{mended:,} of {failed:,} mended")(language)
        for failed, mended in zip(shown["failed"], shown["mended"], strict=True)
    ]
    base = alt.Chart(shown).encode(
        drawing.rows("reason"), tooltip=["reason:N", "median_days:Q", "slow_days:Q", "mended:Q", "open:Q"]
    )
    lines = base.mark_rule(color=GREY, strokeWidth=4).encode(
        alt.X("median_days:Q", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(domainMin=0)), alt.X2("slow_days:Q")
    )
    dots = base.mark_circle(color=BLUE, size=110, opacity=1).encode(alt.X("median_days:Q"))
    texts = drawing.figures(base, "text", x=alt.X("slow_days:Q"))
    reading = Words(
        "单位：天。点：一半在此之前改好；线：到九成", "Days. Dot: half were mended by then; line: up to 90 %"
    )
    return look((lines + dots + texts).properties(width=WIDTH - 260, height={"step": 24}), title, reading(language))


def unchecked(reasons: pd.DataFrame, language: str = "zh") -> Any:
    """What share of the submissions each reason could not judge for want of evidence."""
    title = Words("没能检查的占比", "Share not checked")(language)
    if not len(reasons) or not reasons["filings"].sum():
        return nothing(title, language)
    shown = labelled(reasons.sort_values("reason"), language)
    shown["text"] = shown["unchecked_share"].map("{:.1%}".format)
    scale = alt.Scale(domain=[0, 1])
    base = alt.Chart(shown).encode(
        drawing.rows("reason"), alt.X("unchecked_share:Q", axis=alt.Axis(format="%", tickCount=5), scale=scale)
    )
    bars = base.mark_bar(color=GREY).encode(tooltip=["reason:N", "text:N", "unchecked:Q"])
    chart = (bars + drawing.figures(base, "text")).properties(width=WIDTH - 160, height={"step": 22})
    return look(chart, title, Words("分母：全部提交", "Of all submissions")(language))


def causes(frame: pd.DataFrame, rule_changes: pd.DataFrame, language: str = "zh", every: str = "week") -> Any:
    """Verdicts that changed since the filing was last sent: above zero for the better, below for the worse."""
    title = Words("结论为什么变了", "Why verdicts changed")(language)
    if frame.empty:
        return nothing(title, language)
    names = {code: words(language) for code, words in CODES["cause"].items()}
    long = frame.assign(worsened=-frame["worsened"]).melt(
        ["run_date", "cause"], ["improved", "worsened"], "way", "count"
    )
    long = long[long["count"] != 0]
    long["cause"] = long["cause"].map(names)
    bars = drawing.stacked(long, every, list(names.values()), [BLUE, RED, AMBER], "cause", 240)
    bars = bars.encode(alt.Y("low:Q", axis=alt.Axis(labelExpr="format(abs(datum.value), ',')")))
    zero = alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=SOFT).encode(y="zero:Q")
    changed = drawing.marks(labelled(rule_changes, language), frame["run_date"], language)
    reading = Words(
        "单位：份。向上：变为不再驳回；向下：变为驳回", "In filings. Up: no longer rejected; down: now rejected"
    )
    return look(alt.layer(bars, zero, *changed), title, reading(language))


def changes(frame: pd.DataFrame, language: str = "zh") -> Any:
    """Findings mended, new, back again and still there, per night or week."""
    every = _every(frame)
    title = Words(
        {"day": "每晚的问题变化", "week": "每周的问题变化"}[every], f"What became of findings, per {_PERIOD[every]}"
    )(language)
    if frame.empty:
        return nothing(title, language)
    names = {name: HEADINGS[name](language) for name in ("fixed", "unchanged", "new", "regressed")}
    long = _over(frame, list(names), every).melt("run_date", list(names), "change", "count")
    long["change"] = long["change"].map(names)
    scale = alt.Scale(domain=list(names.values()), range=["#3d9970", GREY, RED, AMBER])
    lines = alt.Chart(long).mark_line(strokeWidth=2)
    chart = lines.encode(
        drawing.days(long["run_date"]),
        alt.Y("count:Q"),
        alt.Color("change:N", scale=scale),
        tooltip=["run_date:T", "change:N", "count:Q"],
    ).properties(width=WIDTH, height=220)
    return look(chart, title, Words("再次提交的备案；单位：个问题", "In filings sent again; findings")(language))


def seconds(frame: pd.DataFrame, language: str = "zh") -> Any:
    """How long the steps of each night took; the mean of a week where there are many."""
    title = Words("每晚用时", "Time taken by night")(language)
    if frame.empty:
        return nothing(title, language)
    wide = frame.pivot_table(index="run_date", columns="step", values="seconds", aggfunc="sum", sort=False)
    steps, every = [str(step) for step in wide], _every(wide)
    if every == "week":
        wide = wide.resample("W-MON", label="left", closed="left").mean()
    long = labelled(wide.reset_index().melt("run_date", steps, "step", "count"), language)
    names = labelled(pd.DataFrame({"step": steps}), language)["step"].tolist()
    colours = [BLUE, GREY, AMBER, "#7d6bb0", GREEN, RED]
    chart = drawing.stacked(long, every, names, (colours * len(names))[: len(names)], "step", 160)
    reading = {
        "day": Words("单位：秒", "Seconds"),
        "week": Words("单位：秒，每周平均", "Seconds, mean of each week"),
    }[every]
    return look(chart, title, reading(language))
