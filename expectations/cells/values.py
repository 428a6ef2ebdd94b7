"""Single values read from visible text: telephones, dates, domains, choices. Used by :mod:`expectations.cells`.

Each function takes text in one width without invisible characters (line breaks kept where a cell may
hold several values) and returns the canonical form, or the text itself where it cannot be read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date as calendar_date
from datetime import timedelta
from functools import cache
from importlib.resources import files

from expectations.cells.traditional import simplified_label
from expectations.filing import LONG_TERM, NO, SEPARATOR, YES, Choice

# ── numbers ──────────────────────────────────────────────────────────────────────────────────────

_QUOTES = "'`’‘′"  # a leading one tells Excel that a number is text
_HYPHENS = re.compile("[-‐‑‒–—―−－_]")
_FLOAT = re.compile(r"([0-9]+)\.0+")
_EXPONENT = re.compile(r"([0-9])\.([0-9]+)E\+?([0-9]{1,2})", re.IGNORECASE)


def _whole_number(text: str) -> str:
    """A number as some reader wrote it, in plain digits, if none of its digits is lost."""
    text = text.lstrip(_QUOTES)
    if match := _FLOAT.fullmatch(text):
        return match[1]
    if (match := _EXPONENT.fullmatch(text)) and len(match[2]) == int(match[3]):
        return match[1] + match[2]
    return text


# Cyrillic and Greek capitals that look like Latin ones, as text copied from elsewhere brings them along.
_TWINS = str.maketrans("АВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXIJSABEZHIKMNOPTYX")


def identifier(text: str) -> str:
    """Upper case, no spaces, no hyphens but the one before the serial of a site's ICP number (…号-1)."""
    text = _HYPHENS.sub("-", _whole_number(text.replace(" ", "")).upper().translate(_TWINS))
    head, mark, serial = text.partition("号")
    return head.replace("-", "") + mark + (re.sub("-+", "-", serial) if mark else "")


_PHONE_BREAKS = re.compile(r"[;,、/\\|\n]|或")
_EXTENSION = re.compile(r"(?:转|分机号?|ext\.?|x|#)[:\s]*([0-9]{1,6})$|(?<=[0-9]{7})-([0-9]{1,5})$", re.IGNORECASE)
_PHONE_NOISE = re.compile(r"[\s().-]")
_AFTER_AREA = re.compile(r"^((?:(?:\+|00)?86[\s-]*)?\(?0[0-9]{2,3}\)?)\s*~\s*")
_PHONE_LABEL = re.compile(r"^(?:tel|phone|mobile|电话|手机号?码?|座机|固话)[:.\s]*", re.IGNORECASE)
_MOBILE = re.compile("1[3-9][0-9]{9}")
_COMMON = re.compile(r"(?:\+?86|0086)?[ -]?(1[3-9][0-9])[ -]?([0-9]{4})[ -]?([0-9]{4})")


def phones(text: str) -> str:
    """Digits only, several joined by ``;``: 13805710001, 057188880001, 057188880001转801, +85223456789."""
    if match := _COMMON.fullmatch(text):
        return "".join(match.groups())
    found = [phone for part in _PHONE_BREAKS.split(text) for phone in _phones_in(part.strip())]
    return SEPARATOR.join(dict.fromkeys(found))


def _phones_in(text: str) -> list[str]:
    """Numbers with only spaces between, if each is complete by itself."""
    parts = [_phone(part) for part in text.split(" ")]
    if len(parts) > 1 and all(_MOBILE.fullmatch(part) or re.fullmatch("0[0-9]{9,11}", part) for part in parts):
        return parts
    return [_phone(text)] if text else []


def _phone(text: str) -> str:
    body = _PHONE_LABEL.sub("", _HYPHENS.sub("-", _whole_number(text)))
    body = _AFTER_AREA.sub(r"\1-", body)  # elsewhere ~ is a range of numbers
    extension = ""
    if match := _EXTENSION.search(body):
        body, extension = body[: match.start()], "转" + (match[1] or match[2])
    digits = _PHONE_NOISE.sub("", body)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return text
    return _national(digits) + extension


def _national(digits: str) -> str:
    """A number without the country's code; with it, the zero of the area is often left off."""
    if re.fullmatch("01[3-9][0-9]{9}", digits):
        return digits[1:]
    for prefix in ("+86", "0086", "086", "86"):
        rest = digits.removeprefix(prefix)
        # An area code can begin with 86 in no province, but a local number can: 86571234.
        if rest != digits and (prefix[0] == "+" or len(rest) >= 10):
            if rest.startswith("0"):
                return _national(rest)
            if _MOBILE.fullmatch(rest) or not 10 <= len(rest) <= 11 or rest.startswith(("400", "800")):
                return rest
            return "0" + rest
    return "+" + digits.removeprefix("00") if digits.startswith("00") and len(digits) > 9 else digits


