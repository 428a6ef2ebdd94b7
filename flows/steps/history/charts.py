"""The charts of a history, for the notebooks and the page: Altair, made of the answers as they are."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from expectations.reasons import REASONS
from expectations.words import Words
from flows.steps.history.tables import HEADINGS, NOTHING, labelled, reason_label

WIDTH = 760
FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
RED, AMBER, GREEN, GREY, BLUE = "#c0392b", "#e0a030", "#3d9970", "#9aa5b1", "#2c6fbb"
_MANY = 120
"""Nights from which a chart has no mark of its own for each."""
_PER_CENT = alt.Axis(format="%")


def _look(chart: Any, title: str) -> Any:
    return (
        chart.properties(title=title)
        .configure(font=FONT, background="white")
        .configure_view(stroke=None)
        .configure_axis(
            gridColor="#edf0f3",
            domainColor="#c5ccd3",
            tickColor="#c5ccd3",
            labelColor="#444",
            titleColor="#444",
            labelLimit=260,
        )
        .configure_title(fontSize=15, anchor="start", color="#222", offset=12)
        .configure_legend(title=None, orient="top", labelColor="#444")
        .configure_header(title=None, labelFontSize=12, labelColor="#222", labelAnchor="start")
    )


def _nothing(title: str, language: str) -> Any:
    text = alt.Chart(pd.DataFrame({"text": [NOTHING(language)]})).mark_text(color=GREY, fontSize=14)
    return _look(text.encode(text="text:N").properties(width=WIDTH, height=60), title)


def _day(language: str, title: str | None = None) -> alt.X:
    return alt.X("run_date:T", title=title, axis=alt.Axis(format="%m-%d", tickCount=10, grid=False))


def verdicts(nights: pd.DataFrame, language: str = "zh") -> Any:
    """Submissions by verdict, stacked: per night, or per week where there are many."""
    weekly = len(nights) > _MANY
    title = (
        Words("每周提交数与结论", "Submissions per week by verdict")
        if weekly
        else Words("每晚提交数与结论", "Submissions per night by verdict")
    )(language)
    if nights.empty:
        return _nothing(title, language)
    names = ["ready", "review", "rejected"]
    frame = nights[["run_date", *names]]
    if weekly:
        frame = frame.set_index("run_date").resample("W-MON", label="left", closed="left").sum().reset_index()
    long = frame.melt("run_date", names, "verdict", "filings")
    long["rank"] = long["verdict"].map({name: rank for rank, name in enumerate(names)})
    long["verdict"] = long["verdict"].map({name: HEADINGS[name](language) for name in names})
    scale = alt.Scale(domain=[HEADINGS[name](language) for name in names], range=[GREEN, AMBER, RED])
    chart = alt.Chart(long).mark_bar(width=max(2, min(40, 0.75 * WIDTH * (7 if weekly else 1) / _days(nights))))
    return _look(
        chart.encode(
            _day(language),
            alt.Y("filings:Q", title=HEADINGS["filings"](language)),
            alt.Color("verdict:N", scale=scale),
            order=alt.Order("rank:O"),
            tooltip=["run_date:T", "verdict:N", "filings:Q"],
        ).properties(width=WIDTH, height=220),
        title,
    )


def _days(frame: pd.DataFrame) -> int:
    return int((frame["run_date"].max() - frame["run_date"].min()).days) + 1


def first_pass(nights: pd.DataFrame, rule_changes: pd.DataFrame, language: str = "zh") -> Any:
    """How many filings were right when first sent, per night and over seven days; lines where rules changed."""
    title = Words("首次通过率（细线：每晚，粗线：7 天滚动）", "First-pass yield (thin: nightly, bold: over 7 days)")(
        language
    )
    if nights.empty:
        return _nothing(title, language)
    frame = nights.set_index("run_date")
    rolling = frame[["first_passed", "first_sent"]].rolling("7D").sum()
    frame = frame.assign(rolling=rolling["first_passed"] / rolling["first_sent"].where(rolling["first_sent"] > 0))
    base = alt.Chart(frame.reset_index()).encode(_day(language))
    share = alt.Y("first_pass_share:Q", title=None, axis=_PER_CENT, scale=alt.Scale(zero=False))
    tooltip = ["run_date:T", alt.Tooltip("first_pass_share:Q", format=".1%"), "first_sent:Q"]
    layers = [
        base.mark_line(
            color=GREY, strokeWidth=1, point=False if len(nights) > _MANY else alt.OverlayMarkDef(size=12, color=GREY)
        ).encode(share, tooltip=tooltip),
        base.mark_line(color=BLUE, strokeWidth=3).encode(alt.Y("rolling:Q", title=None)),
    ]
    return _look(alt.layer(*layers, *_marks(rule_changes, language)).properties(width=WIDTH, height=220), title)


def _marks(rule_changes: pd.DataFrame, language: str) -> list[Any]:
    """Dashed lines at the days the rules or tables changed."""
    if rule_changes.empty:
        return []
    marks = labelled(rule_changes, language).groupby("run_date", as_index=False).agg(what=("what", "、".join))
    marks["what"] = marks["what"] + Words("更新", " changed")(language)
    base = alt.Chart(marks).encode(_day(language))
    return [
        base.mark_rule(color="#555", strokeDash=[4, 3]),
        base.mark_text(align="left", dx=4, dy=6, y=0, color="#555", fontSize=11, baseline="top").encode(text="what:N"),
    ]


def reasons_over_time(frame: pd.DataFrame, language: str = "zh") -> Any:
    """The error share of each reason, week by week, one small chart each on the same scale."""
    title = Words("各驳回原因的错误占比（每周，占能检查的提交）", "Error share by reason (weekly, of those judged)")(
        language
    )
    if frame.empty:
        return _nothing(title, language)
    order = [reason_label(reason.number, language) for reason in REASONS]
    chart = alt.Chart(labelled(frame.dropna(subset=["error_share"]), language))
    return _look(
        chart.mark_area(
            color=RED,
            opacity=0.25,
            line={"color": RED, "strokeWidth": 1.8},
            point=False if frame["run_date"].nunique() > 30 else {"color": RED, "size": 8},
        )
        .encode(
            alt.X("run_date:T", title=None, axis=alt.Axis(format="%m-%d", tickCount=3, grid=False)),
            alt.Y("error_share:Q", title=None, axis=alt.Axis(format="%", tickCount=3)),
            alt.Facet("reason:N", columns=4, sort=order, spacing={"row": 18, "column": 14}),
            tooltip=["reason:N", "run_date:T", alt.Tooltip("error_share:Q", format=".1%"), "error:Q", "filings:Q"],
        )
        .properties(width=163, height=80)
        .resolve_axis(x="independent"),  # each its own: the last row is not full
        title,
    )


def pareto(rules: pd.DataFrame, language: str = "zh", most: int = 15) -> Any:
    """The rules that fail most, with the share of all errors that they and those before them make up."""
    title = Words(
        f"最常见的 {most} 条规则（累计占全部错误）", f"The {most} most frequent rules (cumulated share of errors)"
    )(language)
    if rules.empty:
        return _nothing(title, language)
    top = labelled(rules.head(most), language)
    top["label"] = top["rule"] + " " + top["title"].str.slice(0, 18 if language == "zh" else 40)
    top["cumulated"] = top["cumulated_share"].map("{:.0%}".format)
    base = alt.Chart(top).encode(alt.Y("label:N", sort=None, title=None))
    bars = base.mark_bar(color=RED, opacity=0.85).encode(
        alt.X("error:Q", title=HEADINGS["error"](language)),
        tooltip=["rule:N", "title:N", "error:Q", "cumulated:N"],
    )
    texts = base.mark_text(align="left", dx=4, color="#555").encode(alt.X("error:Q"), text="cumulated:N")
    return _look((bars + texts).properties(width=WIDTH - 250, height={"step": 20}), title)


def reason_by_province(frame: pd.DataFrame, language: str = "zh", least: int = 1) -> Any:
    """The error share of each reason in each province; provinces by submissions."""
    title = Words("驳回原因 × 省份（错误占比）", "Reason × province (error share)")(language)
    frame = frame[(frame["filings"] - frame["unchecked"]) >= least] if len(frame) else frame
    if frame.empty:
        return _nothing(title, language)
    worst = max(0.01, float(frame["error_share"].max()))
    provinces = frame.groupby("province")["filings"].max().sort_values(ascending=False).index.tolist()
    order = [reason_label(reason.number, language) for reason in REASONS]
    base = alt.Chart(labelled(frame, language)).encode(
        alt.X(
            "province:N",
            sort=provinces,
            title=None,
            axis=alt.Axis(labelAngle=0, orient="top", domain=False, ticks=False),
        ),
        alt.Y("reason:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False)),
    )
    cells = base.mark_rect(stroke="white").encode(
        alt.Color("error_share:Q", scale=alt.Scale(scheme="orangered", domain=[0, worst]), legend=None),
        tooltip=["province:N", "reason:N", alt.Tooltip("error_share:Q", format=".1%"), "error:Q", "filings:Q"],
    )
    dark = alt.datum.error_share > 0.6 * worst
    texts = base.mark_text(fontSize=9).encode(
        alt.Text("error_share:Q", format=".0%"), color=alt.condition(dark, alt.value("white"), alt.value("#444"))
    )
    return _look(
        (cells + texts).properties(width={"step": max(30, min(52, 600 // len(provinces)))}, height={"step": 24}), title
    )


def senders(frame: pd.DataFrame, language: str = "zh", most: int = 15) -> Any:
    """What share of each sender's submissions would be rejected; those with most rejections first."""
    title = Words("提交方：驳回占比", "Senders: share rejected")(language)
    if frame.empty:
        return _nothing(title, language)
    top = labelled(frame.head(most).sort_values("rejected_share", ascending=False), language)
    top["text"] = (
        top["rejected_share"].map("{:.1%}".format)
        + "  ("
        + top["rejected"].astype("str")
        + "/"
        + top["filings"].astype("str")
        + ")"
    )
    base = alt.Chart(top).encode(
        alt.Y("sender:N", sort=None, title=None),
        alt.X("rejected_share:Q", axis=_PER_CENT, title=HEADINGS["rejected_share"](language)),
    )
    bars = base.mark_bar(color=BLUE, opacity=0.85).encode(tooltip=["sender:N", "text:N", "main_reason:N"])
    return _look(
        (bars + base.mark_text(align="left", dx=4, color="#555").encode(text="text:N")).properties(
            width=WIDTH - 250, height={"step": 22}
        ),
        title,
    )


