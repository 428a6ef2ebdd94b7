"""Answers as people read them: headings in their language, shares in per cent; or as CSV, with codes."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd

from expectations.catalogue import catalogue
from expectations.reasons import REASONS
from expectations.rule import OWNERS
from expectations.words import SEVERITIES, VERDICTS, Words

HEADINGS = {
    "run_date": Words("日期", "Date"),
    "workbooks": Words("工作簿", "Workbooks"),
    "refused": Words("未能读取", "Refused"),
    "filings": Words("提交数", "Submissions"),
    **{name: words.capital for name, words in VERDICTS.items()},
    "rejected_share": Words("驳回占比", "Rejected share"),
    "first_sent": Words("首次提交", "First sent"),
    "first_passed": Words("首次即通过", "Passed at once"),
    "first_pass_share": Words("首次通过率", "First-pass yield"),
    "checked_share": Words("实际检查占比", "Really checked"),
    "seconds": Words("用时（秒）", "Seconds"),
    "reason": Words("驳回原因", "Reason"),
    "rule": Words("规则", "Rule"),
    "title": Words("说明", "What is wrong"),
    "province": Words("省份", "Province"),
    "sender": Words("提交方", "Sender"),
    "nature": Words("单位性质", "Nature"),
    "filing_type": Words("备案类型", "Filing type"),
    "unchecked": Words("未能检查", "Unchecked"),
    "warning": Words("提醒", "Warnings"),
    "error": Words("错误", "Errors"),
    "error_share": Words("错误占比", "Error share"),
    "unchecked_share": Words("未能检查占比", "Unchecked share"),
    "cumulated_share": Words("累计占比", "Cumulated"),
    "distinct_filings": Words("涉及备案", "Filings"),
    "nights": Words("出现天数", "Days seen"),
    "main_reason": Words("首要原因", "Main reason"),
    "failed": Words("被驳回的备案", "Filings rejected"),
    "mended": Words("已改好", "Mended"),
    "open": Words("尚未改好", "Still open"),
    "median_days": Words("改好天数（中位数）", "Days to fix (median)"),
    "slow_days": Words("改好天数（九成以内）", "Days to fix (90%)"),
    "most_times": Words("最多重复次数", "Most times"),
    "last_sent": Words("最近一次", "Last sent"),
    "what": Words("变化", "What changed"),
    "cause": Words("结论变化的起因", "Why the verdict changed"),
    "improved": Words("变为不再驳回", "No longer rejected"),
    "worsened": Words("变为驳回", "Now rejected"),
    "new_filing": Words("新行", "New filings"),
    "fixed": Words("已修复", "Fixed"),
    "new": Words("新增", "New"),
    "regressed": Words("回退", "Regressed"),
    "unchanged": Words("仍未改", "Unchanged"),
    "step": Words("步骤", "Step"),
    "workbook": Words("工作簿", "Workbook"),
    "sheet": Words("工作表", "Sheet"),
    "filing_no": Words("序号", "Filing number"),
    "row": Words("行号", "Row"),
    "severity": Words("级别", "Severity"),
    "columns": Words("所在列", "Columns"),
    "column": Words("列", "Column"),
    "with_rule": Words("同时出现的规则", "Found together with"),
    "with_title": Words("其说明", "Which says"),
    "together": Words("同时出现次数", "Times together"),
    "together_share": Words("占较少一条的", "Of the rarer one"),
    "owner": Words("谁来改", "Who mends it"),
}
CODES: dict[str, dict[str, Words]] = {
    "cause": {
        "data": Words("资料已改", "The data changed"),
        "rules": Words("规则或规则表已变", "Rules or tables changed"),
        "context": Words("备案库、其他备案或日期", "Register, other filings or the day"),
    },
    "what": {"rules": Words("规则", "Rules"), "reference": Words("规则表", "Reference tables")},
    "severity": SEVERITIES,
    "owner": OWNERS,
    "sender": {"未填": Words("未填", "(blank)")},
    "step": {
        "read": Words("读取", "read"),
        "join": Words("关联", "join"),
        "import": Words("载入", "import"),
        "judge": Words("检查", "judge"),
        "report": Words("写报告", "report"),
    },
}
NOTHING = Words("还没有记录", "Nothing recorded yet")
EMPTY = Words(
    "历史里还没有任何一次检查。夜间任务会自动记录；手动检查请加 --history 文件夹。",
    "No run has been recorded yet. The nightly run records by itself; for a check by hand give --history FOLDER.",
)


def reason_label(number: int, language: str) -> str:
    """``7 联系电话``."""
    return f"{number} {REASONS[number].label(language)}"


def rule_title(rule: str, language: str) -> str:
    """What the rule says is wrong; empty for one that is no more."""
    known = catalogue().get(rule)
    return known.title(language) if known else ""


def labelled(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """The frame with words for its codes, numbers as they are; a rule gets its title beside it."""
    found = frame.copy()
    for name in found.columns.intersection(["reason", "main_reason"]):
        labels = {number: reason_label(int(number), language) for number in found[name].dropna().unique()}
        found[name] = pd.Series([labels.get(number, "") for number in found[name]], found.index, dtype="str")
    for name in found.columns.intersection(list(CODES)):
        words = {code: words(language) for code, words in CODES[name].items()}
        found[name] = found[name].map(words).fillna(found[name]).astype("str")
    return _titled(found, language)


def _titled(found: pd.DataFrame, language: str) -> pd.DataFrame:
    """With the title of each rule beside it."""
    for name in found.columns.intersection(["rule", "with_rule"]):
        titles = {rule: rule_title(rule, language) for rule in found[name].unique()}
        place = found.columns.get_loc(name) + 1
        found.insert(place, name.replace("rule", "title"), found[name].map(titles).astype("str"))
    return found


def presented(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Text in every cell, headings in words: what the command prints and the page shows."""
    found = labelled(frame, language)
    shown = {name: [_format(name)(value) for value in found[name].tolist()] for name in found}
    table = pd.DataFrame(shown, dtype="str")
    return table.rename(columns={name: HEADINGS[name](language) for name in found})


def numbers(frame: pd.DataFrame, language: str) -> set[str]:
    """The headings of the columns that are set flush right."""
    return {
        HEADINGS[name](language)
        for name in frame
        if name not in ("reason", "main_reason") and pd.api.types.is_numeric_dtype(frame[name])
    }


def as_csv(frame: pd.DataFrame) -> str:
    """The answer with codes for headings, numbers unrounded, a rule's title beside it, for other programs."""
    found = _titled(frame.copy(), "zh")
    for name in found.select_dtypes("datetime"):
        found[name] = found[name].dt.strftime("%Y-%m-%d")
    return found.to_csv(index=False, lineterminator="\n")


def as_text(frame: pd.DataFrame, language: str, width: int) -> str:
    """A table for the terminal; Chinese letters count for two."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    shown = presented(frame, language)
    right = numbers(frame, language)
    for name in shown:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in shown.itertuples(index=False):
        table.add_row(*row)
    sink = io.StringIO()
    Console(file=sink, width=width, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in sink.getvalue().splitlines()).strip("\n")


def _format(name: str) -> Callable[[object], str]:
    if name.endswith("_share"):
        return _share
    if name == "row":
        return str
    if name in ("median_days", "slow_days", "seconds"):
        return lambda value: "" if pd.isna(value) else f"{value:,.1f}"
    return _plain


def _share(value: object) -> str:
    return "" if pd.isna(value) else f"{value:.1%}"


def _plain(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, int):
        return f"{value:,}"
    return "" if pd.isna(value) else str(value)
