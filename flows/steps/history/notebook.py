"""What the notebooks need around the answers: charts that show without a network, tables in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd

from expectations.words import Words
from flows.steps.history.one_run import OneRun, newest
from flows.steps.history.reading import History
from flows.steps.history.tables import EMPTY, numbers, presented

NO_REPORTS = Words(
    "没有找到任何报告。先运行 icp-preflight check，或用 ICP_PREFLIGHT_OUT 指出报告文件夹。",
    "No reports found. Run icp-preflight check first, or name their folder in ICP_PREFLIGHT_OUT.",
)


def charts_as_pictures() -> None:
    """Charts become SVG: they show in any notebook, in exported HTML, without a network."""
    alt.renderers.enable("svg")


def opened(folder: Path, language: str = "zh") -> History:
    """The history at ``folder``; says in a line what it holds, or that it is empty."""
    history = History(folder)
    charts_as_pictures()
    print(said(history, language))  # noqa: T201 - the line is what the cell is for
    return history


def opened_run(*folders: Path, language: str = "zh") -> OneRun:
    """The newest run whose reports lie below ``folders``; says which, or that there is none."""
    folder = newest(*folders)
    run = OneRun.load(folder)
    charts_as_pictures()
    words = Words("{0}（{1}）：{2:,} 份备案", "{0} ({1}): {2:,} filings")(language)
    print(  # noqa: T201 - the line is what the cell is for
        NO_REPORTS(language) if run.empty else words.format(folder, run.summary["as_of"], len(run.verdicts))
    )
    return run


def said(history: History, language: str) -> str:
    if history.empty:
        return EMPTY(language)
    days = history.nights["run_date"]
    first, last, filings = f"{days.min():%Y-%m-%d}", f"{days.max():%Y-%m-%d}", int(history.nights["filings"].sum())
    if language == "zh":
        return f"{first} 至 {last}：{len(history.nights)} 次检查，共 {filings:,} 份提交"
    return f"{first} to {last}: {len(history.nights)} runs, {filings:,} submissions"


def table(frame: pd.DataFrame, language: str = "zh", most: int = 15) -> Any:
    """The first rows, headings and codes in words."""
    shown, right = presented(frame.head(most), language), numbers(frame, language)
    aligned = {
        heading: [{"selector": "th, td", "props": f"text-align: {'right' if heading in right else 'left'}"}]
        for heading in shown
    }
    return shown.style.hide(axis="index").set_table_styles(aligned)
