"""An empty workbook for filings: headers, hints, drop-downs, text format where digits must not be lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from expectations.filing import COLUMNS, Column
from expectations.specimen import ORGANISATION
from expectations.words import Words
from flows.settings import BadSetting
from flows.steps.report.markup import lines_of

EXAMPLE_MARK = Words("示例行", "EXAMPLE")
"""Stands as the filing number of the example row; such a row is no filing."""

ROWS = 2000
"""How many rows carry formats and drop-downs; more can be filled in."""

_SHEET = Words("备案信息", "Filings")
_GUIDE = Words("填写说明", "Guide")
_LISTS = "_lists"
_WIDTHS = (28, 34, 30, 50, 66, 34)
"""Of the guide's columns."""
_GROUPS = {
    "filing": "#1F4E79", "subject": "#2E6F40", "principal": "#7A4E12", "site": "#5B2C6F",
    "domain evidence": "#0E6655", "site principal": "#784212", "statement": "#4D5656", "attachments": "#4D5656",
}  # fmt: skip
_NEED = {
    "required": Words("必填", "required"),
    "optional": Words("选填", "optional"),
    "": Words("不填", "leave empty"),
    "when needed": Words("需要时填", "when needed"),
    "when filed before": Words("已备案过则填", "when filed before"),
    "by province": Words("按省份要求", "by province"),
    "when another person": Words("不是同一人时填", "when another person"),
    "when not the legal representative": Words("负责人非法定代表人时填", "when not the legal representative"),
    "when the ID is of another province": Words("证件为外省时填", "when the ID is of another province"),
    "when another holder": Words("域名持有者不是主办单位时填", "when another holder"),
    "when changed": Words("有变更时填", "when changed"),
}
_FORMAT = {
    "identifier": Words("按文本填写，完整号码，不要使用科学计数", "as text, the whole number"),
    "phone": Words("按文本填写；座机写区号-号码；一格一个号码", "as text; landline as area-number; one number a cell"),
    "date": Words("日期，如 2026-01-15；证件可填 长期", "a date such as 2026-01-15; certificates may say 长期"),
    "domain": Words("只填一个主域名，不带 www", "one registrable domain, without www"),
    "choice": Words("从下拉列表选择", "choose from the list"),
    "choices": Words("可填多个，用分号隔开", "several allowed, separated by semicolons"),
    "yes/no": Words("是 / 否", "是 (yes) / 否 (no)"),
    "file": Words(
        "附件文件夹内的文件名，多个用分号隔开", "file names in the attachments folder, separated by semicolons"
    ),
    "province": Words("省、自治区或直辖市", "province"),
}


def write_template(target: Path, language: str = "zh") -> None:
    """Write the empty workbook to ``target``.

    Raises:
        FileExistsError: something is there: a template that somebody has filled in would be lost.
        BadSetting: the name is not that of a workbook.
    """
    if target.suffix.lower() != ".xlsx":
        raise BadSetting(f"--out: {target} 应以 .xlsx 结尾 / must end in .xlsx")
    target.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with target.open("xb") as file, xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(_SHEET(language))
        guide = book.add_worksheet(_GUIDE(language))
        lists = book.add_worksheet(_LISTS)
        lists.hide()
        _filing_sheet(book, sheet, lists, language)
        _guide_sheet(book, guide, language)


_MOBILE = Words("11 位手机号，按文本填写；一格一个号码", "a mobile of 11 digits, as text; one number a cell")


def _how(column: Column, language: str) -> str:
    """How to write what stands in the column."""
    if column.kind == "phone" and column.key.endswith("_mobile"):
        return _MOBILE(language)
    return _FORMAT[column.kind](language) if column.kind in _FORMAT else ""


def need(column: Column, language: str) -> str:
    """Whether the column must be filled, in words."""
    organisation, individual = (_NEED[state](language) for state in (column.organisation, column.individual))
    if organisation == individual:
        return organisation
    return (
        f"单位{organisation}，个人{individual}" if language == "zh" else f"units: {organisation}; people: {individual}"
    )


