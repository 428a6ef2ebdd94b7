"""Why a workbook is not judged, in words for its sender: what was found, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from expectations.words import Words

_RESAVE = Words("请用 Excel 打开后另存为 .xlsx 再提交", "open it in Excel, save it as .xlsx and send it again")

EMPTY = Words("文件为空（0 字节或没有内容），请重新发送", "the file is empty: please send it again")
NOT_A_FILE = Words("不是普通文件，无法读取", "not an ordinary file")
GONE = Words("文件不存在或无权读取", "the file is not there, or may not be read")
ENCRYPTED = Words(
    "文件已加密（设有打开密码）。请去掉密码后重新发送",
    "the file is encrypted (a password is needed to open it): remove the password and send it again",
)
TRUNCATED = Words(
    "文件不完整或已损坏（可能上传中断）。请重新发送",
    "the file is incomplete or damaged (a broken upload?): send it again",
)
DAMAGED = Words(
    f"文件内容有误，无法读取。{_RESAVE.zh}", f"the file's content is faulty and cannot be read: {_RESAVE.en}"
)
WEB_PAGE = Words(
    f"这是网页（HTML），只是改了扩展名，不是 Excel 文件。{_RESAVE.zh}",
    f"this is a web page (HTML) under another name, no Excel file: {_RESAVE.en}",
)
XML_SPREADSHEET = Words(
    f"这是“XML 表格 2003”文件，不是 Excel 工作簿。{_RESAVE.zh}",
    f"this is an XML Spreadsheet 2003 file, no Excel workbook: {_RESAVE.en}",
)
FLAT_OPENDOCUMENT = Words(
    "这是单一 XML 的 OpenDocument 文件（.fods）。请另存为 .xlsx 或 .ods 再提交",
    "this is a flat OpenDocument file (.fods): save it as .xlsx or .ods and send it again",
)
TOO_OLD = Words(f"这是 Excel 4 或更早的格式。{_RESAVE.zh}", f"this is a format of Excel 4 or older: {_RESAVE.en}")
BOMB = Words(
    "压缩比异常（疑似压缩炸弹），为安全起见不打开", "compressed beyond reason (a zip bomb?): not opened, for safety"
)
AMBIGUOUS = Words(
    "文件包内有重名部件，不同软件会读出不同内容，不打开",
    "the package holds parts of the same name, which programs read differently: not opened",
)
ENTITIES = Words(
    "文件内含 XML 实体定义（正常 Excel 文件不会有），为安全起见不打开",
    "the file declares XML entities, as no honest Excel file does: not opened, for safety",
)
TOO_LONG = Words(
    f"读取超时，已放弃。{_RESAVE.zh}；若数据很多，请分成几个文件",
    f"reading took too long and was given up: {_RESAVE.en}, in several files if there is much data",
)
TOO_MUCH_MEMORY = Words(
    f"读取所需内存超过上限，已放弃。{_RESAVE.zh}；若数据很多，请分成几个文件",
    f"reading needs more memory than allowed and was given up: {_RESAVE.en}, in several files if there is much data",
)
CRASHED = Words(
    f"读取程序在此文件上异常中止，文件可能已损坏。{_RESAVE.zh}",
    f"the reader crashed on this file, which may be damaged: {_RESAVE.en}",
)
NO_TEXT = Words(
    "文本编码无法识别（支持 UTF-8、UTF-16、GB18030、Big5）。请另存为 .xlsx 再提交",
    "the encoding of this text is unknown (UTF-8, UTF-16, GB18030 and Big5 are read): "
    "save it as .xlsx and send it again",
)


def unpaired_quote(row: int) -> Words:
    """A quotation mark of a text file is never closed, or much later than it was meant."""
    return Words(
        f"第 {row} 行的双引号没有成对，其后的行会被并入同一单元格。请补全或删除引号，或另存为 .xlsx 再提交",
        f"a quotation mark in row {row} is not closed, so that the rows after it run into one cell: "
        "close or remove it, or save the file as .xlsx and send it again",
    )


def other(zh: str, en: str) -> Words:
    """The file is something else."""
    return Words(f"不是电子表格：这是{zh}", f"not a spreadsheet: this is {en}")


def too_large(zh: str, en: str, limit: int) -> Words:
    """The file is beyond a limit."""
    return Words(
        f"超过上限：{zh}（上限 {limit}）。请删除多余内容或分成几个文件",
        f"too large: {en} (at most {limit}): remove what is not needed, or send several files",
    )


def no_filings(skipped: Sequence[tuple[str, Words]]) -> Words:
    """No sheet holds filings; ``skipped`` says why, sheet by sheet."""
    if not skipped:
        return Words("工作簿中没有工作表", "the workbook has no sheet")
    shown = skipped[:5]
    more = len(skipped) - len(shown)
    zh = "；".join(f"工作表「{name}」：{words.zh}" for name, words in shown) + (
        f"；另有 {more} 个工作表" if more else ""
    )
    en = "; ".join(f"sheet “{name}”: {words.en}" for name, words in shown) + (
        f"; and {more} more sheets" if more else ""
    )
    return Words(f"没有可检查的备案。{zh}", f"no filings to check. {en}")


BLANK_SHEET = Words("空白", "blank")
OWN_SHEET = Words("预检报告附加的工作表", "added by the report of a previous check")
CHART_SHEET = Words("图表或宏表，不含单元格", "a chart or macro sheet, without cells")
MISSING_SHEET = Words("内容缺失，文件可能已损坏", "its content is missing: the file may be damaged")
EXPECTED = Words(
    "应有表头，如：主办单位名称、主办单位证件号码、网站名称、域名",
    "expected are headers such as 主办单位名称, 主办单位证件号码, 网站名称, 域名",
)


def no_header(found: Sequence[str], looks_like: Sequence[tuple[str, str]]) -> Words:
    """No row is a header; ``found`` is the fullest of the first rows."""
    zh = f"前 30 行内未找到表头。{EXPECTED.zh}"
    en = f"no header in the first 30 rows; {EXPECTED.en}"
    if found:
        shown = "、".join(found)
        zh, en = f"{zh}；见到的是：{shown}", f"{en}; found: {shown}"
    if looks_like:
        zh += "；相近的有：" + "、".join(f"「{text}」≈ {label}" for text, label in looks_like)
        en += "; alike are: " + ", ".join(f"“{text}” ≈ {label}" for text, label in looks_like)
    return Words(zh, en)


NO_ROWS = Words("有表头，但其下没有备案", "a header, but no filing below it")
