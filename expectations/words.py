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
    def placeholders(self) -> set[str]:
        return {name for text in self for _, name, _, _ in Formatter().parse(text) if name}
