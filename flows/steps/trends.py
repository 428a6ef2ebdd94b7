"""One page on how filings fare over the nights, for people who open no notebook: a file without network or script."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import vl_convert
from lxml import etree
from markupsafe import Markup

from expectations.words import Words
from flows.steps import outputs
from flows.steps.history import History, charts, drawing, queries
from flows.steps.history.tables import EMPTY, HEADINGS, numbers, presented

_LOG = logging.getLogger("icp_preflight")
_LABEL = re.compile(r"(^|; )([a-z_]+):")
_SVG = "{http://www.w3.org/2000/svg}"
_SHOWN = 30
"""Rows of a table that stand on the page; the command gives all."""


@dataclass(frozen=True)
class Section:
    """A heading, what it says, a chart and the table of the same figures."""

    name: str
    title: str
    words: str
    chart: Markup
    table: dict[str, Any]
    command: str
    """Prints the whole table, where one does."""


_COMMANDS = {"nights": "", "reasons": " --by reason", "rules": " --by rule"} | {
    "provinces": " --by province",
    "senders": " --by sender",
}
_SECTIONS: tuple[tuple[str, Words, Words], ...] = (
    (
        "nights",
        Words("每晚", "Night by night"),
        Words(
            "同一备案在另一晚再次提交会再算一次，因为它又被检查了一次。",
            "A filing sent again on another night counts again, for it was judged again.",
        ),
    ),
    (
        "first_pass",
        Words("第一次就做对", "Right the first time"),
        Words(
            "只看第一次出现的备案：其中不被驳回的占比。虚线是规则或规则表更新的日子。",
            "Of filings seen for the first time, the share not rejected. Dashed lines: rules or tables changed.",
        ),
    ),
    (
        "reasons",
        Words("各驳回原因", "Reasons over time"),
        Words(
            "占比的分母是该原因确实能检查的提交数；缺少依据的不算在内。",
            "Shares are of the submissions in which the reason could be judged.",
        ),
    ),
    (
        "rules",
        Words("先改什么", "What to mend first"),
        Words(
            "从上到下累计：改掉前几条规则就能消除多少错误。",
            "Cumulated from the top: how many of all errors the first few rules make up.",
        ),
    ),
    (
        "provinces",
        Words("省份", "Provinces"),
        Words("颜色越深，该省该原因出错越多。", "The darker, the more often this reason fails in this province."),
    ),
    (
        "senders",
        Words("提交方", "Senders"),
        Words(
            "提交方是收件箱的子文件夹，否则是表中的提交人；像人名的只显示代号。",
            "The sub-folder of the inbox, else who submits; what looks like a person's name is shown as a label.",
        ),
    ),
    (
        "repeated",
        Words("屡次不改", "The same mistake again"),
        Words("同一备案在两晚以上因同一条规则被驳回。", "Filings rejected by the same rule on two nights or more."),
    ),
    (
        "days_to_fix",
        Words("多久改好", "Days to fix"),
        Words(
            "从第一次被驳回，到再次提交且该原因不再出错；没有再提交的算尚未改好。",
            "From the first rejection until sent again without it; what never came back is open.",
        ),
    ),
    (
        "unchecked",
        Words("没能检查的", "What was not checked"),
        Words(
            "缺少依据（附件、备案库、空白单元格）时不下结论。占比高的原因，通过不代表没有问题。",
            "Without evidence (attachments, the register) there is no verdict: much unchecked, little proved.",
        ),
    ),
    (
        "causes",
        Words("资料变了还是规则变了", "Data changed or rules changed"),
        Words(
            "再次提交的备案，结论变了的：单元格有改动、规则有更新，还是两者都没有。",
            "Filings sent again with another verdict: had a cell changed, the rules, or neither.",
        ),
    ),
)


def after_night(history: Path, target: Path, language: str) -> Path | None:
    """The page made anew at ``target``; None where it cannot be: a night does not fail for a page."""
    try:
        write_trends(History(history), target, language)
    except Exception as error:
        _LOG.warning("%s: %s", target, error)
        return None
    return target


def write_trends(history: History, target: Path, language: str = "zh") -> None:
    """Write the page to ``target``, whole or not at all.

    Raises:
        HistoryError: the history cannot be read.
        OSError: the page cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f"{target.name}.{secrets.token_hex(4)}.writing")
    try:
        scratch.write_text(page(history, language), encoding="utf-8")
        outputs.replace(scratch, target)
    finally:
        scratch.unlink(missing_ok=True)


def page(history: History, language: str = "zh") -> str:
    """The page as HTML."""
    text = (files("flows.steps") / "trends.html").read_text(encoding="utf-8")
    template = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
    runs, nights, days = history.nights["run_date"], queries.nights(history), queries.days_to_fix(history)
    return template.render(
        language=language,
        say=lambda zh, en: zh if language == "zh" else en,
        empty=EMPTY(language) if history.empty else "",
        first="" if history.empty else f"{runs.min():%Y-%m-%d}",
        last="" if history.empty else f"{runs.max():%Y-%m-%d}",
        tiles=[] if history.empty else _tiles(nights, days, language),
        sections=[] if history.empty else sections(history, nights, days, language),
        font=drawing.FONT,
    )


