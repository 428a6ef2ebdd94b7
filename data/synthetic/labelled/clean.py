"""Faultless filings of great variety, each with what its province demands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from data.synthetic.labelled import places as demand
from data.synthetic.labelled.addresses import address
from data.synthetic.labelled.people import People, Person, same
from data.synthetic.labelled.places import PLACES, PROVINCES, Place
from data.synthetic.labelled.subjects import Subject, subject

AS_OF = date(2026, 1, 15)
Filing = dict[str, str]
_NAMES = (
    "晨雾手记",
    "山野随笔",
    "旧书札记",
    "拾光小记",
    "微澜见闻",
    "青苔笔谈",
    "远行拾遗",
    "灯下漫记",
    "木槿与海盐",
    "麦田来信",
    "柠檬草的味道",
    "快乐小窝",
    "时光飞逝",
    "我的照片墙",
    "我的生活秀",
    "前端经验分享",
    "自动化测试开源",
    "雨巷digest读书",
    "小工具应用",
    "一起考研吧",
    "电影爱好小分享",
    "怀念时光",
    "人生百味",
    "吃货分享",
    "3D打印笔记",
)
_SUFFIXES = (
    ("cn", 30),
    ("com", 35),
    ("net", 8),
    ("com.cn", 8),
    ("net.cn", 3),
    ("top", 3),
    ("xyz", 2),
    ("shop", 2),
    ("vip", 2),
    ("club", 2),
    ("tech", 2),
    ("site", 1),
    ("online", 1),
    ("中国", 1),
    ("公司", 1),
)
_REGISTRARS = (
    "阿里云计算有限公司（万网）",
    "腾讯云计算（北京）有限责任公司",
    "厦门易名科技股份有限公司",
    "成都西维数码科技有限公司",
    "",
    "样例注册商",
)


@dataclass
class Row:
    """A filing with its label: the kind of defect and the reason that must reject it, or none."""

    cells: Filing
    kind: str = "clean"
    reason: int | None = None
    allowed: frozenset[str] = field(default_factory=frozenset)
    """Rules whose warning the facts demand."""
    place: Place | None = None
    local: bool = False
    """Whether mobiles must be of the province."""


class Clean:
    """Makes faultless filings; every number is given once."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.people = People(self.chance)
        self.count = 0

    def row(self, individual: bool | None = None, province: str = "") -> Row:
        """A faultless filing; of any nature and province unless said."""
        self.count += 1
        place = self.chance.choice(PLACES[province or self.chance.choice(PROVINCES)])
        if individual is None:
            individual = self.chance.random() < 0.3
        row = self._individual(place) if individual else self._organisation(place)
        self._filing_type(row)
        self._blanks(row)
        return row

    def domain(self, suffix: str = "") -> str:
        label = "".join(self.chance.choice("abcdefghijkmnpqrstuvwxyz") for _ in range(self.chance.randrange(3, 9)))
        form = self.chance.choice(("{0}{1}", "{0}-{1}", "{1}{0}", "x{1}-{0}"))
        if not suffix:
            ((suffix, _),) = self.chance.choices(_SUFFIXES, [weight for _, weight in _SUFFIXES])
        if suffix in ("中国", "公司"):
            form = "拟样{1}仿例"
        return form.format(label, self.count) + "." + suffix

    def address(self, place: Place) -> tuple[str, str]:
        """An address down to the door, and the remark it may need."""
        return address(self.chance, place)

    def day(self, first: date, last: date) -> str:
        return (first + timedelta(days=self.chance.randrange((last - first).days))).isoformat()

    def _common(self, place: Place, domain: str) -> Filing:
        chance = self.chance
        registered = date.fromisoformat(self.day(date(2018, 4, 1), date(2025, 11, 1)))
        verified = self.day(registered, min(registered + timedelta(days=40), date(2025, 12, 31)))
        least = AS_OF + timedelta(days=demand.DAYS_LEFT.get(place.province, 90) + 25)
        home = chance.choice((f"www.{domain}", domain, f"http://www.{domain}", f"https://{domain}/", f"m.{domain}"))
        printed, remark = self.address(place)
        return {
            "filing_no": f"BA{self.count:06d}",
            "submitted_by": chance.choice(("示例代理甲", "示例代理乙", "")),
            "filing_type": "首次备案",
            "province": place.province,
            "city": place.city,
            "county": place.county,
            "subject_certificate_address": printed,
            "subject_address": printed,
            "subject_remark": remark,
            "domain": domain,
            "home_url": home,
            "service_type": chance.choice(("网站", "")),
            "site_languages": chance.choice(("中文简体", "中文简体", "中文简体;英语", "")),
            "domain_registrar": chance.choice(_REGISTRARS),
            "domain_registered_on": registered.isoformat(),
            "domain_verified_on": verified,
            "domain_expires_on": self.day(least, date(2032, 1, 1)),
            "domain_privacy": "否" if place.province in demand.PRIVACY_OFF else chance.choice(("否", "否", "")),
            "attachment_principal_id": f"{self.count}/principal.jpg",
        }

    def _organisation(self, place: Place) -> Row:
        chance, local = self.chance, place.province in demand.LOCAL_MOBILE
        unit = subject(place, chance, 1000 + self.count)
        domain = self.domain("gov.cn" if unit.nature == "政府机关" else "")
        cells = self._common(place, domain)
        allowed = set(unit.allowed)
        representative = self.people.person(place, domain, local)
        principal = self._principal(place, domain, local, representative, cells, allowed)
        site_principal = self._site_principal(place, domain, local, representative, principal, cells, allowed)
        emergency = self.people.mobile(place, local)
        phone = self.people.landline(place)
        cells |= {
            "subject_nature": unit.nature,
            "subject_certificate_type": unit.certificate,
            "subject_certificate_number": unit.number,
            "subject_name": unit.name,
            "subject_certificate_expires_on": chance.choice(("长期", "", self.people.expiry())),
            "investor": chance.choice((representative.name, unit.name))
            if unit.nature != "政府机关"
            else f"{place.city}人民政府办公室",
            "legal_representative_name": representative.name,
            "legal_representative_certificate_number": chance.choice((representative.number, "")),
            **principal.cells("principal"),
            "principal_phone": self._second(place, phone, cells),
            "principal_emergency_mobile": emergency,
            **site_principal.cells("site_principal"),
            "site_principal_phone": phone if site_principal is principal else self.people.landline(place),
            "site_principal_emergency_mobile": emergency,
            "site_name": unit.site_name,
            "site_content": chance.choice(("单位门户网站", "综合门户", "其他", "单位门户网站")),
            "domain_holder_name": unit.name,
            "domain_holder_certificate_type": unit.certificate,
            "domain_holder_certificate_number": unit.number,
            "attachment_subject_certificate": f"{self.count}/licence.jpg",
        }
        if site_principal is principal:
            cells["site_principal_phone"] = cells["principal_phone"]
        else:
            cells["attachment_site_principal_id"] = f"{self.count}/site_principal.jpg"
        row = Row(cells, allowed=frozenset(allowed), place=place, local=local)
        self._papers(row, unit)
        self._holder(row, representative)
        return row

    def _second(self, place: Place, landline: str, cells: Filing) -> str:
        """A second number: a landline, or where that is taken a mobile of the office's."""
        if self.chance.random() < 0.8 or place.province in ("江苏", "甘肃", "天津", "重庆"):
            return landline + self.chance.choice(("", "", "转801")) if landline else landline
        return self.people.mobile(place, place.province in demand.LOCAL_MOBILE)

    def _principal(
        self, place: Place, domain: str, local: bool, representative: Person, cells: Filing, allowed: set[str]
    ) -> Person:
        may = place.province in demand.LETTER_FOR_PRINCIPAL or place.province not in demand.LEGAL_REPRESENTATIVE
        if not may or self.chance.random() < 0.7:
            return representative
        cells["attachment_authorization_letter"] = f"{self.count}/letter.jpg"
        if place.province == "甘肃":
            cells["subject_remark"] += "主体负责人由法定代表人授权，职务为办公室主任"
        if place.province == "广西":  # later lists demand the legal representative
            allowed.add("ICP0601")
        if place.province in ("北京", "甘肃"):  # more is to come with the letter than the sheet has columns for
            allowed.add("ICP0517")
        return self.people.person(place, domain, local)

    def _site_principal(
        self,
        place: Place,
        domain: str,
        local: bool,
        representative: Person,
        principal: Person,
        cells: Filing,
        allowed: set[str],
    ) -> Person:
        must_equal = place.province == "江苏" and principal is not representative
        if place.province != "天津" and (must_equal or self.chance.random() < 0.6):
            return principal
        cells["attachment_authorization_letter"] = f"{self.count}/letter.jpg"
        return self.people.person(place, domain, local)

    def _papers(self, row: Row, unit: Subject) -> None:
        cells, place, number = row.cells, row.place, self.count
        assert place is not None
        if place.province in demand.DOMAIN_CERTIFICATE:
            cells["attachment_domain_certificate"] = f"{number}/domain.jpg"
        if unit.nature in ("政府机关", "事业单位") and place.province in demand.ESTABLISHMENT_PROOF:
            cells["attachment_establishment_proof"] = f"{number}/bianban.jpg"
        self._statement(cells, place, individual=False)

    def _statement(self, cells: Filing, place: Place, individual: bool) -> None:
        if place.province not in demand.STATEMENT_LISTED and self.chance.random() < 0.8:
            return
        cells |= {
            "statement_province": place.province,
            "statement_signed": "是",
            "statement_domain_line": f"{cells['domain']} 阿里云" if place.province == "北京" else cells["domain"],
            "attachment_statement": f"{self.count}/statement.jpg",
        }
        if not individual:
            cells["statement_sealed"] = "是"
        elif place.province in demand.FINGERPRINT:
            cells["statement_fingerprinted"] = "是"

    def _holder(self, row: Row, representative: Person) -> None:
        """Now and then the legal representative holds the domain, where that is taken."""
        assert row.place is not None
        if row.place.province in demand.HOLDER_REPRESENTATIVE and self.chance.random() < 0.05:
            row.cells |= {
                "domain_holder_name": representative.name,
                "domain_holder_certificate_type": representative.document,
                "domain_holder_certificate_number": representative.number,
                "legal_representative_certificate_number": representative.number,
                "attachment_domain_holder_proof": f"{self.count}/holder.jpg",
            }
            row.allowed |= {"ICP0121"}

    def _document(self, place: Place) -> str:
        if self.chance.random() < 0.88:
            return "居民身份证"
        kinds = ["护照", "外国人永久居留身份证"] if place.province != "河北" else ["台湾居民居住证"]
        if place.province not in demand.CITIZENS_BY_ID_CARD:
            kinds += ["港澳居民来往内地通行证", "台湾居民来往大陆通行证", "台湾居民居住证"]
            kinds += ["港澳居民居住证"] * (place.province != "上海")
        return self.chance.choice(kinds)

    def _individual(self, place: Place) -> Row:
        chance, local = self.chance, place.province in demand.LOCAL_MOBILE_INDIVIDUAL
        domain, document = self.domain(), self._document(place)
        row = Row(self._common(place, domain), place=place, local=local)
        away = document == "居民身份证" and self._away(row)
        person = self.people.person(place, domain, local, document, born=self.people.elsewhere(place) if away else None)
        row.cells |= {
            "subject_nature": "个人",
            "subject_certificate_type": document,
            "subject_certificate_number": person.number,
            "subject_certificate_expires_on": person.expires,
            "subject_name": person.name,
            **person.cells("principal"),
            "principal_emergency_mobile": self.people.mobile(place, local),
            "site_name": self._personal_name(place),
            "site_content": "博客/个人空间" if place.province == "重庆" else "其他",
            "domain_holder_name": person.name,
            "domain_holder_certificate_type": document,
            "domain_holder_certificate_number": person.number,
        }
        if chance.random() < 0.4:  # the site principal is the person; the form copies the fields
            row.cells |= same(row.cells, "principal", "site_principal")
        if place.province == "江苏":
            kind = chance.choice(("博客", "主页"))
            row.cells["site_name"] = f"{person.name.replace(' ', '')}的个人{kind}"
            row.cells["site_remark"] = "本网站为个人网站，做读书笔记使用，网站开通后主要内容为读书随笔"
            row.allowed |= {"ICP0228"}
        if place.province in demand.DOMAIN_CERTIFICATE | {"内蒙古"}:
            row.cells["attachment_domain_certificate"] = f"{self.count}/domain.jpg"
        self._statement(row.cells, place, individual=True)
        return row

    def _personal_name(self, place: Place) -> str:
        barred = {"辽宁": "爱好", "宁夏": "网技信", "河南": "开发"}.get(place.province, "")
        while True:
            name = self.chance.choice(_NAMES)
            if not any(letter in name for letter in barred):
                return name

    def _away(self, row: Row) -> bool:
        """Now and then a person lives elsewhere than the card says, as far as the province takes it."""
        place = row.place
        assert place is not None
        if self.chance.random() > 0.08:
            return False
        if place.province in demand.RESIDENCE_PERMIT:
            row.cells["attachment_residence_permit"] = f"{self.count}/residence.jpg"
            row.allowed |= {"ICP0304", "ICP0313", "ICP0310", "ICP0311"}
        elif place.province in demand.LOCAL_ID_UNSAID:
            row.allowed |= {"ICP0312", "ICP0313", "ICP0304"}
        else:  # the card's address was changed, its number never is
            row.allowed |= {"ICP0313"}
            return True
        home = self.people.elsewhere(place)
        row.cells["subject_certificate_address"] = self.address(home)[0]
        return True

    def _filing_type(self, row: Row) -> None:
        draw, cells = self.chance.random(), row.cells
        assert row.place is not None
        if draw < 0.75:
            return
        number = f"{row.place.letter}ICP备"
        digits = ("20" if draw > 0.95 else "") + str(self.chance.randrange(10_000_000, 25_999_999))
        cells["subject_icp_number"] = f"{number}{digits}号"
        if draw < 0.88:
            cells["filing_type"] = self.chance.choice(
                ("新增网站", "新增网站（原备案在本接入商）", "新增网站（原备案不在本接入商）")
            )
            return
        cells["site_icp_number"] = f"{number}{digits}号-{self.chance.randrange(1, 12)}"
        cells["filing_type"] = "接入备案" if draw < 0.95 else "变更备案"

    def _blanks(self, row: Row) -> None:
        for key in ("county", "submitted_by", "domain_registered_on", "principal_certificate_expires_on"):
            if self.chance.random() < 0.1:
                row.cells[key] = ""
        if self.chance.random() < 0.15:
            row.cells["service_code"] = "-".join(
                "".join(self.chance.choice("0123456789abcdef") for _ in range(count)) for count in (8, 4, 4, 4, 12)
            )
        row.cells = {key: value for key, value in row.cells.items() if value}
