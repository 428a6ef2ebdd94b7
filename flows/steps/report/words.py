"""What a report says in its own voice, in both languages."""

from __future__ import annotations

from expectations import words
from expectations.rule import OWNERS
from expectations.words import Words

VERDICTS = {name: told.capital for name, told in words.VERDICTS.items()}
SEVERITIES = {name: told.capital for name, told in words.SEVERITIES.items()}
CHANGES = {
    "fixed": Words("已修复", "fixed"),
    "new": Words("新增", "new"),
    "unchanged": Words("仍未改", "unchanged"),
    "regressed": Words("回退", "regressed"),
    "new_filing": Words("新行", "new filing"),
    "rule": Words("数据未变，规则已更新", "same data, rule changed"),
    "table": Words("数据未变，参考表已更新", "same data, table changed"),
    "elsewhere": Words("数据未变，基准日、备案库或其他批次不同", "same data, another day, register or other batches"),
}
"""What became of a finding or a filing since the last run, and why where its data did not change."""
ADOPT = Words("是", "yes")
DECLINE = Words("否", "no")
MORE = Words("……另有 {count} 项，见「{sheet}」", "… and {count} more, see “{sheet}”")
ADOPT_TITLE = Words("采纳建议值", "Take the suggested values")
ADOPT_HINT = Words("选「是」：下次预检时采用左边的建议值", "yes: the next check takes the suggested values on the left")


def owner(code: str, language: str) -> str:
    """Who must act, as it stands in a cell by itself."""
    return OWNERS[code].capital(language) if code in OWNERS else code.capitalize()


def change_label(code: str, language: str) -> str:
    """``fixed:2;new:1`` → 已修复 2，新增 1; a code by itself → its words."""
    parts = []
    for part in code.split(";"):
        name, _, count = part.partition(":")
        known = CHANGES.get(name)
        parts.append(f"{known(language) if known else name} {count}".strip())
    return ("，" if language == "zh" else ", ").join(part for part in parts if part)