def days_to_fix(frame: pd.DataFrame, language: str = "zh") -> Any:
    """The median and the slow tenth of the days until a rejected filing came back mended, by reason."""
    title = Words("改好所需天数（点：中位数，线：到九成）", "Days to fix (dot: median, line: up to 90%)")(language)
    frame = frame.dropna(subset=["median_days"])
    if frame.empty:
        return _nothing(title, language)
    base = alt.Chart(labelled(frame, language)).encode(
        alt.Y("reason:N", sort=None, title=None),
        tooltip=["reason:N", "median_days:Q", "slow_days:Q", "mended:Q", "open:Q"],
    )
    lines = base.mark_rule(color=GREY, strokeWidth=4).encode(
        alt.X("median_days:Q", title=None, axis=alt.Axis(tickMinStep=1), scale=alt.Scale(domainMin=0)),
        alt.X2("slow_days:Q"),
    )
    return _look(
        (lines + base.mark_circle(color=BLUE, size=110, opacity=1).encode(alt.X("median_days:Q"))).properties(
            width=WIDTH - 150, height={"step": 24}
        ),
        title,
    )


def unchecked(reasons: pd.DataFrame, language: str = "zh") -> Any:
    """What share of the submissions each reason could not judge for want of evidence."""
    title = Words("没能检查的：缺少依据的提交占比", "What was not checked: share without evidence")(language)
    if not len(reasons) or not reasons["filings"].sum():
        return _nothing(title, language)
    base = alt.Chart(labelled(reasons.sort_values("reason"), language)).encode(
        alt.Y("reason:N", sort=None, title=None),
        alt.X("unchecked_share:Q", title=None, axis=_PER_CENT, scale=alt.Scale(domain=[0, 1])),
    )
    bars = base.mark_bar(color=GREY).encode(
        tooltip=["reason:N", alt.Tooltip("unchecked_share:Q", format=".1%"), "unchecked:Q"]
    )
    texts = base.mark_text(align="left", dx=4, color="#555").encode(alt.Text("unchecked_share:Q", format=".1%"))
    return _look((bars + texts).properties(width=WIDTH - 150, height={"step": 22}), title)


