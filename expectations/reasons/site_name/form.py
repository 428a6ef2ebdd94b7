"""The characters a site name is made of, and its length."""

from __future__ import annotations

import unicodedata

import pandas as pd

from expectations.facts.domains import VERIFIED
from expectations.facts.people import HAN, per_value
from expectations.filing import SEPARATOR
from expectations.rows import Case, Filings, derived
from expectations.rule import Words, rule

NAMES = "Aliyun ICP docs 2019-09, 填写主体信息和网站信息 and 备案驳回FAQ"
SYMBOLS = f"{NAMES}; which symbols are tolerated: reposts of Tencent Cloud's ICP docs"

_TOLERATED = "()（）·-•‧∙⋅・–—"
_THREE_CHINESE = f"(?:[{HAN}].*){{3}}"
_TWO_BESIDE_LETTERS = f"[A-Za-z].*[{HAN}].*[{HAN}]|[{HAN}].*[{HAN}].*[A-Za-z]"
_DOMAIN = r"^(?:https?://)?(?:[0-9a-z一-龥-]+\.)+(?:[a-z]{2,}|中国|公司|网络)/?$"


def _bare(names: pd.Series) -> pd.Series:
    """Without what people type around a domain."""
    return names.str.lower().str.replace(r"^(?:https?://)?(?:www\.)?|/$", "", regex=True)


@derived("site_name.is_domain")
def _is_domain(rows: Filings) -> pd.Series:
    """``whole``: a domain, this filing's or another; ``label``: the domain without its suffix."""
    name, domain = _bare(rows["site_name"]), _bare(rows["domain"])
    several = domain.str.contains(SEPARATOR, regex=False).astype(bool)
    one_of = (SEPARATOR + domain + SEPARATOR).where(several, "")
    named = pd.Series(
        [f"{SEPARATOR}{part}{SEPARATOR}" in many for part, many in zip(name[several], one_of[several], strict=True)],
        dtype=bool,
    )
    whole = (name == domain) | (name == rows["registrable_domain"]) | name.str.contains(_DOMAIN).astype(bool)
    whole[several] |= named.to_numpy()
    label = (name == rows["domain_label"]) | (name == domain.str.replace(r"\..*$", "", regex=True))
    known = (domain != "") & (name != "")
    return rows.constant("").mask(known & label, "label").mask(known & whole, "whole")


@derived("site_name.form")
def _form(rows: Filings) -> pd.Series:
    """What is wrong with the name as a whole, one thing only: domain, digits, latin, short or nothing."""
    name = rows["site_name"]
    enough = name.str.contains(_THREE_CHINESE).astype(bool)
    fault = rows.constant("").mask(~enough, "short")
    fault = fault.mask(name.str.contains("^[A-Za-z .&'-]*[A-Za-z][A-Za-z .&'-]*$").astype(bool), "latin")
    fault = fault.mask(name.str.contains("^[0-9 .-]*[0-9][0-9 .-]*$").astype(bool), "digits")
    return fault.mask(
        (rows["site_name.is_domain"] != "") & ~(enough & (rows["site_name.is_domain"] == "label")),
        "domain",
    )


@rule(
    "ICP0201",
    zh="网站名称不足三个汉字", en="The site name has fewer than three Chinese characters",
    columns=("site_name",), case=VERIFIED, severity="error",
    warning_if=Case(
        "两个汉字加字母，有的接入商按三个字计", "two with letters beside them, which one provider counts too",
        lambda rows: rows["site_name"].str.contains(_TWO_BESIDE_LETTERS).astype(bool),
    ),
    message=Words("网站名称「{site_name}」不足三个汉字", "「{site_name}」 has fewer than three Chinese characters"),
    fix=Words("改为三个以上汉字的名称", "Choose a name of three Chinese characters or more"),
    owner="filer", source=NAMES,
    good=[{"site_name": "晨光馆"}, {"site_name": "AI学习馆"}, {"site_name": "晨·光·馆"}, {"site_name": "㛃光馆"}],
    bad=[{"site_name": "晨光"}, {"site_name": "php开发"}, {"site_name": "晨光2026"}, {"site_name": "A1"}],
)  # fmt: skip
def fewer_than_three_chinese_characters(rows: Filings) -> pd.Series:
    """The system refuses shorter names; letters and digits do not count there, but the samples of another
    provider count letters (php开发), so with two Chinese characters beside letters it only warns."""
    return rows["site_name.form"] == "short"


@rule(
    "ICP0202",
    zh="网站名称为纯数字", en="The site name is digits only",
    columns=("site_name",), case=VERIFIED, severity="error",
    message=Words("网站名称「{site_name}」只有数字", "「{site_name}」 is nothing but digits"),
    fix=Words("改为三个以上汉字的名称", "Choose a name of three Chinese characters or more"),
    owner="filer", source=NAMES,
    good=[{"site_name": "一二三书屋"}, {"site_name": "2026晨光馆"}],
    bad=[{"site_name": "20260115"}, {"site_name": "123 456"}],
)  # fmt: skip
def digits_only(rows: Filings) -> pd.Series:
    """A number says nothing of the site."""
    return rows["site_name.form"] == "digits"


