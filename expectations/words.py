"""Text in both languages, without anything heavy to import: readers in child processes speak too."""

from __future__ import annotations

from string import Formatter
from typing import NamedTuple


class Words(NamedTuple):
    """The same text in both languages; ``{key}`` stands for a column or a detail of the finding."""

    zh: str
    en: str

    def __call__(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    @property
    def capital(self) -> Words:
        """As it stands by itself, in a cell or above a column."""
        return Words(*(text[:1].upper() + text[1:] for text in self))

    @property
    def placeholders(self) -> set[str]:
        """The names in braces, of both languages."""
        return {name for text in self for _, name, _, _ in Formatter().parse(text) if name}


VERDICTS = {
    "rejected": Words("不通过", "rejected"),
    "review": Words("待复核", "review"),
    "ready": Words("通过", "ready"),
}
"""What may be said of a filing, the worst first."""
SEVERITIES = {"error": Words("错误", "error"), "warning": Words("提醒", "warning")}