def causes(frame: pd.DataFrame, rule_changes: pd.DataFrame, language: str = "zh") -> Any:
    """Verdicts that changed since the filing was last sent: above zero for the better, below for the worse."""
    title = Words(
        "结论为什么变了（每周；向上：不再驳回，向下：变为驳回）",
        "Why verdicts changed (weekly; up: no longer rejected, down: now rejected)",
    )(language)
    if frame.empty:
        return _nothing(title, language)
    long = labelled(frame.assign(worsened=-frame["worsened"]), language).melt(
        ["run_date", "cause"], ["improved", "worsened"], "way", "filings"
    )
    names = labelled(pd.DataFrame({"cause": ["data", "rules", "context"]}), language)["cause"].tolist()
    bars = (
        alt.Chart(long)
        .mark_bar(width=max(2, min(40, 5 * WIDTH / (_days(frame) + 7))))
        .encode(
            _day(language),
            alt.Y("filings:Q", title=HEADINGS["distinct_filings"](language)),
            alt.Color("cause:N", scale=alt.Scale(domain=names, range=[BLUE, RED, AMBER])),
            tooltip=["run_date:T", "cause:N", "filings:Q"],
        )
    )
    return _look(alt.layer(bars, *_marks(rule_changes, language)).properties(width=WIDTH, height=220), title)


