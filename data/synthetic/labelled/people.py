"""Invented people: mainland, minority, Hong Kong, Macao, Taiwan and foreign, with their documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from data.synthetic.labelled.numbers import identity, mobile_segments
from data.synthetic.labelled.places import PLACES, PROVINCES, Place

_SURNAMES = (*"王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高谢唐冯于董萧程曹袁邓", "欧阳", "司马", "上官", "诸葛")
_GIVEN = "拟样仿例示演范晨曦禾沐川澄屿砚棠珩彧琰璟昱芃菁筠晗玥翊"
_MINORITY = ("阿依古丽·仿例", "买买提·拟样", "次仁示例", "巴特尔示范", "阿卜杜拉·仿木", "娜仁样花", "古丽娜尔·示范")
_FOREIGN = ("JOHN SAMPLE", "MARIA EXAMPLE", "SPECIMEN ANNA MARIA", "KIM MUSTER", "TANAKA REI")
# Prefixes whose province the public data leave open.
_OPEN_SEGMENTS = ("1990", "1918", "1930", "1661", "1951", "1988", "1750", "1720")


@dataclass(frozen=True)
class Person:
    """Somebody with a document and two numbers."""

    name: str
    document: str
    number: str
    expires: str
    mobile: str
    email: str

    def cells(self, role: str) -> dict[str, str]:
        return {
            f"{role}_name": self.name, f"{role}_certificate_type": self.document,
            f"{role}_certificate_number": self.number, f"{role}_certificate_expires_on": self.expires,
            f"{role}_mobile": self.mobile, f"{role}_email": self.email,
        }  # fmt: skip


class People:
    """Gives every number once."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.serial = 0
        self._given: set[str] = set()

    def mobile(self, place: Place, local: bool) -> str:
        """A mobile nobody has yet; of the province where it must be, else mostly so."""
        while True:
            draw = self.chance.random()
            if local or draw < 0.8:
                head = self.chance.choice(mobile_segments(place.province))
            elif draw < 0.9:
                head = self.chance.choice(mobile_segments(self.chance.choice(PROVINCES)))
            else:
                head = f"{self.chance.choice(_OPEN_SEGMENTS)}{self.chance.randrange(1000):03d}"
            tail = f"{self.chance.randrange(10_000):04d}"
            number = head + tail
            if number not in self._given and not _looks_made_up(number):
                self._given.add(number)
                return number

    def landline(self, place: Place) -> str:
        while True:
            number = place.area + str(self.chance.randrange(2, 9)) + "".join(
                str(self.chance.randrange(10)) for _ in range(place.digits - 1)
            )  # fmt: skip
            if number not in self._given and not _looks_made_up(number):
                self._given.add(number)
                return number

    def birth(self, ages: tuple[int, int] = (19, 75)) -> str:
        year = 2025 - self.chance.randrange(*ages)
        return f"{year}{self.chance.randrange(1, 13):02d}{self.chance.randrange(1, 29):02d}"

    def identity(self, place: Place, birth: str = "") -> str:
        while True:
            self.serial += 1
            number = identity(place.code + "0000", birth or self.birth(), self.serial)
            if number not in self._given:
                self._given.add(number)
                return number

    def name(self) -> str:
        if self.chance.random() < 0.05:
            return self.chance.choice(_MINORITY)
        return self.chance.choice(_SURNAMES) + "".join(self.chance.sample(_GIVEN, self.chance.choice((1, 2, 2, 2))))

    def expiry(self) -> str:
        draw = self.chance.random()
        if draw < 0.15:
            return ""
        if draw < 0.35:
            return "长期"
        return (
            f"{self.chance.randrange(2027, 2045)}-{self.chance.randrange(1, 13):02d}-{self.chance.randrange(1, 29):02d}"
        )

    def person(self, place: Place, domain: str, local_mobile: bool, document: str = "居民身份证",
               birth: str = "", born: Place | None = None) -> Person:  # fmt: skip
        number = self.identity(born or place, birth) if document == "居民身份证" else self.permit(document)
        name = self.chance.choice(_FOREIGN) if document in ("护照", "外国人永久居留身份证") else self.name()
        if document not in ("居民身份证", "护照", "外国人永久居留身份证"):
            name = name if "·" not in name else "陈拟文"
        box = self.chance.choice(("office", "admin", "icp.contact", "me", "beian-2026", "li_1", "x+y"))
        mail = domain if domain.isascii() else "sample-mail.cn"
        host = self.chance.choice((mail, mail, f"mail.{mail}"))
        self.serial += 1
        return Person(name, document, number, self.expiry(), self.mobile(place, local_mobile),
                      f"{box}{self.serial}@{host}")  # fmt: skip

    def permit(self, document: str) -> str:
        """A number of a document other than the resident's card, in its usual form."""
        chance = self.chance
        digits = lambda count: "".join(str(chance.randrange(10)) for _ in range(count))  # noqa: E731
        match document:
            case "港澳居民来往内地通行证":
                return chance.choice("HM") + digits(8)
            case "台湾居民来往大陆通行证":
                return digits(8)
            case "港澳居民居住证":
                return identity(chance.choice(("810000", "820000")), self.birth(), chance.randrange(1000))
            case "台湾居民居住证":
                return identity("830000", self.birth(), chance.randrange(1000))
            case "外国人永久居留身份证":
                return chance.choice(("USA", "DEU", "JPN")) + self.permit_digits()
            case _:
                return chance.choice(("E", "EA", "K", "P", "N", "C", "")) + digits(8) + chance.choice(("", "1"))

    def permit_digits(self) -> str:
        """Of the old permanent residence card: region, birth, serial (15 characters with the country)."""
        chance = self.chance
        return f"{chance.choice(('11', '31', '44'))}00{self.birth()[2:]}{chance.randrange(100):02d}"

    def elsewhere(self, place: Place) -> Place:
        """A place of another province."""
        province = self.chance.choice([other for other in PROVINCES if other != place.province])
        return self.chance.choice(PLACES[province])


def _looks_made_up(number: str) -> bool:
    tail = number[-8:]
    return len(set(tail)) < 4 or any(run in number for run in ("0123", "1234", "2345", "3456", "4567", "5678", "6789",
                                                               "9876", "8765", "7654", "6543", "5432", "4321",
                                                               "0000", "1111", "8888"))  # fmt: skip


def same(person: Mapping[str, str], from_role: str, to_role: str) -> dict[str, str]:
    """The cells of one role, for another."""
    return {key.replace(from_role, to_role, 1): value for key, value in person.items() if key.startswith(from_role)}
