"""The summary: what it says and how it looks."""

from __future__ import annotations

from typing import Any

from expectations.filing import COLUMNS
from expectations.reasons import REASONS
from expectations.rule import Words
from flows.steps import own
from flows.steps.report import words
from flows.steps.report.masking import masked
from flows.steps.report.writing import FONT, Formats, Page, Sheets, printed

_COLOURS = {"error": "#E06666", "warning": "#F6C65B", "unchecked": "#BFBFBF", "pass": "#93C47D"}
_CHART_ROWS = 17
_MOST_PROVINCES = 34
_CHARTED_PROVINCES = 12
_MOST_ADOPTED = 5_000
_MOST_NOTES = 20
_WIDTH = 27 + 7 * 12
"""Of the columns the cards stand in, in digits."""

TITLE = Words("ICP 备案预检摘要", "ICP filing pre-check: summary")
FRESH = Words(
    "本报告是新建的工作簿，含原表各工作表的全部数据，但原有格式、公式与图形未能保留：{why}",
    "This report is a new workbook with all data of the original sheets; formats, formulas and pictures "
    "could not be kept: {why}",
)
STATES = {
    "error": words.SEVERITIES["error"],
    "warning": words.SEVERITIES["warning"],
    "unchecked": Words("未能检查", "Not checked"),
    "pass": Words("通过", "Pass"),
}


def write_summary(book: Any, sheet: Any, formats: Formats, content: Sheets) -> None:
    """Totals, findings by reason and by province with charts, and what the verdicts rest on."""
    language, tally, facts = content.facts.language, content.tally, content.facts
    page = Page(sheet)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 27)
    sheet.set_column(1, 7, 12.5)
    printed(sheet, 9)
    sheet.set_row(0, 32)
    page.put(0, 0, TITLE(language), formats.text(bold=True, font_size=18, font_color="#1F3864"))
    line = Words(f"{content.workbook}　基准日 {facts.as_of}", f"{content.workbook}, as of {facts.as_of}")
    page.put(1, 0, line(language), formats.text(font_color="#595959"))
    if content.how == "fresh":
        page.put(2, 0, FRESH(language).format(why=content.why), formats.text(font_color="#9C5700", bold=True))
    row = _cards(page, formats, content, 3)
    row = _noticed(page, formats, content, row)
    row = _reasons(book, page, formats, content, row)
    row = _provinces(book, page, formats, content, row)
    total = tally.errors + tally.warnings
    owners = [(words.owner(name, language), count) for name, count in tally.owners.items()]
    shares: list[tuple[Any, ...]] = [(name, count, count / total) for name, count in owners]
    headers = Words("责任方|问题数|占比", "Who|Findings|Share")(language)
    row = _table(page, formats, row, Words("按责任方", "By who must act")(language), headers, shares)
    row = _history(page, formats, content, row)
    row = _refused(page, formats, content, row)
    _basis(page, formats, content, row)
    page.close()


def _cards(page: Page, formats: Formats, content: Sheets, row: int) -> int:
    language, tally = content.facts.language, content.tally
    cards: list[tuple[Words, float, str, str]] = [
        (Words("备案总数", "Filings"), tally.filings, "#,##0", "#1F3864"),
        (words.VERDICTS["rejected"], tally.verdicts["rejected"], "#,##0", "#C00000"),
        (words.VERDICTS["review"], tally.verdicts["review"], "#,##0", "#BF8F00"),
        (words.VERDICTS["ready"], tally.verdicts["ready"], "#,##0", "#548235"),
        (Words("一次通过率", "First-pass rate"), tally.first_pass, "0.0%", "#1F3864"),
        (Words("实际检查率", "Really checked"), tally.checked, "0.0%", "#1F3864"),
        (Words("错误", "Errors"), tally.errors, "#,##0", "#C00000"),
        (Words("提醒", "Warnings"), tally.warnings, "#,##0", "#BF8F00"),
    ]
    for column, (label, value, form, colour) in enumerate(cards):
        page.put(row, column, label(language), formats.text(align="center", bg_color="#EEF3FA", font_color="#595959"))
        look = formats(align="center", bg_color="#EEF3FA", bold=True, font_size=16, font_color=colour, num_format=form)
        page.put(row + 1, column, value, look)
    page.sheet.set_row(row + 1, 30)
    hint = Words(
        "一次通过率 = 没有错误的备案占比；实际检查率 = 十类驳回原因中能够判断的比例，"
        "其余因缺少依据未检查，不等于通过。",
        "First-pass rate: filings without an error. Really checked: share of the ten reasons that could be judged; "
        "the rest lacked evidence, which is no pass.",
    )
    page.put(row + 2, 0, hint(language), formats.text(font_color="#7F7F7F", font_size=9))
    if content.tally.errors + content.tally.warnings:
        findings = own.sheet_name("findings", language)
        page.link(row + 3, 0, findings, "A1", Words("→ 查看问题清单", "→ to the findings")(language), formats)
        for name, verdicts in list(content.sheets.items())[:1]:
            page.link(row + 3, 1, name, verdicts, Words("→ 到备案表的结论列", "→ to the verdicts")(language), formats)
    return row + 5


