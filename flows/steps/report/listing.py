"""The list of findings: one line each, what costs most to mend first, streamed as rows of a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from expectations.catalogue import catalogue
from expectations.reasons import REASONS
from expectations.rule import OWNERS, Words
from flows.steps.coordinates import LAST_ROW, letters
from flows.steps.report import words
from flows.steps.report.markup import MOST_LINKS, Cells, escape, lines_of, quoted
from flows.steps.report.masking import masked
from flows.steps.report.places import Places, taken

FIRST_LINE = 2
LINES_A_SHEET = LAST_ROW - FIRST_LINE + 1
LINE_HEIGHT = 16.5
"""Points of a line of our sheets. Heights are written: not every program fits them when it opens a file."""
_BATCH = 2048
_MOST_LINES = 8


@dataclass(frozen=True)
class Heading:
    """A column of the list."""

    key: str
    words: Words
    width: int
    wrap: bool = False


HEADINGS = (
    Heading("cell", Words("位置", "Cell"), 18),
    Heading("filing_no", Words("备案编号", "Filing no."), 14),
    Heading("subject", Words("主办单位名称", "Subject"), 28, wrap=True),
    Heading("domain", Words("域名", "Domain"), 24, wrap=True),
    Heading("severity", Words("程度", "Severity"), 9),
    Heading("reason", Words("驳回原因", "Reason"), 16, wrap=True),
    Heading("rule", Words("规则", "Rule"), 30, wrap=True),
    Heading("message", Words("问题", "What is wrong"), 48, wrap=True),
    Heading("value", Words("现值", "Value found"), 26, wrap=True),
    Heading("expected", Words("建议值", "Suggested value"), 26, wrap=True),
    Heading("fix", Words("修改办法", "How to mend"), 44, wrap=True),
    Heading("owner", Words("责任方", "Who must act"), 14, wrap=True),
    Heading("change", Words("与上次相比", "Since last time"), 13),
    Heading("source", Words("依据", "Ground"), 36, wrap=True),
    Heading("rule_id", Words("规则编号", "Rule id"), 11),
)
_WRAPPED = [(place, heading.width) for place, heading in enumerate(HEADINGS, start=1) if heading.wrap]
_COST = {"registrar": 0, "legal_representative": 1, "filer": 2, "provider": 3, "agent": 4}
"""Whose repair takes longest: a transfer of a domain takes days, a slip of the agent's minutes."""


def ranked(findings: pd.DataFrame, sheets: list[str]) -> pd.DataFrame:
    """The findings with ``line``, the place of each in the list (from 0): the costliest to mend first.

    They stay in the order they are in, so that nothing is copied.
    """
    if "change" not in findings:
        findings = findings.assign(change="")
    order = np.lexsort(
        [
            findings["row"].to_numpy(),
            findings["sheet"].map({name: place for place, name in enumerate(sheets)}).fillna(len(sheets)).to_numpy(),
            pd.factorize(findings["rule"], sort=True)[0],
            findings["owner"].map(_COST).fillna(len(_COST)).to_numpy(),
            (findings["severity"] != "error").to_numpy(),
        ]
    )
    line = np.empty(len(findings), dtype=np.int32)
    line[order] = np.arange(len(findings), dtype=np.int32)
    return findings.assign(line=line)


def with_places(findings: pd.DataFrame, places: Places, typed: pa.Table, filings: pa.Table) -> pd.DataFrame:
    """The findings with the subject's name and the domain as typed; ``typed`` lies row by row beside the filings.

    A cell that cannot be read, such as a formula without its result, names neither.
    """
    at = places.of(findings)
    names = {
        name: taken(typed, key, at).where(taken(filings, key, at) != "", "")
        for name, key in (("subject", "subject_name"), ("domain", "domain"))
    }
    return findings.assign(**{name: texts.array for name, texts in names.items()})