def states(reasons: pd.DataFrame, language: str = "zh") -> Any:
    """One run: in how many filings each reason is wrong, doubtful or could not be judged."""
    title = Words("各驳回原因：错误、提醒、无法检查", "Errors, warnings and unchecked by reason")(language)
    if reasons.empty:
        return _nothing(title, language)
    names = ["error", "warning", "unchecked"]
    words = [HEADINGS[name](language) for name in names]
    long = labelled(reasons, language).melt("reason", names, "state", "count")
    long["rank"] = long["state"].map({name: rank for rank, name in enumerate(names)})
    long["state"] = long["state"].map(dict(zip(names, words, strict=True)))
    bars = alt.Chart(long).encode(
        alt.Y("reason:N", sort=None, title=None),
        alt.X("count:Q", title=HEADINGS["distinct_filings"](language)),
        alt.Color("state:N", scale=alt.Scale(domain=words, range=[RED, AMBER, "#d5dbe1"])),
        order=alt.Order("rank:O"),
        tooltip=["reason:N", "state:N", "count:Q"],
    )
    return _look(bars.mark_bar().properties(width=WIDTH - 150, height={"step": 22}), title)


def columns(frame: pd.DataFrame, language: str = "zh", most: int = 15) -> Any:
    """One run: the columns with most errors and warnings."""
    title = Words("问题最多的列", "Columns with most findings")(language)
    if frame.empty:
        return _nothing(title, language)
    words = {name: HEADINGS[name](language) for name in ("error", "warning")}
    long = frame.head(most).melt("column", list(words), "severity", "count")
    long["severity"] = long["severity"].map(words)
    bars = alt.Chart(long).encode(
        alt.Y("column:N", sort=None, title=None),
        alt.X("count:Q", title=None),
        alt.Color("severity:N", scale=alt.Scale(domain=list(words.values()), range=[RED, AMBER])),
        tooltip=["column:N", "severity:N", "count:Q"],
    )
    return _look(bars.mark_bar().properties(width=WIDTH - 150, height={"step": 22}), title)


def together(frame: pd.DataFrame, language: str = "zh", most: int = 12) -> Any:
    """One run: rules that fail in the same filings, the more the darker."""
    title = Words("常同时出现的规则", "Rules that fail together")(language)
    if frame.empty:
        return _nothing(title, language)
    totals = (
        pd.concat([frame["rule"], frame["with_rule"]])
        .to_frame("rule")
        .assign(n=pd.concat([frame["together"]] * 2).array)
    )
    top = totals.groupby("rule")["n"].sum().nlargest(most).index
    kept = frame[frame["rule"].isin(top) & frame["with_rule"].isin(top)]
    mirrored = pd.concat([kept, kept.rename(columns={"rule": "with_rule", "with_rule": "rule"})])
    base = alt.Chart(mirrored).encode(
        alt.X("with_rule:N", title=None, axis=alt.Axis(labelAngle=-45, orient="top")), alt.Y("rule:N", title=None)
    )
    cells = base.mark_rect(stroke="white").encode(
        alt.Color("together:Q", scale=alt.Scale(range=["#eef4fb", "#8db8e3"], domainMin=0), legend=None),
        tooltip=["rule:N", "with_rule:N", "together:Q"],
    )
    texts = base.mark_text(fontSize=10, color="#222").encode(text="together:Q")
    return _look((cells + texts).properties(width={"step": 46}, height={"step": 24}), title)


def changes(frame: pd.DataFrame, language: str = "zh") -> Any:
    """Findings mended, new, back again and still there, per night."""
    title = Words("每晚：已修复、新增、回退、仍未改", "Per night: fixed, new, regressed, unchanged")(language)
    if frame.empty:
        return _nothing(title, language)
    names = ["fixed", "new", "regressed", "unchanged"]
    words = {name: HEADINGS[name](language) for name in names}
    long = frame.melt("run_date", names, "change", "findings")
    long["change"] = long["change"].map(words)
    colours = alt.Scale(domain=list(words.values()), range=[GREEN, RED, AMBER, GREY])
    lines = (
        alt.Chart(long)
        .mark_line(strokeWidth=2)
        .encode(
            _day(language),
            alt.Y("findings:Q", title=None),
            alt.Color("change:N", scale=colours),
            tooltip=["run_date:T", "change:N", "findings:Q"],
        )
    )
    return _look(lines.properties(width=WIDTH, height=220), title)