@rule(
    "ICP0203",
    zh="网站名称为纯字母", en="The site name is Latin letters only",
    columns=("site_name",), case=VERIFIED, severity="error",
    message=Words("网站名称「{site_name}」只有字母", "「{site_name}」 is nothing but letters"),
    fix=Words("改为三个以上汉字的名称", "Choose a name of three Chinese characters or more"),
    owner="filer", source=NAMES,
    good=[{"site_name": "晨光书屋BOOK"}],
    bad=[{"site_name": "Chenguang"}, {"site_name": "Chenguang Books"}],
)  # fmt: skip
def latin_only(rows: Filings) -> pd.Series:
    """Names are filed in Chinese."""
    return rows["site_name.form"] == "latin"


_ONLY_THE_LABEL = Case(
    "仅与中文域名的主体部分相同",
    "equal to the label of a Chinese domain",
    lambda rows: (rows["site_name.is_domain"] == "label") & rows["site_name"].str.contains(_THREE_CHINESE).astype(bool),
)


@rule(
    "ICP0204",
    zh="网站名称就是域名", en="The site name is a domain",
    columns=("site_name",), case=VERIFIED, evidence=("domain",), severity="error", warning_if=_ONLY_THE_LABEL,
    message=Words(
        "网站名称「{site_name}」与域名「{domain}」相同（或本身就是域名）",
        "「{site_name}」 is the domain 「{domain}」 or another domain",
    ),
    fix=Words("改为与网站内容相关的中文名称", "Choose a Chinese name that tells what the site is about"),
    owner="filer", source=NAMES,
    good=[
        {"site_name": "晨光书屋", "domain": "chenguang-sample.cn"},
        {"site_name": "晨光样例馆", "domain": "晨光样例.中国"},
        {"site_name": "Sample", "domain": "chenguang-sample.cn"},
    ],
    bad=[
        {"site_name": "chenguang-sample.cn"}, {"site_name": "WWW.Chenguang-Sample.CN"},
        {"site_name": "chenguang-sample"},
        {"site_name": "http://www.chenguang-sample.cn/"}, {"site_name": "another-sample.com"},
        {"site_name": "b-sample.cn", "domain": "a-sample.cn;b-sample.cn"},
        {"site_name": "12345", "domain": "12345.com"},
        {"site_name": "晨光样例.中国", "domain": "晨光样例.中国"}, {"site_name": "晨光样例", "domain": "晨光样例.中国"},
    ],
)  # fmt: skip
def site_name_is_a_domain(rows: Filings) -> pd.Series:
    """A domain is not a name. The brand in front of a Chinese suffix may well be one, so that is a question only."""
    return rows["site_name.is_domain"] != ""


@derived("site_name.symbols")
def _symbols(rows: Filings) -> pd.Series:
    """The characters of each name that are neither letters nor digits nor tolerated."""
    name = rows["site_name"].where(rows["site_name.form"] != "domain", "")
    return per_value(name.where(name.str.contains(r"[^0-9A-Za-z一-龥]").astype(bool), ""), _odd_characters)


def _odd_characters(name: str) -> str:
    return "".join(
        dict.fromkeys(
            character
            for character in name
            if character not in _TOLERATED and not (_is_letter(character) or character.isdecimal())
        )
    )


def _is_letter(character: str) -> bool:
    return unicodedata.category(character) in ("Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Mn", "Nl", "Co")


def _shown(characters: str) -> str:
    return " ".join("空格" if character == " " else character for character in characters)


@rule(
    "ICP0205",
    zh="网站名称含特殊符号", en="The site name holds special symbols",
    columns=("site_name",), case=VERIFIED, severity="error",
    message=Words("网站名称「{site_name}」含特殊符号：{symbols}", "「{site_name}」 holds special symbols: {symbols}"),
    fix=Words("去掉特殊符号", "Take the symbols out"),
    owner="filer", source=SYMBOLS,
    good=[
        {"site_name": "晨光书屋（杭州）"}, {"site_name": "晨光书屋ABC123"}, {"site_name": "晨光-书屋"},
        {"site_name": "阿·晨光馆"},
        {"site_name": "晨光書屋"}, {"site_name": "〇五学社"}, {"site_name": "晨光の本屋"},
        {"site_name": "another.sample.com"},
    ],
    bad=[
        {"site_name": "晨光@书屋"}, {"site_name": "晨光 书屋"}, {"site_name": "晨光、书屋"},
        {"site_name": "晨光书屋！"},
        {"site_name": "晨光书屋😀"}, {"site_name": "《晨光书屋》"}, {"site_name": "晨光书屋|首选"},
        {"site_name": "晨光①号馆"},
    ],
)  # fmt: skip
def special_symbols(rows: Filings) -> pd.Series:
    """Punctuation, blanks and pictures are no part of a name."""
    return rows["site_name.symbols"] != ""