class Listing:
    """Rows of the findings sheets; ``columns`` are where each key stands in each sheet."""

    def __init__(
        self,
        findings: pd.DataFrame,
        columns: Mapping[str, Mapping[str, int]],
        language: str,
        mask: bool,
    ) -> None:
        self._findings, self._columns = findings, columns
        self.formats: Mapping[str, list[int]] = {}
        """The number of a format for each severity and column."""
        self._order = np.argsort(findings["line"].to_numpy(), kind="stable")
        self._language, self._mask = language, mask
        self._cells = Cells()
        titles = {rule.id: rule.title(language) for rule in catalogue().values()}
        self._words: dict[str, dict[Any, str]] = {
            "severity": {name: text(language) for name, text in words.SEVERITIES.items()},
            "owner": {name: words.owner(name, language) for name in OWNERS},
            "reason": {reason.number: reason.label(language) for reason in REASONS},
            "rule": titles,
        }

    @property
    def parts(self) -> int:
        return max(1, -(-len(self._findings) // LINES_A_SHEET))

    def lines(self, part: int) -> int:
        """How many findings stand on a part (from 1)."""
        return min(LINES_A_SHEET, len(self._findings) - (part - 1) * LINES_A_SHEET)

    def rows(self, part: int) -> Iterator[bytes]:
        """The rows of one part, a batch at a time."""
        for row, batch in self._batches(part, self.lines(part)):
            yield b"".join(self._row(row + place, line) for place, line in enumerate(self._texts(batch)))

    def links(self, part: int) -> Iterator[bytes]:
        """A link from the first cell of each line to the sender's cell."""
        for row, batch in self._batches(part, min(MOST_LINKS, self.lines(part))):
            targets = zip(batch["sheet"].tolist(), self._targets(batch), strict=True)
            for place, (sheet, target) in enumerate(targets, start=row):
                yield f'<hyperlink ref="A{place}" location="{escape(f"{quoted(sheet)}!{target}")}"/>'.encode()

    def _batches(self, part: int, lines: int) -> Iterator[tuple[int, pd.DataFrame]]:
        """The first lines of a part, some at a time, each time with the row where they begin."""
        start = (part - 1) * LINES_A_SHEET
        for done in range(0, lines, _BATCH):
            chosen = self._order[start + done : start + min(done + _BATCH, lines)]
            yield FIRST_LINE + done, self._findings.take(chosen)

    def _row(self, row: int, texts: tuple[str, ...]) -> bytes:
        formats = self.formats[texts[0]]
        cells = b"".join(self._cells.text(column, row, formats[column], text) for column, text in enumerate(texts[1:]))
        height = LINE_HEIGHT * min(_MOST_LINES, max(lines_of(texts[place], width) for place, width in _WRAPPED))
        return b'<row r="%d" ht="%s" customHeight="1">%s</row>' % (row, str(height).encode(), cells)

    def _targets(self, batch: pd.DataFrame) -> list[str]:
        places = []
        for sheet, keys, row in zip(batch["sheet"], batch["columns"], batch["row"], strict=True):
            columns = self._columns.get(sheet, {})
            column = next((columns[key] for key in keys.split(";") if key in columns), 0)
            places.append(f"{letters(column)}{row}")
        return places

    def _texts(self, batch: pd.DataFrame) -> Iterator[tuple[str, ...]]:
        several = len(self._columns) > 1
        texts: dict[str, list[str]] = {"rule_id": batch["rule"].tolist()}
        targets = self._targets(batch)
        texts["cell"] = (
            [f"{sheet}!{target}" for sheet, target in zip(batch["sheet"], targets, strict=True)] if several else targets
        )
        for name, labels in self._words.items():
            texts[name] = [labels.get(value, str(value)) for value in batch[name].tolist()]
        texts["change"] = [words.change_label(code, self._language) for code in batch["change"].fillna("").tolist()]
        for name in ("filing_no", "subject", "domain", "message", "value", "expected", "fix", "source"):
            texts[name] = batch[name].fillna("").tolist()
        # Of cells that are all blank, nothing is shown but what parts them.
        texts["value"] = [value if value.strip("；") else "" for value in texts["value"]]
        if self._mask:
            keys = batch["columns"].tolist()
            values = texts["value"]
            for name in ("message", "expected", "fix", "value"):
                texts[name] = [masked(*line) for line in zip(texts[name], keys, values, strict=True)]
        return zip(batch["severity"].tolist(), *(texts[heading.key] for heading in HEADINGS), strict=True)