# ── e-mail addresses, domains, URLs ──────────────────────────────────────────────────────────────


def email(text: str) -> str:
    """Lower case, no spaces, Chinese full stops as dots."""
    return text.replace(" ", "").replace("。", ".").lower().removeprefix("mailto:")


_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?/+", re.IGNORECASE)
_VALUE_BREAKS = re.compile(r"[;,、|\s]+")
_PATH = re.compile(r"[/?#\\].*$")
_DOMAIN = re.compile(r"[^\s:?#.]+(?:\.[^\s:?#.]+)*\.[^\s:?#.0-9]{2,}")
_PAGE = re.compile(r"\.(?:s?html?|php|aspx?|jspx?|do|action|cgi|xml|txt|pdf)$", re.IGNORECASE)
_PORT = re.compile(r"(?::[0-9]*)+$")


def domains(text: str) -> str:
    """Lower case, without scheme, path, port and closing dot, in Chinese rather than punycode; joined by ``;``."""
    return SEPARATOR.join(
        dict.fromkeys(filter(None, (d for part in _VALUE_BREAKS.split(text) for d in _domains(part))))
    )


def _domains(text: str) -> list[str]:
    """One domain, or several with slashes between where nothing reads as a path."""
    parts = [part.rstrip(".。") for part in text.split("/")]
    if len(parts) > 1 and all(_DOMAIN.fullmatch(part) and not _PAGE.search(part) for part in parts):
        return [_host(part) for part in parts]
    return [_host(_PATH.sub("", _SCHEME.sub("", text)))]


