"""The rules that fired and the chase list: plain tables under a header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from expectations.catalogue import catalogue
from expectations.reasons import REASONS
from expectations.rule import Words
from flows.steps.report import words
from flows.steps.report.chase import Chase
from flows.steps.report.markup import Cells
from flows.steps.report.writing import LINE, Formats, Sheets, headed, height, readable

Columns = Sequence[tuple[Words, int]]

RULES: Columns = (
    (Words("规则编号", "Rule id"), 11), (Words("规则", "Rule"), 36), (Words("驳回原因", "Reason"), 18),
    (Words("程度", "Severity"), 9), (Words("问题数", "Findings"), 9), (Words("涉及备案", "Filings"), 9),
    (Words("责任方", "Who must act"), 15), (Words("依据", "Ground"), 60),
)  # fmt: skip
CHASE: Columns = (
    (Words("备案人", "Filer"), 30), (Words("备案编号", "Filing no."), 18), (Words("域名", "Domains"), 28),
    (Words("项数", "Items"), 8), (Words("消息（可直接粘贴到微信或邮件）", "Message, ready to paste"), 100),
)  # fmt: skip


def write_rules(sheet: Any, formats: Formats, content: Sheets) -> None:
    """The rules that fired, with their ground."""
    language = content.facts.language
    rows = list(_fired(content))
    _header(sheet, formats, RULES, language, len(rows), frozen=0)
    for row, cells in enumerate(rows, start=1):
        sheet.set_row(row, _height(cells, RULES))
        _write(sheet, formats, row, cells)


def chase_shell(sheet: Any, formats: Formats, language: str, filers: int) -> None:
    """The header of the chase list, and a row to take the formats from: the real ones are streamed in later."""
    _header(sheet, formats, CHASE, language, filers, frozen=1)
    _write(sheet, formats, 1, [" ", " ", " ", 0, " "])


def chase_rows(chase: Chase, formats: Sequence[int]) -> Iterator[bytes]:
    """One message per filer, ready to be pasted, as rows of a sheet."""
    make = Cells()
    for row, line in enumerate(chase, start=2):
        *texts, count, message = line
        cells = [make.text(column, row, formats[column], text) for column, text in enumerate([*texts, "", message])]
        cells[-2] = make.number(len(texts), row, formats[-2], count)
        yield f'<row r="{row}" ht="{_height(line, CHASE)}" customHeight="1">'.encode() + b"".join(cells) + b"</row>"


def _fired(content: Sheets) -> Iterator[tuple[str | int, ...]]:
    language = content.facts.language
    labels = {reason.number: reason.label(language) for reason in REASONS}
    for name, findings, filings in content.tally.rules.itertuples(index=False, name=None):
        rule = catalogue().get(name)
        if rule is None:
            yield name, name, "", "", int(findings), int(filings), "", ""
            continue
        severity, owner = words.SEVERITIES[rule.severity](language), words.owner(rule.owner, language)
        yield (
            name, rule.title(language), labels[rule.reason], severity, int(findings), int(filings), owner, rule.source,
        )  # fmt: skip


def _header(sheet: Any, formats: Formats, columns: Columns, language: str, rows: int, frozen: int) -> None:
    headed(sheet, formats, [(label(language), width) for label, width in columns], frozen, paper=9)
    sheet.autofilter(0, 0, max(rows, 1), len(columns) - 1)


def _write(sheet: Any, formats: Formats, row: int, cells: Sequence[str | int]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            sheet.write_string(row, column, readable(cell), formats.text(**LINE))
        else:
            sheet.write_number(row, column, cell, formats(align="center", **LINE))


def _height(cells: Sequence[str | int], columns: Columns) -> float:
    return height([(str(cell), width) for cell, (_, width) in zip(cells, columns, strict=True)])
