"""Filings typed as people type them: odd headers, notes between, odd cells. Whatever is drawn, they are the same."""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import MAC_EPOCH

from expectations.filing import COLUMNS, NO, SEPARATOR, YES
from tests import made

Dirty = Callable[[str, str, random.Random], Any]
"""Key of the column, text as typed cleanly, chance → what is typed."""

_EDGES = ("", " ", "\xa0", "\u3000", "\u200b", "\ufeff", "\t", "\n")
_TWINS = str.maketrans("ABEKMHOPCTX", "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425")
_GROUPS = ("主办单位", "主体负责人", "网站负责人", "域名持有者")


def _wide(_: str, text: str, __: random.Random) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def _padded(_: str, text: str, chance: random.Random) -> str:
    return chance.choice(_EDGES) + text + chance.choice(_EDGES)


def _broken(_: str, text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return text[:place] + chance.choice(("\u200b", "\u200d", "\ufeff", "\u2060")) + text[place:]


def _upper(_: str, text: str, __: random.Random) -> str:
    return text.upper()


def _lower(_: str, text: str, __: random.Random) -> str:
    return text.lower()


def _quoted(_: str, text: str, __: random.Random) -> str:
    return "'" + text


def _twins(_: str, text: str, __: random.Random) -> str:
    return text.translate(_TWINS)


def _grouped(_: str, text: str, chance: random.Random) -> str:
    """Digits in groups, with whatever keeps them apart."""
    apart = chance.choice((" ", "-", "－", "\xa0"))
    return apart.join((text[:6], text[6:14], text[14:])) if len(text) == 18 else text


def _phone(_: str, text: str, chance: random.Random) -> Any:
    numbers = text.split(SEPARATOR)
    if text.startswith("0"):
        numbers = [chance.choice(("{}-{}", "（{}）{}", "+86 {} {}", "{} {}")).format(text[:4], text[4:])]
    elif len(numbers) == 1 and chance.random() < 0.3:
        return int(text)
    else:
        way = chance.choice(("+86 {}-{}-{}", "0086{}{}{}", "86-{} {} {}", "{} {} {}", "{}-{}-{}", "{}{}{}.0"))
        numbers = [way.format(number[:3], number[3:7], number[7:]) for number in numbers]
    return chance.choice(("、", "；", ";", "/", "\n", "，", " / ")).join(numbers)


def _domain(_: str, text: str, chance: random.Random) -> str:
    domains = [
        chance.choice(("{}", "http://{}/", "HTTPS://{}", "{}.", "{}/index.html")).format(d) for d in text.split(";")
    ]
    if any("/" in domain for domain in domains):
        return chance.choice(("、", "；", ";", "\n", "，", "，\n")).join(domains)
    return chance.choice(("、", "；", ";", "\n", "，", "/", " ")).join(domains)


def _date(_: str, text: str, chance: random.Random) -> Any:
    if text == "长期":
        return chance.choice(("永久", "长期有效", "无固定期限"))
    day = datetime.date.fromisoformat(text)
    return chance.choice(
        (
            day, datetime.datetime(day.year, day.month, day.day), f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}.{day.month}.{day.day}", f"{day.year}/{day.month:02d}/{day.day}", f"{day:%Y%m%d}",
            f"{day} 00:00:00", f" {day.year} 年 {day.month} 月 {day.day} 日",
        )
    )  # fmt: skip


def _choice(key: str, text: str, chance: random.Random) -> str:
    (choice,) = (one for one in COLUMNS[key].choices if one.value == text)
    return chance.choice((choice.value, choice.en, *choice.aliases))


def _yes_or_no(_: str, text: str, chance: random.Random) -> Any:
    return chance.choice({YES: ("是", "Y", "yes", True, "√", "有"), NO: ("否", "N", "no", False, "×", "无")}[text])


def _province(_: str, text: str, chance: random.Random) -> str:
    return chance.choice((text + "省", "Zhejiang", "330000", "33", f"{text}省杭州市"))


def _breaks(_: str, text: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(text))
    between = text[place - 1 : place + 1]
    return text[:place] + "\n" + text[place:] if all("一" <= letter <= "龥" for letter in between) else text


CELLS: dict[str, tuple[Dirty, ...]] = {
    "text": (_padded, _broken, _breaks),
    "title": (_padded, _broken, _wide),
    "name": (_padded, _broken, _breaks),
    "identifier": (_padded, _broken, _wide, _lower, _grouped, _twins, _quoted),
    "phone": (_padded, _broken, _wide, _phone, _phone),
    "email": (_padded, _wide, _upper),
    "url": (_padded, _wide),
    "domain": (_padded, _wide, _upper, _domain, _domain),
    "date": (_date, _padded, _wide),
    "province": (_padded, _province),
    "choice": (_padded, _wide, _choice),
    "choices": (_padded, _choice),
    "yes/no": (_padded, _yes_or_no),
    "file": (_padded,),
}
TITLES = (None, "网站备案信息汇总表", "说明：请如实填写，不得遗漏", "填表日期：2026-01-10")
ENDINGS = ("合计", "小计：8 家", "注：以上信息真实有效", "以下空白", "共 8 条", "填表人：林示例")


def typed(filing: dict[str, str], key: str, chance: random.Random, share: float) -> Any:
    """A cell as somebody types it."""
    text = filing[key]
    if not text or chance.random() > share:
        return text
    return chance.choice(CELLS[COLUMNS[key].kind])(key, text, chance)


def _label(key: str, chance: random.Random) -> str:
    text = chance.choice(COLUMNS[key].headers)
    ways = ("{}", "*{}", "{}（必填）", " {} ", "{}\n(选填)", "【{}】", "{}：", "{} *", "{}【请如实填写】")
    return text if text[-1] == "】" else chance.choice(ways).format(text)