def _host(text: str) -> str:
    host = _PORT.sub("", text.replace("。", ".").lower()).rstrip(".")
    return ".".join(_label(label) for label in host.split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        shown = label.encode("ascii").decode("idna")
    except UnicodeError:
        return label
    return shown if shown == shown.lower() and not re.search(r"[\s;,、|/.]", shown) else label


def urls(text: str) -> str:
    """Scheme and host in lower case, the path as it stands, no closing slash after a bare host; joined by ``;``."""
    return SEPARATOR.join(dict.fromkeys(filter(None, map(_url, re.split(r"[;、\s]+", text)))))


def _url(text: str) -> str:
    scheme = _SCHEME.match(text)
    start = scheme[0].lower().replace("///", "//") if scheme else ""
    rest = text[scheme.end() :] if scheme else text
    path = _PATH.search(rest)
    port = _PORT.search(rest[: path.start()] if path else rest)
    host = _host(rest[: path.start()] if path else rest)
    tail = path[0] if path and path[0] not in ("/", "\\") else ""
    return start + host + (port[0] if port and port[0] != ":" else "") + tail


# ── dates ────────────────────────────────────────────────────────────────────────────────────────

_LONG_TERM = {
    "长期", "长期有效", "永久", "永久有效", "无固定期限", "无期限", "无限期", "不约定期限", "永续经营",
    "long-term", "longterm", "permanent", "indefinite",
}  # fmt: skip
_DATE_SPACES = re.compile("(?<=[-./年月长]) | (?=[-./年月日号期])")
_TIME = r"(?:[T ]*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_YMD = re.compile(r"([12][0-9]{3})([-./年])([0-9]{1,2})([-./月])([0-9]{1,2})[日号]?" + _TIME)
_COMPACT = re.compile(r"([12][0-9]{3})([01][0-9])([0-3][0-9])(?:\.0+)?")
_NEVER = re.compile(r"9999[-./年]?12[-./月]?31日?" + _TIME)  # what registries store for 长期
_PERIOD = re.compile(r"\s*(?:起?至|到|~|-+|–|—+)\s*")
_SERIAL = re.compile(r"([2-7][0-9]{4})(?:\.[0-9]+)?")
_SERIAL_ORIGIN = calendar_date(1899, 12, 30)  # with the day of 1900 that Excel counts too many


def date(text: str) -> str:
    """ISO, or 长期; a date that does not exist stays as it was typed."""
    bare = _DATE_SPACES.sub("", _HYPHENS.sub("-", text.lstrip(_QUOTES)))
    if simplified_label(bare).lower() in _LONG_TERM:
        return LONG_TERM
    match = _YMD.fullmatch(bare) or _COMPACT.fullmatch(bare)
    if match:
        parts = match.groups()
        year, month, day = (int(parts[at]) for at in ((0, 2, 4) if len(parts) == 5 else (0, 1, 2)))
        try:
            return calendar_date(year, month, day).isoformat()
        except ValueError:
            return text
    if match := _SERIAL.fullmatch(bare):
        return (_SERIAL_ORIGIN + timedelta(days=int(match[1]))).isoformat()
    return text


def end_date(text: str) -> str:
    """The end of a period written as certificates print it, 2015.01.01-2035.01.01; else as :func:`date`."""
    found = date(text)
    if found != text or not text:
        return found
    bare = text.removeprefix("自").removesuffix("止").strip()
    if _NEVER.fullmatch(bare):
        return LONG_TERM
    for gap in _PERIOD.finditer(bare):  # a hyphen may part the days of a date as well
        start, end = date(bare[: gap.start()]), date(bare[gap.end() :])
        if _is_iso(start) and (end == LONG_TERM or _is_iso(end)):
            return end
    return text


def _is_iso(text: str) -> bool:
    return bool(re.fullmatch("[12][0-9]{3}-[0-9]{2}-[0-9]{2}", text))


# ── choices, provinces, yes and no ───────────────────────────────────────────────────────────────

_YES = {
    "是", "有", "已", "对", "y", "yes", "true", "1", "1.0", "√", "✓", "✔", "☑",
    "已签", "已签字", "已盖", "已盖章", "已按", "已按指纹", "开", "开启", "已开启",
}  # fmt: skip
_NO = {
    "否", "无", "未", "没有", "不是", "n", "no", "false", "0", "0.0", "×", "x", "✗", "✘", "✕",
    "未签", "未签字", "未盖", "未盖章", "未按", "未按指纹", "关", "关闭", "已关闭", "未开启",
}  # fmt: skip


def yes_or_no(text: str) -> str:
    """是 or 否."""
    word = simplified_label(text.replace(" ", "").lower())
    return YES if word in _YES else NO if word in _NO else text


def _sign(text: str) -> str:
    """What two ways of writing a choice have in common: width, case, spaces and traditional characters do not
    tell them apart."""
    return re.sub(r"\s", "", simplified_label(text)).replace("（", "(").replace("）", ")").casefold()


@cache
def _signs(choices: tuple[Choice, ...]) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for pick in (lambda c: (c.value,), lambda c: (c.en,), lambda c: c.aliases):  # a value before any alias
        for choice_ in choices:
            for text in pick(choice_):
                known.setdefault(_sign(text), choice_.value)
    return known


def choice(choices: tuple[Choice, ...], text: str) -> str:
    """The value meant, by its name, English name or alias."""
    return _signs(choices).get(_sign(text), text)


def several_choices(choices: tuple[Choice, ...], text: str) -> str:
    """The values meant, joined by ``;``, each once. A comma may be part of an English name."""
    found: list[str] = []
    for part in filter(None, map(str.strip, re.split(r"[;、/|\n]", text))):
        value = choice(choices, part)
        commas = [choice(choices, piece.strip()) for piece in part.split(",") if piece.strip()]
        found += [value] if value != part or len(commas) < 2 else commas
    return SEPARATOR.join(dict.fromkeys(found))


@cache
def _provinces() -> Mapping[str, str]:
    """Every way of writing a province that leaves no doubt, by :func:`_sign`."""
    known: dict[str, str] = {}
    for row in _table("provinces.csv"):
        short, code = row["province"], row["code"]
        long = (row["full_name"], f"{short}省", f"{short}市", f"{short}自治区", row["en"], f"{row['en']} Province")
        for text in (short, code, f"{code}0000", f"{code}.0", f"{code}0000.0", *long):
            known[_sign(text)] = short
    return known | {
        "新疆生产建设兵团": "新疆", "新疆兵团": "新疆", "内蒙": "内蒙古", "innermongolia": "内蒙古", "xizang": "西藏",
    }  # fmt: skip


@cache
def _full_names() -> tuple[tuple[str, str], ...]:
    return tuple((row["full_name"], row["province"]) for row in _table("provinces.csv"))


def province(text: str) -> str:
    """The short name (广西) by short or full name or GB/T 2260 code; a full name may be followed by a city."""
    if known := _provinces().get(_sign(text)):
        return known
    plain = simplified_label(text)
    return next((short for full, short in _full_names() if plain.startswith(full)), text)


def _table(name: str) -> list[dict[str, str]]:
    text = (files("expectations") / "reference" / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines()))
