"""What a person at a terminal sees: progress on the way, a short table at the end, the rules."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from expectations.words import Words

if TYPE_CHECKING:
    from flows.run import Outcome
    from flows.settings import Settings
    from flows.steps.history import History
    from flows.steps.register import Imported

_STEPS = {"read": Words("读取", "reading"), "judge": Words("检查", "judging"), "report": Words("写报告", "reporting")}
_SEVERITIES = {"error": Words("错误", "error  "), "warning": Words("提醒", "warning")}
_VERDICTS = {
    "rejected": Words("不通过", "rejected"),
    "review": Words("待复核", "review"),
    "ready": Words("通过", "ready"),
}


@contextmanager
def progress(language: str, quiet: bool = False) -> Iterator[Callable[[str, int, int], None]]:
    """A bar per step on a terminal; nothing where output is piped."""
    if quiet or not sys.stderr.isatty():
        yield lambda name, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, int] = {}

        def advance(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(_STEPS[name](language), total=total)
            bars.update(tasks[name], completed=done)  # type: ignore[arg-type]

        yield advance


def print_outcome(outcome: Outcome, settings: Settings) -> None:
    """One line per workbook, one with the totals; plain text, so that it greps."""
    language, summary = settings.lang, outcome.summary
    for entry in summary["workbooks"]:
        if entry["status"] == "judged":
            numbers = "  ".join(f"{words(language)} {entry[name]}" for name, words in _VERDICTS.items())
            print(f"{entry['workbook']}  {Words('共', 'filings')(language)} {entry['rows']}  {numbers}")
        else:
            status = {"refused": Words("未能检查", "refused"), "skipped": Words("跳过", "skipped")}[entry["status"]]
            print(f"{entry['workbook']}  {status(language)}: {entry['reason']}", file=sys.stderr)
    if not summary["workbooks"]:
        print(Words("没有找到工作簿", "no workbook was found")(language), file=sys.stderr)
    totals = "  ".join(f"{words(language)} {summary[name]}" for name, words in _VERDICTS.items())
    print(
        f"{Words('合计', 'all')(language)}  {totals}  "
        f"{Words('十项驳回原因已检查', 'of the ten reasons checked')(language)} {summary['checked']:.0%}  "
        f"→ {settings.out}"
    )


def print_imported(imported: Imported, language: str) -> None:
    """How many filings are on file now."""
    words = (
        Words(
            "已导入：{entries} 条，主体 {subjects} 个，域名 {domains} 个",
            "{entries} filings, {subjects} subjects, {domains} domains on file",
        )
        if imported.changed
        else Words("内容与上次相同，未改动：{entries} 条", "the same as before, nothing changed: {entries} filings")
    )
    print(words(language).format(entries=imported.entries, subjects=imported.subjects, domains=imported.domains))


def print_entries(entries: list[dict[str, str]], language: str) -> int:
    """What is on file, a line each; exit code 0 even where nothing is."""
    for entry in entries:
        print("  ".join(value for value in entry.values() if value))
    if not entries:
        print(Words("名单中没有", "nothing on file")(language))
    return 0


def print_history(history: History, by: str | None, language: str, csv: bool = False) -> int:
    """The runs night by night, or their totals by one of the dimensions; exit code 0 even where nothing is."""
    from flows.steps.history import queries, tables

    if history.empty and not csv:
        print(tables.EMPTY(language))
        return 0
    frame = queries.by(history, by) if by else queries.nights(history)
    if csv:
        print(tables.as_csv(frame), end="")
        return 0
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 240
    print(tables.as_text(frame, language, width))
    return 0


def print_rules(wanted: list[str], language: str) -> int:
    """The catalogue, a line each; or the rules named, in full."""
    from expectations.catalogue import catalogue
    from expectations.page import rule_in_full

    rules = catalogue()
    unknown = [name for name in wanted if name not in rules]
    if unknown:
        message = Words("没有这条规则", "there is no such rule")(language)
        print(f"icp-preflight: {message}: {', '.join(unknown)}", file=sys.stderr)
        return 2
    if wanted:
        print("\n".join(rule_in_full(rules[name], language) for name in wanted))
    else:
        for rule in rules.values():
            print(f"{rule.id}  {_SEVERITIES[rule.severity](language)}  {rule.title(language)}")
    return 0