@special_symbols.details
def _without_symbols(rows: Filings) -> dict[str, pd.Series]:
    def mend(name: str) -> str:
        odd = _odd_characters(name)
        mended = "".join(character for character in name if character not in odd)
        # What is left must be a name by itself, or taking the symbols out is no repair.
        return mended if sum("一" <= character <= "龥" for character in mended) >= 3 else ""

    return {"symbols": per_value(rows["site_name.symbols"], _shown), "expected": per_value(rows["site_name"], mend)}


@rule(
    "ICP0206",
    zh="网站名称含括号、连字符或间隔号", en="The site name holds brackets, hyphens or middle dots",
    columns=("site_name",), case=VERIFIED, severity="warning",
    message=Words(
        "网站名称「{site_name}」含括号、连字符或间隔号，部分地区不接受",
        "「{site_name}」 holds brackets, hyphens or middle dots, which some take and some do not",
    ),
    fix=Words("如无必要，去掉这些符号", "Take them out if the name does without"),
    owner="filer", source=SYMBOLS,
    good=[
        {"site_name": "晨光书屋"}, {"site_name": "晨光@书屋（杭州）"}, {"site_name": "chenguang-sample.cn"},
        {"site_name": "晨光(杭州)样例有限公司官网", "subject_name": "晨光(杭州)样例有限公司"},
    ],
    bad=[
        {"site_name": "晨光书屋（杭州）"}, {"site_name": "晨光书屋(杭州)"}, {"site_name": "晨光-书屋"},
        {"site_name": "阿·晨光馆"},
    ],
)  # fmt: skip
def tolerated_symbols(rows: Filings) -> pd.Series:
    """Nobody publishes the list of special symbols; these are the ones said to pass. Brackets within the
    subject's own registered name are no question."""
    pattern = "[" + "".join("\\" + character for character in "()-") + "·•‧∙⋅・–—（）]"
    held = rows["site_name"].str.contains(pattern).astype(bool)
    names = zip(rows["site_name"][held], rows["subject_name"][held], strict=True)
    beside = pd.Series([name.replace(subject, "") if subject else name for name, subject in names], dtype="str")
    held[held] = beside.str.contains(pattern).to_numpy(dtype=bool)
    return held & (rows["site_name.symbols"] == "") & (rows["site_name.form"] != "domain")


_OWN_NAME = Case(
    "与主办单位名称相同", "the subject's own name",
    lambda rows: rows["site_name"].str.replace(r"[()（）]", "", regex=True)
    == rows["subject_name"].str.replace(r"[()（）]", "", regex=True),
)  # fmt: skip


@rule(
    "ICP0207",
    zh="网站名称过长（超过 30 字）", en="The site name is too long (more than 30 characters)",
    columns=("site_name",), case=VERIFIED, severity="error", warning_if=_OWN_NAME,
    message=Words("网站名称有 {length} 个字，超过 30 字", "the site name has {length} characters, more than 30"),
    fix=Words("改用简称", "Use a shorter form"),
    owner="filer", source="an access provider's form takes 30 characters",
    good=[{"site_name": "晨" * 30}],
    bad=[{"site_name": "晨" * 31}],
)  # fmt: skip
def longer_than_thirty_characters(rows: Filings) -> pd.Series:
    """The form cuts or refuses more."""
    return rows["site_name"].str.len() > 30


@rule(
    "ICP0208",
    zh="网站名称偏长（超过 20 字）", en="The site name is long (more than 20 characters)",
    columns=("site_name",), case=VERIFIED & ~_OWN_NAME, severity="warning",
    message=Words("网站名称有 {length} 个字，建议不超过 20 字", "the site name has {length} characters; 20 are plenty"),
    fix=Words("改用简称", "Use a shorter form"),
    owner="filer", source="advice of access providers",
    good=[{"site_name": "晨" * 20}, {"site_name": "晨" * 31}, {"site_name": "晨" * 21, "subject_name": "晨" * 21}],
    bad=[{"site_name": "晨" * 21}],
)  # fmt: skip
def longer_than_twenty_characters(rows: Filings) -> pd.Series:
    """Long names read as descriptions; no bureau publishes a limit."""
    length = rows["site_name"].str.len()
    return (length > 20) & (length <= 30)


def _length(rows: Filings) -> dict[str, pd.Series]:
    return {"length": rows["site_name"].str.len().astype("str")}


longer_than_thirty_characters.details(_length)
longer_than_twenty_characters.details(_length)