def sections(history: History, nights: pd.DataFrame, days: pd.DataFrame, language: str) -> list[Section]:
    """Every part of the page: the answers of the history, drawn and as a table."""
    every = "week" if len(nights) > 21 else "day"
    with ThreadPoolExecutor(max_workers=1) as drawer:  # one chart is drawn while the next question is asked

        def drawn(chart: Callable[..., Any], *answers: pd.DataFrame, **more: str) -> Future[Markup]:
            return drawer.submit(lambda: svg(chart(*answers, language=language, **more), language))

        changed, parts = queries.rule_changes(history), dict[str, tuple[Future[Markup] | None, pd.DataFrame]]()
        parts["nights"] = drawn(charts.verdicts, nights), nights.iloc[::-1]
        parts["first_pass"] = drawn(charts.first_pass, nights, changed), changed
        reasons = queries.reasons(history)
        parts["reasons"] = drawn(charts.reasons_over_time, queries.reasons_over_time(history, every)), reasons
        parts["days_to_fix"] = drawn(charts.days_to_fix, days), days
        reliance = reasons[["reason", "filings", "unchecked", "unchecked_share"]].sort_values("reason")
        parts["unchecked"] = drawn(charts.unchecked, reasons), reliance
        rules = queries.rules(history)
        parts["rules"] = drawn(charts.pareto, rules), rules
        provinces = queries.by(history, "province")
        parts["provinces"] = drawn(charts.reason_by_province, queries.reasons_by_province(history)), provinces
        senders = queries.by(history, "sender")
        parts["senders"] = drawn(charts.senders, senders), senders
        causes = queries.causes(history, every)
        parts["causes"] = drawn(charts.causes, causes, changed, every=every), causes.iloc[::-1]
        parts["repeated"] = None, queries.repeated(history)
    found = []
    for name, title, words in _SECTIONS:
        chart, frame = parts[name]
        command = f"icp-preflight history{_COMMANDS[name]}" if name in _COMMANDS else ""
        picture = chart.result() if chart else Markup()
        found.append(Section(name, title(language), words(language), picture, _table(frame, language), command))
    return found


def svg(chart: Any, language: str = "zh") -> Markup:
    """The chart as a picture; what its marks stand for is shown where the mouse rests, without any script."""

    def named(label: re.Match[str]) -> str:
        """``; filings:`` in the words of the tables."""
        start, name = label.groups()
        return f"{start}{HEADINGS[name](language) if name in HEADINGS else name}:"

    specification = chart.to_dict()
    # Measured in whatever letters are at hand, shown in those of the reader: looking each text up in large
    # Chinese fonts takes most of the time of a drawing, for widths that differ by three points in 750.
    specification["config"]["font"] = "sans-serif"
    root = etree.fromstring(vl_convert.vegalite_to_svg(specification).encode())
    root.set("font-family", drawing.FONT)
    for mark in root.iter(f"{_SVG}path", f"{_SVG}text"):
        mark.attrib.pop("font-family", None)
        label = mark.get("aria-label")
        if label and "graphics-symbol" in (mark.get("role") or ""):
            title = etree.Element(f"{_SVG}title")
            title.text = _LABEL.sub(named, label)
            mark.insert(0, title)
    root.set("role", "img")
    for name in ("width", "height"):
        root.attrib.pop(name, None)  # the page's width decides; the view box keeps the shape
    root.set("style", f"max-width:{root.get('viewBox', '0 0 800 0').split()[2]}px")
    return Markup(etree.tostring(root, encoding="unicode"))  # noqa: S704 - drawn by Vega, which escapes texts


def _table(frame: pd.DataFrame, language: str) -> dict[str, Any]:
    shown, right = presented(frame.head(_SHOWN), language), numbers(frame, language)
    return {
        "headings": list(shown),
        "numbers": [heading in right for heading in shown],
        "rows": shown.to_numpy().tolist(),
        "more": max(0, len(frame) - _SHOWN),
    }


def _tiles(nights: pd.DataFrame, days: pd.DataFrame, language: str) -> list[dict[str, str]]:
    """The figures one looks for first; of the last night, and of all nights beside it."""
    last, total = nights.iloc[-1], nights.sum(numeric_only=True)

    def share(part: float, whole: float) -> str:
        return f"{part / whole:.1%}" if whole else "–"

    def words(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    return [
        {
            "name": words("最近一晚的提交", "Submissions, last night"),
            "value": f"{last['filings']:,}",
            "beside": words(
                f"{len(nights)} 晚共 {int(total['filings']):,}", f"{int(total['filings']):,} in {len(nights)} nights"
            ),
        },
        {
            "name": words("最近一晚驳回占比", "Rejected, last night"),
            "value": share(last["rejected"], last["filings"]),
            "beside": words("全部 ", "overall ") + share(total["rejected"], total["filings"]),
        },
        {
            "name": words("最近一晚首次通过率", "First-pass yield, last night"),
            "value": share(last["first_passed"], last["first_sent"]),
            "beside": words("全部 ", "overall ") + share(total["first_passed"], total["first_sent"]),
        },
        {
            "name": words("被驳回后已改好", "Mended after a rejection"),
            "value": share(days["mended"].sum(), days["failed"].sum()),
            "beside": words("备案 × 原因，共 ", "filings × reasons: ") + f"{int(days['failed'].sum()):,}",
        },
        {
            "name": words("最近一晚实际检查占比", "Really checked, last night"),
            "value": share(last["checked_share"], 1),
            "beside": words("十项驳回原因中", "of the ten reasons"),
        },
    ]