def _noticed(page: Page, formats: Formats, content: Sheets, row: int) -> int:
    """What was noticed on reading: it explains why cells that are filled count as empty, or rows are no filings."""
    language = content.facts.language
    if not content.notes:
        return row
    title = Words("读取时注意到", "Noticed on reading")(language)
    page.put(row, 0, title, formats.text(bold=True, font_size=12, font_color="#1F3864"))
    lines = [note[:1].upper() + note[1:] for note in content.notes[:_MOST_NOTES]]
    if more := len(content.notes) - len(lines):
        lines.append(Words(f"另有 {more} 条，见 summary.json", f"{more} more are in summary.json")(language))
    for place, line in enumerate(lines, start=row + 1):
        page.paragraph(place, 7, _WIDTH, line, formats.text(text_wrap=True, font_color="#7F6000"))
    return row + 2 + len(lines)


def _table(page: Page, formats: Formats, row: int, title: str, headers: str, rows: list[tuple[Any, ...]]) -> int:
    """A titled table; floats are shown as percentages, texts at its right may run over. Gives the next row."""
    if not rows:
        return row
    page.put(row, 0, title, formats.text(bold=True, font_size=12, font_color="#1F3864"))
    for column, header in enumerate(headers.split("|")):
        counted = column > 0 and not isinstance(rows[0][column], str)
        page.put(row + 1, column, header, formats.right_header if counted else formats.header)
    for place, values in enumerate(rows):
        for column, value in enumerate(values):
            form: dict[str, Any] = {"bottom": 1, "bottom_color": "#D9D9D9"}
            if not isinstance(value, str):
                form |= {"num_format": "0.0%" if isinstance(value, float) else "#,##0"}
            page.put(
                row + 2 + place, column, value, formats.text(**form) if isinstance(value, str) else formats(**form)
            )
        if isinstance(values[-1], str):
            page.put(row + 2 + place, len(values), None, formats(bottom=1, bottom_color="#D9D9D9"))
    if isinstance(rows[0][-1], str):
        page.put(row + 1, len(rows[0]), None, formats.header)
    return row + 3 + len(rows)


def _reasons(book: Any, page: Page, formats: Formats, content: Sheets, row: int) -> int:
    language, table = content.facts.language, content.tally.reasons
    labels = {reason.number: reason.label(language) for reason in REASONS}
    rows = []
    for line in table.to_dict("records"):
        total = sum(int(line[state]) for state in STATES)
        share = 1 - int(line["unchecked"]) / total if total else 0.0
        rows.append((labels[int(line["number"])], *(int(line[state]) for state in STATES), share))
    title = Words("按驳回原因（备案数）", "By reason (filings)")(language)
    heads = [Words("驳回原因", "Reason"), *STATES.values(), Words("检查率", "Checked")]
    headers = "|".join(head(language) for head in heads)
    end = _table(page, formats, row, title, headers, rows)
    first, last = row + 2, row + 1 + len(rows)
    series = [(column, state) for column, state in enumerate(STATES, start=1) if state in ("error", "warning")]
    _chart(book, page, content, row, (first, last), series, "bar", title)
    return max(end, row + _CHART_ROWS)


def _provinces(book: Any, page: Page, formats: Formats, content: Sheets, row: int) -> int:
    language, table = content.facts.language, content.tally.provinces
    if table.empty:
        return row
    unknown = Words("（未填）", "(blank)")(language)
    rows = [
        (str(line[0]) or unknown, *map(int, line[1:]), 1 - int(line[2]) / int(line[1]))
        for line in table.head(_MOST_PROVINCES).itertuples(index=False, name=None)
    ]
    title = Words("按省份（备案数）", "By province (filings)")(language)
    verdicts = "|".join(told(language) for told in words.VERDICTS.values())
    headers = Words(f"省份|备案|{verdicts}|一次通过率", f"Province|Filings|{verdicts}|First-pass rate")(language)
    end = _table(page, formats, row, title, headers, rows)
    charted = min(len(rows), _CHARTED_PROVINCES)
    series = [(2, "error"), (3, "warning"), (4, "pass")]
    _chart(book, page, content, row, (row + 2, row + 1 + charted), series, "column", title)
    return max(end, row + _CHART_ROWS)


