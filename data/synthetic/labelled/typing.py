"""The same filing as senders type it: in other widths, with spaces, prefixes, aliases and forms of a date."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from expectations.filing import COLUMNS

_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_ALIASES = {
    "居民身份证": ("身份证", "二代身份证"),
    "营业执照": ("工商营业执照", "营业执照副本"),
    "企业": ("公司", "企业单位"),
    "个人": ("自然人",),
    "台湾居民来往大陆通行证": ("台胞证",),
    "港澳居民来往内地通行证": ("回乡证",),
    "新增网站（原备案在本接入商）": ("新增网站（原备案在阿里云）", "有主体新增网站"),
    "接入备案": ("新增接入",),
    "新增网站（原备案不在本接入商）": ("新增网站（原备案不在阿里云）", "无主体新增网站"),
    "首次备案": ("首次",),
    "统一社会信用代码证书": ("统一社会信用代码",),
    "事业单位法人证书": ("事业法人证书",),
    "其他": ("其它",),
    "单位门户网站": ("单位门户",),
    "博客/个人空间": ("博客",),
    "中文简体": ("简体中文", "中文"),
    "变更备案": ("变更",),
    "社会团体": ("社团",),
    "民办非企业单位": ("民非",),
    "律师执业机构": ("律师事务所",),
}
_FULL = {
    "内蒙古": "内蒙古自治区",
    "广西": "广西壮族自治区",
    "西藏": "西藏自治区",
    "宁夏": "宁夏回族自治区",
    "新疆": "新疆维吾尔自治区",
    "北京": "北京市",
    "天津": "天津市",
    "上海": "上海市",
    "重庆": "重庆市",
}

Messy = Callable[[str, Random], str]


def _wide(text: str, chance: Random) -> str:
    return text.translate(_WIDE)


def _spaced(text: str, chance: Random) -> str:
    return chance.choice((f" {text}", f"{text} ", f"{text}　", f"\xa0{text}", f"{text}\u200b", f"{text}\n"))


def _phone(text: str, chance: Random) -> str:
    if text.startswith("1") and text.isdigit():
        return chance.choice(
            (
                f"+86 {text}",
                f"86-{text}",
                f"0086{text}",
                f"{text[:3]} {text[3:7]} {text[7:]}",
                f"{text[:3]}-{text[3:7]}-{text[7:]}",
                f"(+86){text}",
                text.translate(_WIDE),
            )
        )
    if not text.startswith("0"):
        return text
    length = 3 if text[:3] in ("010", "020", "021", "022", "023", "024", "025", "027", "028", "029") else 4
    area, rest = text[:length], text[length:].replace("转", chance.choice(("转", "-", "转")))
    return chance.choice(
        (
            f"{area}-{rest}",
            f"086-{area}-{rest}",
            f"({area}){rest}",
            f"（{area}）{rest}",
            f"{area} {rest}",
            f"+86-{area[1:]}-{rest}",
        )
    )


def _date(text: str, chance: Random) -> str:
    if text.count("-") != 2:
        return chance.choice((text, "长期有效"))
    year, month, day = text.split("-")
    short = (year, str(int(month)), str(int(day)))
    return chance.choice(
        (
            "/".join(short),
            "-".join(short),
            ".".join((year, month, day)),
            f"{year}{month}{day}",
            f"{short[0]}年{short[1]}月{short[2]}日",
            "/".join((year, month, day)),
            f"{text} 00:00:00",
        )
    )


def _identifier(text: str, chance: Random) -> str:
    if "ICP" in text:
        return chance.choice((text.replace("ICP", "icp"), text.replace("ICP", " ICP "), text.translate(_WIDE)))
    forms = [text.lower(), text.translate(_WIDE), f"{text[:6]} {text[6:14]} {text[14:]}", f"{text} "]
    return chance.choice(forms)


def _name(text: str, chance: Random) -> str:
    forms = [f"{text} ", text.replace("（", "(").replace("）", ")"), text.replace("(", "（").replace(")", "）")]
    if "·" in text:
        forms += [text.replace("·", "•"), text.replace("·", " · "), text.replace("·", "・")]
    elif len(text) <= 3 and text[0] > "一":
        forms += [" ".join(text), "　".join(text)]
    return chance.choice(forms)


def _domain(text: str, chance: Random) -> str:
    forms = [text.upper(), f"http://{text}", f"https://{text}/", f"{text}.", text.translate(_WIDE), f" {text}"]
    if not text.isascii():
        forms = [text.encode("idna").decode(), text.replace(".", "。"), f" {text}"]
    return chance.choice(forms)


def _url(text: str, chance: Random) -> str:
    return chance.choice((text.upper(), f"{text.rstrip('/')}/", f"{text.rstrip('/')}/index.html", f"{text} "))


def _yes_no(text: str, chance: Random) -> str:
    return chance.choice(("是", "Y", "yes", "√") if text == "是" else ("否", "N", "no"))


def _province(text: str, chance: Random) -> str:
    return chance.choice((_FULL.get(text, text + "省"), text, f"{text} "))


_BY_KIND: dict[str, tuple[Messy, ...]] = {
    "text": (_spaced,),
    "title": (_spaced,),
    "name": (_name, _spaced),
    "identifier": (_identifier,),
    "province": (_province,),
    "choice": (lambda text, chance: chance.choice(_ALIASES.get(text, (text + " ",))),),
    "choices": (
        lambda text, chance: chance.choice((text.replace(";", "、"), text.replace(";", "；"), text.replace(";", ","))),
    ),
    "phone": (_phone,),
    "email": (lambda text, chance: chance.choice((text.upper(), _wide(text, chance), text + " ")),),
    "url": (_url,),
    "domain": (_domain,),
    "date": (_date,),
    "yes/no": (_yes_no,),
}


def typed(filing: dict[str, str], chance: Random, share: float = 0.15) -> dict[str, str]:
    """The filing with about ``share`` of its cells written in another harmless way."""
    made = dict(filing)
    for key, text in filing.items():
        forms = _BY_KIND.get(COLUMNS[key].kind, ()) if key in COLUMNS else ()
        if key in ("filing_no", "site_remark", "subject_remark"):
            continue
        if key == "statement_province":
            forms = (_province,)
        if forms and text and chance.random() < share:
            made[key] = chance.choice(forms)(text, chance)
    return made