class Sheet:
    """Rows of cells with merges, row 1 first."""

    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.hidden: set[int] = set()

    def add(self, cells: Sequence[Any]) -> int:
        self.rows.append(list(cells))
        return len(self.rows)


def sheet(filings: list[dict[str, str]], chance: random.Random, merges: bool = True) -> Sheet:  # noqa: C901
    """The filings on a sheet of some layout; ``merges`` where the format has merged and hidden cells."""
    made_sheet = Sheet()
    keys = list(made.KEYS)
    if chance.random() < 0.7:
        chance.shuffle(keys)
    for _ in range(chance.randrange(4)):
        keys.insert(chance.randrange(len(keys) + 1), "")
    left = [None] * chance.randrange(3)
    for _ in range(chance.randrange(5)):
        made_sheet.add([*left, chance.choice(TITLES)])
        if chance.random() < 0.4:
            made_sheet.add([])
    _header(made_sheet, keys, left, chance, merges)
    if chance.random() < 0.3:
        made_sheet.add([*left, *(chance.choice(("必填", "选填")) if key else None for key in keys)])
    together = chance.random() < 0.4
    places = []
    share = chance.choice((0, 0.4, 0.9))
    for filing in filings:
        for _ in range(0 if together else chance.choice((0, 0, 0, 1, 3))):
            made_sheet.add([*left, *(chance.choice((None, " ", "\u200b")) for _ in keys)])
        cells = [typed(filing, key, chance, share) if key else chance.choice((None, "内部")) for key in keys]
        places.append(made_sheet.add([*left, *cells]))
        if merges and chance.random() < 0.1:
            made_sheet.hidden.add(places[-1])
    if together and merges and len(places) > 1:
        _merge_equal(made_sheet, filings, keys, len(left), places, chance)
    for text in chance.sample(ENDINGS, chance.randrange(4)):
        for _ in range(chance.choice((0, 2))):
            made_sheet.add([])
        made_sheet.add([*left, text])
    return made_sheet


def _header(page: Sheet, keys: list[str], left: list[None], chance: random.Random, merges: bool) -> None:
    """One line of labels, or two of groups and what is left of the labels."""
    if not merges or chance.random() < 0.6:
        page.add([*left, *(_label(key, chance) if key else chance.choice((None, "自编号", "跟进人")) for key in keys)])
        return
    upper: list[Any] = [*left]
    lower: list[Any] = [*left]
    top = len(page.rows) + 1
    for key in keys:
        label = {"": "跟进人", "domain_holder_name": "域名持有者名称"}.get(key) or COLUMNS[key].zh
        group = next((group for group in _GROUPS if label.startswith(group)), None)
        upper.append(group or label)
        lower.append(label.removeprefix(group) if group else None)
        if not group:
            page.merges.append((top, len(upper), top + 1, len(upper)))
    start = len(left)
    for place in range(len(left), len(upper) + 1):
        if place == len(upper) or upper[place] != upper[start]:
            if place - start > 1 and upper[start] in _GROUPS:
                page.merges.append((top, start + 1, top, place))
                upper[start + 1 : place] = [None] * (place - start - 1)
            start = place
    page.add(upper)
    page.add(lower)


def _merge_equal(
    page: Sheet, filings: list[dict[str, str]], keys: list[str], left: int, places: list[int], chance: random.Random
) -> None:
    """One subject, several sites: what all filings share stands once, merged over their rows."""
    for number, key in enumerate(keys):
        if key and key != "filing_no" and len({filing[key] for filing in filings}) == 1 and chance.random() < 0.5:
            column = left + number
            page.merges.append((places[0], column + 1, places[-1], column + 1))
            for place in places[1:]:
                page.rows[place - 1][column] = None


def workbook(path: Path, filings: list[dict[str, str]], chance: random.Random) -> Path:
    """The filings on two sheets of an .xlsx workbook, of either epoch."""
    book = openpyxl.Workbook()
    if chance.random() < 0.3:
        book.epoch = MAC_EPOCH
    cut = chance.randrange(1, len(filings))
    for number, part in enumerate((filings[:cut], filings[cut:])):
        page, drawn = book.create_sheet(f"表{number}"), sheet(part, chance)
        for row, cells in enumerate(drawn.rows, start=1):
            for column, value in enumerate(cells, start=1):
                if value not in (None, ""):
                    page.cell(row, column, value)
        for top, first, bottom, last in drawn.merges:
            page.merge_cells(start_row=top, start_column=first, end_row=bottom, end_column=last)
        for row in drawn.hidden:
            page.row_dimensions[row].hidden = True
        page.sheet_state = "hidden" if number and chance.random() < 0.3 else "visible"
    book.save(path)
    return path


def _shown(value: Any) -> str:
    """A cell as a text file or a program without types has it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime.date):
        return f"{value.year}/{value.month}/{value.day}"
    return "" if value is None else str(value)


def other_format(path: Path, filings: list[dict[str, str]], chance: random.Random) -> Path:
    """The filings in a format without merges: text, .xlsb or .ods."""
    rows = [[_shown(value) for value in row] for row in sheet(filings, chance, merges=False).rows]
    kind = chance.choice(("csv", "xlsb", "ods"))
    if kind == "xlsb":
        return made.binary(path, rows)
    if kind == "ods":
        return made.opendocument(path, [made.opendocument_row(row) for row in rows])
    separator = chance.choice(",;\t")
    quoted = [[f'"{cell}"' if set(cell) & set('",;\t\r\n') else cell for cell in row] for row in rows]
    text = "\r\n".join(separator.join(row) for row in quoted)
    path.write_bytes(text.encode(chance.choice(("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"))))
    return path
