"""Invented filings of any size, with defects of chosen kinds planted at known places.

    python -m data.synthetic.filings --rows 10000 --defects 0.1 --out filings.xlsx

Nobody in it lives: identity numbers carry division codes that are not given to people, units are named
示例 (example), people 示 / 例 / 拟 …; the same seed gives the same workbook.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import phonenumbers
import xlsxwriter
from phonenumbers import geocoder

from expectations.filing import COLUMNS

Filing = dict[str, str | float]
"""Cells by column; a number is written as one."""


@dataclass(frozen=True)
class Place:
    province: str
    code: str
    city: str
    county: str
    area: str


PLACES = (
    Place("浙江", "33", "杭州市", "西湖区", "0571"),
    Place("浙江", "33", "宁波市", "鄞州区", "0574"),
    Place("广东", "44", "广州市", "天河区", "020"),
    Place("广东", "44", "深圳市", "南山区", "0755"),
    Place("四川", "51", "成都市", "武侯区", "028"),
    Place("湖北", "42", "武汉市", "洪山区", "027"),
    Place("山东", "37", "青岛市", "崂山区", "0532"),
    Place("福建", "35", "福州市", "鼓楼区", "0591"),
    Place("安徽", "34", "合肥市", "蜀山区", "0551"),
    Place("吉林", "22", "长春市", "朝阳区", "0431"),
    Place("黑龙江", "23", "哈尔滨市", "南岗区", "0451"),
    Place("河北", "13", "石家庄市", "长安区", "0311"),
)
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高"
GIVEN = "示例样拟构仿演习模范"
TRADE_FIRST = "云晨星海松竹青远明嘉禾瑞启博翰澜"
TRADE_SECOND = "杉舟帆川岭泽峰禾谷原汀屿溪野"
TRADES = ("图书", "家具", "茶叶", "陶瓷", "机械", "服饰", "园艺", "仪器", "包装", "照明", "乐器", "文具")
MOODS = ("晨雾", "山野", "旧书", "拾光", "微澜", "青苔", "远行", "灯下", "木槿", "海盐", "麦田", "雨巷")
NOTES = ("手记", "随笔", "札记", "小记", "见闻", "笔谈", "拾遗", "漫记")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def identity_number(division: str, birth: str, serial: int) -> str:
    """A resident identity number with its check digit (GB 11643-1999)."""
    body = f"{division}{birth}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def credit_code(division: str, serial: int) -> str:
    """A unified social credit code of an enterprise with both check digits (GB 32100-2015, GB 11714)."""
    organisation = f"MA{serial:06d}"
    values = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(values.index(c) * weight for c, weight in zip(organisation, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    digit = 11 - total % 11
    body = "91" + division + organisation + {10: "X", 11: "0"}.get(digit, str(digit))
    return body + _check_character(body)


def _check_character(body: str) -> str:
    return _ALPHABET[(31 - sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body)) % 31) % 31]


@cache
def mobile_prefixes(province: str) -> tuple[str, ...]:
    """Seven-digit segments that the numbering data gives to the province."""
    found: list[str] = []
    tries = random.Random(province)
    while len(found) < 8:
        prefix = f"{tries.choice(('138', '139', '136', '135', '158', '150'))}{tries.randrange(10_000):04d}"
        number = phonenumbers.parse(prefix + "0000", "CN")
        if geocoder.description_for_number(number, "zh").startswith(province):
            found.append(prefix)
    return tuple(found)


class Generator:
    """Faultless filings, one after the other; every number is given once."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.serial = self.random.randrange(1000)
        self.mobiles: set[str] = set()

    def mobile(self, place: Place) -> str:
        while True:
            number = self.random.choice(mobile_prefixes(place.province)) + f"{self.random.randrange(10_000):04d}"
            if number not in self.mobiles:
                self.mobiles.add(number)
                return number

    def person(self, place: Place) -> tuple[str, str]:
        """A name and an identity number."""
        self.serial += 1
        name = self.random.choice(SURNAMES) + self.random.choice(GIVEN) + self.random.choice(GIVEN)
        birth = f"{1960 + self.serial % 40}{1 + self.serial // 40 % 12:02d}{1 + self.serial // 480 % 28:02d}"
        return name, identity_number(place.code + "0000", birth, self.serial // 13_440 % 1000)

    def filing(self, number: int, individual: bool) -> Filing:
        place = self.random.choice(PLACES)
        return self._individual(number, place) if individual else self._organisation(number, place)

    def _common(self, number: int, place: Place) -> Filing:
        label = "".join(self.random.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(8)) + f"{number}"
        domain = f"{label}.{self.random.choice(('cn', 'com', 'net', 'com.cn'))}"
        year = self.random.randrange(2018, 2025)
        return {
            "filing_no": f"BA{number:06d}", "submitted_by": f"示例代理{self.random.choice('甲乙丙')}",
            "filing_type": "首次备案", "province": place.province, "city": place.city, "county": place.county,
            "domain": domain, "home_url": f"www.{domain}", "service_type": "网站", "site_languages": "中文简体",
            "domain_registrar": "示例注册商", "domain_registered_on": f"{year}-03-{1 + number % 28:02d}",
            "domain_verified_on": f"{year}-04-{1 + number % 28:02d}",
            "domain_expires_on": f"2029-03-{1 + number % 28:02d}", "domain_privacy": "否",
            "statement_province": place.province, "statement_signed": "是", "statement_domain_line": domain,
            "attachment_statement": f"{number}/statement.jpg",
        }  # fmt: skip

    def _address(self, place: Place) -> str:
        street = self.random.choice(("示例路", "样板街", "演示大道"))
        full = {"广东": "广东省", "浙江": "浙江省"}.get(place.province, f"{place.province}省")
        door = f"{self.random.randrange(1, 999)}号{self.random.randrange(101, 2000)}室"
        return f"{full}{place.city}{place.county}{street}{door}"

    def _people(self, role: str, name: str, number: str, mobile: str, emergency: str, email: str) -> Filing:
        return {
            f"{role}_name": name, f"{role}_certificate_type": "居民身份证", f"{role}_certificate_number": number,
            f"{role}_certificate_expires_on": "2038-06-30", f"{role}_mobile": mobile,
            f"{role}_emergency_mobile": emergency, f"{role}_email": email,
        }  # fmt: skip

    def _organisation(self, number: int, place: Place) -> Filing:
        common = self._common(number, place)
        trade = self.random.choice(TRADE_FIRST) + self.random.choice(TRADE_SECOND) + "示例"
        goods = self.random.choice(TRADES)
        name, code = f"{place.city.removesuffix('市')}{trade}{goods}有限公司", credit_code(place.code + "0000", number)
        address = self._address(place)
        person, identity = self.person(place)
        mobile, emergency = self.mobile(place), self.mobile(place)
        phone = place.area + f"{self.random.randrange(81_000_001, 88_999_999)}"
        email = f"office@{common['domain']}"
        return {
            **common,
            "subject_nature": "企业", "subject_certificate_type": "营业执照", "subject_certificate_number": code,
            "subject_certificate_expires_on": "长期", "subject_name": name, "subject_certificate_address": address,
            "subject_address": address, "investor": person, "legal_representative_name": person,
            "legal_representative_certificate_number": identity,
            **self._people("principal", person, identity, mobile, emergency, email),
            **self._people("site_principal", person, identity, mobile, emergency, email),
            "principal_phone": phone, "site_principal_phone": phone,
            "site_name": trade + goods, "site_content": "单位门户网站",
            "domain_holder_name": name, "domain_holder_certificate_type": "营业执照",
            "domain_holder_certificate_number": code,
            "attachment_subject_certificate": f"{number}/licence.jpg",
            "attachment_principal_id": f"{number}/principal.jpg", "statement_sealed": "是",
        }  # fmt: skip

    def _individual(self, number: int, place: Place) -> Filing:
        common = self._common(number, place)
        person, identity = self.person(place)
        address, email = self._address(place), f"me@{common['domain']}"
        return {
            **common,
            "subject_nature": "个人", "subject_certificate_type": "居民身份证", "subject_certificate_number": identity,
            "subject_certificate_expires_on": "2038-06-30", "subject_name": person,
            "subject_certificate_address": address, "subject_address": address,
            **self._people("principal", person, identity, self.mobile(place), self.mobile(place), email),
            "site_name": self.random.choice(MOODS) + self.random.choice(MOODS) + self.random.choice(NOTES),
            "site_content": "其他", "domain_holder_name": person, "domain_holder_certificate_type": "居民身份证",
            "domain_holder_certificate_number": identity, "attachment_principal_id": f"{number}/principal.jpg",
        }  # fmt: skip


def filings(rows: int, seed: int = 1, individuals: float = 0.3) -> list[Filing]:
    """``rows`` faultless filings."""
    generator = Generator(seed)
    return [generator.filing(number, generator.random.random() < individuals) for number in range(1, rows + 1)]


@dataclass(frozen=True)
class Planted:
    """A defect: the filing's place in the list, and the rules that must find it there."""

    position: int
    rules: frozenset[str]


@dataclass(frozen=True)
class Defect:
    """A way to spoil a filing, and the rules of reasons 0, 2, 7 and 9 that find it.

    ``change`` gets the filing and, where ``partner`` says so, another that is found with it.
    """

    rules: tuple[str, ...]
    change: Callable[[Filing, Filing, random.Random], None]
    who: str = "anyone"
    partner: str = ""


def _set(who: str = "anyone", **cells: str | float) -> Callable[[Filing, Filing, random.Random], None]:
    return lambda filing, partner, chance: filing.update(cells)


def _everywhere(wrong: Callable[[str], str | float], *suffixes: str) -> Callable[[Filing, Filing, random.Random], None]:
    """Spoil every cell whose key ends so, the same way: one person's data stand in several columns."""

    def change(filing: Filing, partner: Filing, chance: random.Random) -> None:
        for key in [key for key in filing if key.endswith(suffixes) and filing[key]]:
            filing[key] = wrong(str(filing[key]))

    return change


def same_mobile(filing: Filing, partner: Filing, chance: random.Random) -> None:
    """Give a filing the mobile of another subject's principal."""
    filing["principal_mobile"] = partner["principal_mobile"]
    filing["site_principal_mobile"] = partner["principal_mobile"]


def _same_person(filing: Filing, partner: Filing, chance: random.Random) -> None:
    same_mobile(filing, partner, chance)
    for role in ("principal", "site_principal", "legal_representative"):
        filing[f"{role}_name"] = partner["principal_name"]
        filing[f"{role}_certificate_number"] = partner["principal_certificate_number"]
    filing["investor"] = partner["principal_name"]


def _own_emergency(filing: Filing, partner: Filing, chance: random.Random) -> None:
    for role in ("principal", "site_principal"):
        if f"{role}_mobile" in filing:
            filing[f"{role}_emergency_mobile"] = filing[f"{role}_mobile"]


def _wrong_digit(number: str) -> str:
    return number[:-1] + ("0" if number[-1] != "0" else "1")


def _wrong_code(code: str) -> str:
    """Both check characters wrong: a pilot code has only the last one wrong and is legal."""
    body = code[:16] + ("0" if code[16] != "0" else "1")
    return body + ("0" if _check_character(body) != "0" else "1")


def _name(wrong: Callable[[Filing], str]) -> Callable[[Filing, Filing, random.Random], None]:
    return lambda filing, partner, chance: filing.update(site_name=wrong(filing))


DEFECTS: dict[str, Defect] = {
    "no e-mail": Defect(("ICP0001",), _set(principal_email="")),
    "no city": Defect(("ICP0001",), _set(city="")),
    "content class unknown": Defect(("ICP0003",), _set(site_content="卖东西")),
    "no such day": Defect(("ICP0006",), _set(domain_expires_on="2029-02-30")),
    "e-mail without @": Defect(("ICP0007",), _everywhere(lambda text: text.replace("@", ""), "_email")),
    "identity number as a number": Defect(
        ("ICP0008",),
        _everywhere(lambda text: float(text.replace("X", "0")), "subject_certificate_number"),
        who="individual",
    ),
    "identity check digit": Defect(("ICP0014",), _everywhere(_wrong_digit, "_certificate_number"), who="individual"),
    "credit code check characters": Defect(
        ("ICP0015",),
        _everywhere(_wrong_code, "subject_certificate_number", "holder_certificate_number"),
        who="organisation",
    ),
    "two characters": Defect(("ICP0201",), _name(lambda filing: "雨巷"), who="individual"),
    "digits for a name": Defect(("ICP0202",), _name(lambda filing: "20260115")),
    "letters for a name": Defect(("ICP0203",), _name(lambda filing: "Sunrise")),
    "the domain for a name": Defect(("ICP0204",), _name(lambda filing: str(filing["domain"]))),
    "a sign in the name": Defect(("ICP0205",), _name(lambda filing: f"{filing['site_name']}@")),
    "a very long name": Defect(("ICP0207",), _name(lambda filing: (str(filing["site_name"]) * 9)[:33])),
    "a state body's head word": Defect(
        ("ICP0210",), _name(lambda filing: f"中国{filing['site_name']}"), who="organisation"
    ),
    "a sensitive word": Defect(("ICP0211",), _name(lambda filing: f"{filing['site_name']}反腐"), who="organisation"),
    "a blog": Defect(("ICP0220",), _name(lambda filing: "旧书与雨巷的博客"), who="individual"),
    "a company's name for a person": Defect(("ICP0221",), _name(lambda filing: "晨雾书屋有限公司"), who="individual"),
    "a studio": Defect(("ICP0222",), _name(lambda filing: "山野拾光工作室"), who="individual"),
    "landline for a mobile": Defect(
        ("ICP0701",), _everywhere(lambda text: "057181234567", "principal_mobile"), who="organisation"
    ),
    "mobile a digit short": Defect(("ICP0702",), _everywhere(lambda text: text[:10], "principal_mobile")),
    "two mobiles in a cell": Defect(
        ("ICP0703",), _everywhere(lambda text: f"{text}、{text[:7]}0000", "principal_mobile")
    ),
    "virtual operator": Defect(("ICP0707",), _everywhere(lambda text: "1705" + text[4:], "principal_mobile")),
    "own number for emergencies": Defect(("ICP0709",), _own_emergency),
    "landline of nobody": Defect(
        ("ICP0717",), _everywhere(lambda text: text[:-8] + "00000000", "_phone"), who="organisation"
    ),
    "landline of another province": Defect(
        ("ICP0719",), _everywhere(lambda text: "0898" + text[-8:], "_phone"), who="organisation"
    ),
    "mobile of another subject": Defect(("ICP0901",), same_mobile, who="organisation", partner="organisation"),
    "one person, two subjects": Defect(("ICP0902",), _same_person, who="organisation", partner="organisation"),
    "an individual's mobile": Defect(("ICP0903",), _same_person, who="organisation", partner="individual"),
}
"""Each found by exactly its rules, as far as reasons 0, 2, 7 and 9 go."""


def plant(filings: list[Filing], share: float, seed: int = 1) -> list[Planted]:
    """Spoil a share of ``filings`` in place, each in one way, the ways in turn."""
    chance = random.Random(seed)
    free: dict[str, list[int]] = {"individual": [], "organisation": []}
    for position in chance.sample(range(len(filings)), len(filings)):
        nature = "individual" if filings[position]["subject_nature"] == "个人" else "organisation"
        free[nature].append(position)
    planted: list[Planted] = []
    kinds = chance.sample(list(DEFECTS.values()), len(DEFECTS))
    for turn in range(round(len(filings) * share)):
        defect = kinds[turn % len(kinds)]
        pool = free[defect.who] if defect.who != "anyone" else max(free.values(), key=len)
        if not pool or (defect.partner and len(free[defect.partner]) < 2):
            continue
        position = pool.pop()
        found = [position, free[defect.partner].pop()] if defect.partner else [position]
        defect.change(filings[position], filings[found[-1]], chance)
        planted += [Planted(place, frozenset(defect.rules)) for place in found]
    return planted


def write(filings: list[Filing], path: Path, title: str = "") -> None:
    """A workbook as agencies send them: Chinese headers, text cells, frozen header, drop-downs; deterministic."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": title or path.stem, "created": datetime(2026, 1, 15)})
        sheet = book.add_worksheet("备案信息")
        header = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True})
        text = book.add_format({"num_format": "@", "border": 1, "border_color": "#D9D9D9"})
        for place, column in enumerate(COLUMNS.values()):
            sheet.set_column(place, place, min(36, max(10, 2 * len(column.zh) + 2)))
        start = 0
        if title:
            sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
            start = 1
        for place, column in enumerate(COLUMNS.values()):
            sheet.write_string(start, place, column.zh, header)
        for row, filing in enumerate(filings, start=start + 1):
            for place, key in enumerate(COLUMNS):
                value = filing.get(key, "")
                if isinstance(value, float):
                    sheet.write_number(row, place, value)
                elif value:
                    sheet.write_string(row, place, value, text)
                else:
                    sheet.write_blank(row, place, None, text)
        sheet.freeze_panes(start + 1, 1)
        sheet.autofilter(start, 0, start + len(filings), len(COLUMNS) - 1)


def write_workbook(path: Path, rows: int, defects: float = 0.1, seed: int = 1) -> list[Planted]:
    """A workbook of ``rows`` filings, a share of them with one defect; gives what was planted where."""
    generated = filings(rows, seed)
    planted = plant(generated, defects, seed)
    write(generated, path)
    return planted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000, help="how many filings")
    parser.add_argument("--defects", type=float, default=0.1, help="share of filings to spoil")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("filings.xlsx"))
    options = parser.parse_args()
    print(f"{len(write_workbook(options.out, options.rows, options.defects, options.seed))} planted: {options.out}")


if __name__ == "__main__":
    main()