def _chart(
    book: Any, page: Page, content: Sheets, row: int, rows: tuple[int, int], series: list[tuple[int, str]],
    kind: str, title: str,
) -> None:  # fmt: skip
    name = own.sheet_name("summary", content.facts.language)
    chart = book.add_chart({"type": kind, "subtype": "stacked"})
    for column, state in series:
        chart.add_series(
            {
                "name": [name, rows[0] - 1, column],
                "categories": [name, rows[0], 0, rows[1], 0],
                "values": [name, rows[0], column, rows[1], column],
                "fill": {"color": _COLOURS[state]},
                "gap": 45,
                "data_labels": {"value": kind == "bar", "num_format": "#,##0;;", "font": {"name": FONT, "size": 9}},
            }
        )
    font = {"name": FONT, "size": 9}
    chart.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "color": "#1F3864"}, "overlay": False})
    category = {"num_font": font, "interval_unit": 1, "reverse": kind == "bar", "line": {"color": "#BFBFBF"}}
    grid = {"visible": kind != "bar", "line": {"color": "#E7E6E6"}}
    value = {"num_font": font, "major_gridlines": grid, "num_format": "#,##0", "min": 0, "visible": kind != "bar"}
    # Of a bar chart XlsxWriter calls the upright axis, that of the categories, y.
    chart.set_x_axis(value if kind == "bar" else category)
    chart.set_y_axis(category if kind == "bar" else value)
    if kind == "bar":  # names of reasons are long in English, and each is wanted
        chart.set_plotarea({"layout": {"x": 0.28, "y": 0.13, "width": 0.68, "height": 0.74}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_size({"width": 640, "height": 20 * (_CHART_ROWS - 1)})
    page.sheet.insert_chart(row, 7, chart, {"object_position": 2})


def _history(page: Page, formats: Formats, content: Sheets, row: int) -> int:
    """What became of the last run's findings, and which suggested values were taken over."""
    language, mask = content.facts.language, content.facts.mask
    counts = content.tally.changes
    rows: list[tuple[Any, ...]] = [
        (words.change_label(code, language), count)
        for known in words.CHANGES
        for code, count in counts.items()
        if code.partition(":")[0] == known
    ]
    title = Words("与上次相比", "Since last time")(language)
    row = _table(page, formats, row, title, Words("变化|数量", "Change|Count")(language), rows)
    if content.adopted is None or content.adopted.empty:
        return row
    listed = content.adopted.head(_MOST_ADOPTED)
    rows = [
        (
            f"{line['sheet']}!{line['row']}",
            COLUMNS[line["key"]].label(language) if line["key"] in COLUMNS else line["key"],
            *(masked(line[name], line["key"], line[name]) if mask else line[name] for name in ("before", "after")),
        )
        for line in listed.to_dict("records")
    ]
    title = Words("已采纳的建议值（{} 项）", "Suggested values taken over ({})")(language).format(len(content.adopted))
    return _table(page, formats, row, title, Words("位置|列|原值|采纳的值", "Row|Column|Before|After")(language), rows)


def _refused(page: Page, formats: Formats, content: Sheets, row: int) -> int:
    language = content.facts.language
    title = Words("本次未能读取的工作簿", "Workbooks that could not be read")(language)
    headers = Words("工作簿|原因", "Workbook|Why")(language)
    row = _table(page, formats, row, title, headers, list(content.facts.refused))
    title = Words("未检查的工作表", "Sheets not checked")(language)
    headers = Words("工作表|原因", "Sheet|Why")(language)
    return _table(page, formats, row, title, headers, list(content.skipped))


def _basis(page: Page, formats: Formats, content: Sheets, row: int) -> int:
    facts = content.facts
    language = facts.language
    names = {"rules": Words("规则指纹", "Rules"), "reference": Words("参考表指纹", "Reference tables")}
    rows = [(Words("基准日", "As of")(language), facts.as_of.isoformat())]
    if facts.snapshot:
        rows.append((Words("各省要求采集日期", "Province requirements collected on")(language), facts.snapshot))
    rows += [(names[key](language) if key in names else key, value) for key, value in facts.fingerprints.items()]
    rows += list(facts.versions.items())
    title = Words("检查依据与版本", "What the verdicts rest on")(language)
    return _table(page, formats, row, title, Words("项目|内容", "Item|Value")(language), rows)
