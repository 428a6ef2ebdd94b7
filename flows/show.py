"""What a person at a terminal sees: progress on the way, a short table at the end, the rules."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from expectations.words import SEVERITIES, VERDICTS, Words

if TYPE_CHECKING:
    from flows.outcome import Outcome
    from flows.settings import Settings
    from flows.steps.history import History
    from flows.steps.register import Imported

_STEPS = {"read": Words("读取", "reading"), "judge": Words("检查", "judging"), "report": Words("写报告", "reporting")}


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
            numbers = "  ".join(f"{words(language)} {entry[name]}" for name, words in VERDICTS.items())
            print(f"{entry['workbook']}  {Words('共', 'filings')(language)} {entry['rows']}  {numbers}")
        else:
            status = _STATUSES[entry["status"]](language)
            print(f"{entry['workbook']}  {status}: {entry['reason']}", file=sys.stderr)
    if not summary["workbooks"]:
        print(Words("没有找到工作簿", "no workbook was found")(language), file=sys.stderr)
    totals = "  ".join(f"{words(language)} {summary[name]}" for name, words in VERDICTS.items())
    print(
        f"{Words('合计', 'all')(language)}  {totals}  "
        f"{Words('十项驳回原因已检查', 'of the ten reasons checked')(language)} {summary['checked']:.0%}  "
        f"→ {settings.out}"
    )


_STATES = {
    "done": Words("完成", "done"),
    "faulty": Words("完成，有程序错误", "done, with faults of ours"),
    "failed": Words("失败", "failed"),
    "running": Words("运行中", "running"),
    "interrupted": Words("已中断，下次夜间检查接着做", "interrupted: the next night goes on from there"),
}
_STATUSES = {
    "judged": Words("检查", "judged"),
    "refused": Words("未能检查", "refused"),
    "skipped": Words("跳过", "skipped"),
}
_NO_NIGHTS = Words("还没有运行过夜间检查", "no night has been run yet")


def print_nights(nights: list[dict[str, Any]], language: str, at_work: bool) -> int:
    """The last nights, a line each, the newest first: how each ended, and why where it failed.

    Args:
        at_work: whether a night is going on; then it is the newest without an end.
    """
    if not nights:
        print(_NO_NIGHTS(language))
    for night in nights:
        state = _state_of(night, at_work)
        at_work = at_work and state != "running"
        began = night["began"][:16].replace("T", " ")
        parts = [began, _STATES[state](language)]
        if night["day"] != began[:10]:
            parts.append(f"{Words('基准日', 'as of')(language)} {night['day']}")
        print("  ".join(parts + _ended(night, language)))
    return 0


def _state_of(night: dict[str, Any], at_work: bool) -> str:
    if "cause" in night:
        return "failed"
    if "exit" not in night:
        return "running" if at_work else "interrupted"
    return "faulty" if night["faults"] else "done"


def _ended(night: dict[str, Any], language: str) -> list[str]:
    """What a night did, or why it failed; nothing of one without an end."""
    parts = []
    if "exit" in night:
        counts = night["workbooks"]
        if any(counts.values()):
            told = " ".join(f"{words(language)} {counts[name]}" for name, words in _STATUSES.items())
            parts.append(f"{Words('工作簿', 'workbooks')(language)} {told}")
            parts.append(f"{Words('共', 'filings')(language)} {night['filings']}")
            parts += [f"{words(language)} {night[name]}" for name, words in VERDICTS.items()]
        else:
            parts.append(Words("收件箱为空", "the inbox is empty")(language))
    if "seconds" in night:
        parts.append(f"{night['seconds']:,.1f} {Words('秒', 's')(language)}")
    if "cause" in night:
        parts.append(f"{Words('原因：', 'cause: ')(language)}{Words(*night['cause'])(language)}")
    if night.get("faults"):
        faults = "; ".join(f"{workbook}: {fault}" for workbook, fault in night["faults"][:3])
        parts.append(f"{Words('原因：', 'cause: ')(language)}{faults}")
    return parts + [f"→ {place}" for place in night.get("reports", ())]


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
        print(Words("备案库中没有", "nothing on file")(language))
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
        width = max(len(words(language)) for words in SEVERITIES.values())
        for rule in rules.values():
            print(f"{rule.id}  {SEVERITIES[rule.severity](language):{width}}  {rule.title(language)}")
    return 0
