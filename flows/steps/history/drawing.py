"""How every chart looks: colours, letters, axes of days, bars with their figures."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from expectations.words import Words
from flows.steps.history.tables import NOTHING

WIDTH = 760
FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
RED, AMBER, GREEN, GREY, BLUE, PALE = "#c0392b", "#e8b04b", "#a3d0b8", "#9aa5b1", "#2c6fbb", "#d5dbe1"
INK, SOFT = "#222", "#5a6570"
_TICKS = ("D", "2D", "W-MON", "2W-MON", "MS", "2MS", "QS", "YS")


_CONFIG = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {
        "gridColor": "#edf0f3",
        "domainColor": "#c5ccd3",
        "tickColor": "#c5ccd3",
        "labelColor": SOFT,
        "labelLimit": 280,
        "labelFlush": False,
        "title": None,
    },
    "title": {
        "fontSize": 15,
        "anchor": "start",
        "color": INK,
        "subtitleColor": SOFT,
        "subtitleFontSize": 12,
        "subtitlePadding": 6,
        "offset": 12,
    },
    "legend": {"title": None, "orient": "top", "labelColor": SOFT, "labelFontSize": 12},
    "header": {"title": None, "labelFontSize": 12, "labelColor": INK, "labelAnchor": "start"},
}


def look(chart: Any, title: str, reading: str = "") -> Any:
    """The chart with its title, and below it how to read it: the unit, the denominator, what a line means."""
    return chart.properties(title=alt.Title(title, subtitle=reading) if reading else title, config=_CONFIG)


def nothing(title: str, language: str) -> Any:
    text = alt.Chart(pd.DataFrame({"text": [NOTHING(language)]})).mark_text(color=GREY, fontSize=14)
    return look(text.encode(text="text:N").properties(width=WIDTH, height=60), title)


def days(shown: pd.Series, most: int = 14) -> alt.X:
    """The axis of days with at most so many of them named: days, Mondays, or firsts of months."""
    first, last = shown.min(), shown.max()
    ticks = pd.DatetimeIndex([first])
    for step in _TICKS:
        ticks = pd.date_range(first, last, freq=step)
        if len(ticks) <= most:
            break
    months = all(day.day == 1 for day in ticks) and len(ticks) > 1
    values = [alt.DateTime(year=day.year, month=day.month, date=day.day) for day in ticks]
    return alt.X("run_date:T", axis=alt.Axis(values=values, format="%Y-%m" if months else "%m-%d", grid=False))


def stacked(
    frame: pd.DataFrame, every: str, names: list[str], colours: list[str], by: str, height: int = 220
) -> alt.Chart:
    """Columns as wide as the day or week they stand for, stacked in the order of ``names``.

    ``count`` says how high each part is; what is negative is stacked downwards.
    """
    frame = frame.sort_values(by, key=lambda column: column.map(names.index))
    high = frame.groupby(["run_date", frame["count"] < 0])["count"].cumsum()
    until = frame["run_date"] + pd.Timedelta(days=7 if every == "week" else 1)
    frame = frame.assign(until=until, low=high - frame["count"], high=high, count=frame["count"].abs())
    return (
        alt.Chart(frame)
        .mark_rect(x2Offset=-2 if every == "week" else -1)
        .encode(
            days(frame["run_date"]),
            alt.X2("until:T"),
            alt.Y("low:Q"),
            alt.Y2("high:Q"),
            alt.Color(f"{by}:N", scale=alt.Scale(domain=names, range=colours)),
            tooltip=["run_date:T", f"{by}:N", "count:Q"],
        )
        .properties(width=WIDTH, height=height)
    )


def rows(name: str, **more: Any) -> alt.Y:
    """The axis of names down the side, in the order given."""
    return alt.Y(f"{name}:N", sort=None, axis=alt.Axis(ticks=False, domain=False, labelPadding=6), **more)


def figures(base: Any, text: str, **more: Any) -> Any:
    """The figure at the end of each bar."""
    return base.mark_text(align="left", dx=5, color=SOFT, fontSize=11).encode(text=f"{text}:N", **more)


def marks(changes: pd.DataFrame, shown: pd.Series, language: str) -> list[Any]:
    """Dashed lines at the days the rules or tables changed (``run_date``, ``what`` in words)."""
    if changes.empty:
        return []
    dates = changes.groupby("run_date", as_index=False).agg(what=("what", Words("、", ", ")(language).join))
    dates["what"] = dates["what"] + Words("更新", " changed")(language)
    base = alt.Chart(dates).encode(days(shown))
    return [
        base.mark_rule(color="#555", strokeDash=[4, 3]),
        base.mark_text(align="left", dx=4, dy=6, y=0, color="#555", fontSize=11, baseline="top").encode(text="what:N"),
    ]