def hint(column: Column, language: str) -> str:
    """What to write into the column."""
    return ("；" if language == "zh" else "; ").join(filter(None, (need(column, language), _how(column, language))))


def _filing_sheet(book: Any, sheet: Any, lists: Any, language: str) -> None:
    text = book.add_format({"num_format": "@"})
    example = book.add_format({"num_format": "@", "italic": True, "font_color": "#808080"})
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    for place, column in enumerate(COLUMNS.values()):
        label = column.label(language)
        required = "required" in (column.organisation, column.individual)
        header = book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": _GROUPS[column.group], "text_wrap": True,
             "valign": "vcenter", "align": "center", "border": 1, "border_color": "#FFFFFF"}
        )  # fmt: skip
        # Every column is text: a date typed there stays what was typed, an identifier keeps its digits.
        sheet.set_column(place, place, max(12, len(label.encode("gb18030")) + 4), text)
        sheet.write_string(0, place, f"{label}*" if required else label, header)
        value = EXAMPLE_MARK(language) if column.key == "filing_no" else ORGANISATION.get(column.key, "")
        sheet.write_string(1, place, value, example)
        validation: dict[str, Any] = {"input_title": label[:32], "input_message": hint(column, language)[:255]}
        options = _options(column)
        if options:
            lists.write_column(0, place, options)
            last = xlsxwriter.utility.xl_rowcol_to_cell(len(options) - 1, place, True, True)
            first = xlsxwriter.utility.xl_rowcol_to_cell(0, place, True, True)
            # A choice not on the list is for the check to name, not for Excel to refuse.
            validation |= {"validate": "list", "source": f"={_LISTS}!{first}:{last}", "error_type": "warning"}
        else:
            validation |= {"validate": "any"}
        sheet.data_validation(1, place, ROWS, place, validation)
    sheet.autofilter(0, 0, 0, len(COLUMNS) - 1)


def _options(column: Column) -> list[str]:
    if column.kind == "yes/no":
        return ["是", "否"]
    if column.kind in ("choice", "province"):
        return [choice.value for choice in column.choices] or _provinces()
    return []


def _provinces() -> list[str]:
    from datetime import date

    from expectations.reference import Reference

    return list(Reference(date.max).provinces)


def _guide_sheet(book: Any, guide: Any, language: str) -> None:
    head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "border": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"})
    title = book.add_format({"bold": True, "font_size": 14})
    intro = Words(
        "一行一个网站；灰色示例行不会被检查，可以删除。列的顺序可以改，可以多出自己的列。",
        "One row per website. The grey example row is not checked and may be deleted. "
        "Columns may be reordered; columns of your own may stand between them.",
    )
    guide.write_string(0, 0, Words("ICP 备案批量预检模板", "Template for bulk ICP filings")(language), title)
    guide.write_string(1, 0, intro(language))
    headers = Words("列名|英文名|是否必填|填写要求|可选值|示例", "Column|Chinese label|Required|How|Values|Example")(
        language
    )
    for place, (header, width) in enumerate(zip(headers.split("|"), _WIDTHS, strict=True)):
        guide.set_column(place, place, width)
        guide.write_string(3, place, header, head)
    for row, column in enumerate(COLUMNS.values(), start=4):
        other = column.en if language == "zh" else column.zh
        values = "、".join(choice.value for choice in column.choices) or "、".join(_options(column))
        cells = (
            column.label(language),
            other,
            need(column, language),
            _how(column, language),
            values,
            ORGANISATION.get(column.key, ""),
        )
        # Chinese takes two cells of width; not every program fits rows to wrapped text by itself.
        guide.set_row(row, 16.5 * max(lines_of(value, width) for value, width in zip(cells, _WIDTHS, strict=True)))
        for place, value in enumerate(cells):
            guide.write_string(row, place, value, wrap)
    guide.freeze_panes(4, 1)
