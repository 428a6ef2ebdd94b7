"""Subjects of every nature, with their certificates, names and the names their sites may bear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from data.synthetic.labelled.numbers import credit_code, licence, organisation_code
from data.synthetic.labelled.places import ONLY_LICENCE, Place

_FIRST = "云晨星海松竹青远明嘉禾瑞启博翰澜拓岚"
_SECOND = "杉舟帆川岭泽峰禾谷原汀屿溪野麓沅"
_GOODS = (
    "图书",
    "家具",
    "茶叶",
    "陶瓷",
    "机械设备",
    "服饰",
    "园艺",
    "仪器仪表",
    "包装材料",
    "照明电器",
    "乐器",
    "文具",
    "软件开发",
    "信息技术",
    "网络科技",
    "建筑工程",
    "商贸",
    "物流",
    "餐饮管理",
    "农业发展",
    "电子科技",
    "环保科技",
    "生物科技",
    "装饰工程",
    "人力资源",
    "广告传媒",
    "酒店管理",
    "新材料",
    "汽车配件",
    "旅行社",
)
_FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司", "集团有限公司")


@dataclass(frozen=True)
class Subject:
    """A subject: what its licence says, and a site name that fits it."""

    nature: str
    certificate: str
    number: str
    name: str
    site_name: str
    state: bool = False
    """A national unit: its own name begins with a word others may not use."""
    branch: bool = False
    allowed: frozenset[str] = field(default_factory=frozenset)
    """Warnings the facts demand of it."""


def trade(chance: Random) -> str:
    return chance.choice(_FIRST) + chance.choice(_SECOND) + chance.choice(("", "拟样", "示例", "仿"))


def short(place: Place) -> str:
    """A place as names carry it: 杭州, 义乌, 恩施."""
    for ending in (
        "土家族苗族自治州",
        "朝鲜族自治州",
        "回族自治州",
        "彝族自治州",
        "苗族侗族自治州",
        "白族自治州",
        "蒙古族藏族自治州",
        "哈萨克自治州",
        "地区",
        "盟",
        "市",
    ):
        if place.city.endswith(ending):
            return place.city.removesuffix(ending)
    return place.city


def local(place: Place, chance: Random) -> str:
    """The place a unit's name begins with."""
    forms = [short(place), place.city, place.full, place.province]
    if place.county:
        forms += [place.city + place.county, place.county, short(place)]
    return chance.choice(forms)


def _site_name(chance: Random, name: str, brief: str, goods: str) -> str:
    forms = [
        name,
        brief + goods,
        brief + goods + "官网",
        brief + goods + "网",
        f"{name}官方网站",
        f"{brief}{goods}门户",
    ]
    if len(brief) >= 3:
        forms += [brief + "官网", f"{brief}3D{goods}", f"{brief}App下载站"]
    fitting = [form for form in forms if 3 <= len(form) <= 20]
    return chance.choice(fitting or [brief + goods])


def enterprise(place: Place, chance: Random, serial: int) -> Subject:
    brief, goods = trade(chance), chance.choice(_GOODS)
    where = local(place, chance)
    form = chance.choice(_FORMS)
    name = chance.choice(
        (f"{where}{brief}{goods}{form}", f"{brief}（{short(place)}）{goods}{form}", f"{where}{brief}{goods}{form}")
    )
    site = _site_name(chance, name, brief, goods)
    draw = chance.random()
    number = credit_code("91", place.code + "0000", serial)
    if draw < 0.05:
        number = credit_code("91", "100000", serial)
    if draw > 0.94:
        name, number = f"{short(place)}{brief}{goods}中心（有限合伙）", credit_code("91", place.code + "0000", serial)
        site = f"{brief}{goods}中心"
    return Subject("企业", "营业执照", number, name, site)


def branch(place: Place, chance: Random, serial: int) -> Subject:
    brief, goods = trade(chance), chance.choice(_GOODS)
    head = chance.choice(("北京", "上海", "深圳市", "广东", "浙江"))
    name = f"{head}{brief}{goods}有限公司{short(place)}{chance.choice(('分公司', '第一分公司', '办事处'))}"
    return Subject(
        "企业",
        "营业执照",
        credit_code("91", place.code + "0000", serial),
        name,
        f"{brief}{goods}{short(place)}分公司",
        branch=True,
    )


def national(place: Place, chance: Random, serial: int) -> Subject:
    head = chance.choice(("中国", "中国", "中华", "国家"))
    brief, goods = trade(chance), chance.choice(_GOODS)
    name = f"{head}{brief}{goods}集团有限公司"
    # Rules 2.5: a unit whose own name begins so is state-level; reviewers still ask for proof.
    return Subject(
        "企业",
        "营业执照",
        credit_code("91", "100000", serial),
        name,
        f"{head}{brief}{goods}",
        state=True,
        allowed=frozenset({"ICP0210"}),
    )


def individual_business(place: Place, chance: Random, serial: int) -> Subject:
    number = credit_code("92", place.code + "0000", serial)
    if chance.random() < 0.3:
        owner = chance.choice("王李张刘陈") + chance.choice(("示例", "拟样", "仿"))
        return Subject(
            "企业", "营业执照", number, f"{owner}（个体工商户）", f"{owner}手工铺", allowed=frozenset({"ICP0214"})
        )
    brief = trade(chance)
    shop = chance.choice(("茶叶店", "服装店", "书店", "建材经营部", "花店", "五金商行", "电脑经营部", "小吃店"))
    tail = chance.choice(("", "", "（个体工商户）"))
    return Subject("企业", "营业执照", number, f"{place.county or place.city}{brief}{shop}{tail}", f"{brief}{shop}")


def cooperative(place: Place, chance: Random, serial: int) -> Subject:
    brief = trade(chance)
    name = f"{place.county or place.city}{brief}种植农民专业合作社"
    return Subject("企业", "营业执照", credit_code("93", place.code + "0000", serial), name, f"{brief}种植合作社")


def old_licence(place: Place, chance: Random, serial: int) -> Subject:
    brief, goods = trade(chance), chance.choice(_GOODS)
    if place.province == "河南":  # only the merged certificate
        return enterprise(place, chance, serial)
    # Rules 5.9: an old number gets 「证件已三证合一」; old Chongqing and Hainan codes stay in use.
    division = {"重庆": "51", "海南": "44"}.get(place.province, place.code) if chance.random() < 0.5 else place.code
    return Subject(
        "企业",
        "营业执照",
        licence(division + "0000", serial),
        f"{short(place)}{brief}{goods}有限公司",
        f"{brief}{goods}",
        allowed=frozenset({"ICP0505", "ICP0504"}),
    )


def code_certificate(place: Place, chance: Random, serial: int) -> Subject:
    if place.province in ONLY_LICENCE | {"黑龙江", "青海"}:
        return old_licence(place, chance, serial)
    brief, goods = trade(chance), chance.choice(_GOODS)
    return Subject(
        "企业",
        "组织机构代码证",
        organisation_code(f"{serial % 10**8:08d}"),
        f"{short(place)}{brief}{goods}有限公司",
        f"{brief}{goods}",
        allowed=frozenset({"ICP0505"}),
    )


def resident_office(place: Place, chance: Random, serial: int) -> Subject:
    brief, goods = trade(chance), chance.choice(_GOODS)
    land = chance.choice(("香港", "新加坡", "德国", "日本"))
    return Subject(
        "企业",
        "外国企业常驻代表机构登记证",
        credit_code("91", place.code + "0000", serial),
        f"{land}{brief}{goods}有限公司{short(place)}代表处",
        f"{brief}{goods}{short(place)}代表处",
    )


def public_institution(place: Place, chance: Random, serial: int) -> Subject:
    where = chance.choice((place.city + place.county, place.city, place.county or place.city))
    body = chance.choice(("图书馆", "博物馆", "第三中学", "农业技术推广站", "公共资源交易中心", "气象台", "植物园"))
    kind = chance.choice(("事业单位法人证书", "统一社会信用代码证书"))
    name = where + body
    return Subject(
        "事业单位",
        kind,
        credit_code("12", place.code + "0000", serial),
        name,
        chance.choice((name, name + "网")) if len(name) < 20 else body,
    )


def government(place: Place, chance: Random, serial: int) -> Subject:
    where = place.city + place.county if chance.random() < 0.6 else place.city
    body = chance.choice(("人民政府", "教育局", "监察委员会", "发展和改革局", "统计局", "人民法院", "信访局"))
    name = where + body
    return Subject("政府机关", "统一社会信用代码证书", credit_code("11", place.code + "0000", serial), name, name)


def association(place: Place, chance: Random, serial: int) -> Subject:
    goods = chance.choice(("茶叶", "陶瓷", "摄影", "书法", "家具行业", "登山"))
    name = f"{local(place, chance)}{goods}协会"
    return Subject("社会团体", "社会团体法人登记证书", credit_code("51", place.code + "0000", serial), name, name)


def private_unit(place: Place, chance: Random, serial: int) -> Subject:
    brief = trade(chance)
    name = f"{place.city}{brief}{chance.choice(('养老服务中心', '社工服务中心', '美术馆', '职业培训学校'))}"
    kind = chance.choice(("民办非企业单位登记证书", "社会服务机构登记证书"))
    return Subject("民办非企业单位", kind, credit_code("52", place.code + "0000", serial), name, name)


def foundation(place: Place, chance: Random, serial: int) -> Subject:
    name = f"{place.full}{trade(chance)}公益基金会"
    demanded = frozenset({"ICP0408", "ICP0517"}) if place.province == "浙江" else frozenset[str]()
    return Subject(
        "基金会", "基金会法人登记证书", credit_code("53", place.code + "0000", serial), name, name, allowed=demanded
    )


def law_practice(place: Place, chance: Random, serial: int) -> Subject:
    name = f"{place.full}{trade(chance)}律师事务所"
    return Subject("律师执业机构", "律师事务所执业许可证", credit_code("31", place.code + "0000", serial), name, name)


def clinic(place: Place, chance: Random, serial: int) -> Subject:
    name = f"{short(place)}{trade(chance)}口腔门诊部"
    demanded = frozenset({"ICP0407"}) if place.province in ("河北", "西藏") else frozenset[str]()
    number = f"PDY{serial % 10**5:05d}{place.code}010319D1522"
    return Subject("医疗机构", "医疗机构执业许可证", number, name, name, allowed=demanded)


def other(place: Place, chance: Random, serial: int) -> Subject:
    """The rarer natures."""
    brief = trade(chance)
    nature, certificate, number, name = chance.choice(
        (
            (
                "公证机构",
                "公证机构执业证",
                credit_code("12", place.code + "0000", serial),
                f"{place.city}{brief}公证处",
            ),
            (
                "仲裁机构",
                "仲裁委员会登记证",
                credit_code("12", place.code + "0000", serial),
                f"{short(place)}仲裁委员会",
            ),
            ("司法鉴定机构", "司法鉴定许可证", f"{place.code}0{serial % 10**6:06d}", f"{place.full}{brief}司法鉴定所"),
            ("宗教团体", "宗教活动场所登记证", f"宗场证字F{place.code}{serial % 10**7:07d}", f"{place.city}{brief}寺"),
            (
                "群众性团体组织",
                "统一社会信用代码证书",
                credit_code("81", place.code + "0000", serial),
                f"{place.city}总工会",
            ),
            (
                "集体经济",
                "农村集体经济组织登记证",
                credit_code("N2", place.code + "0000", serial),
                f"{place.county or place.city}{brief}村股份经济合作社",
            ),
            (
                "民办非企业单位",
                "民办学校办学许可证",
                f"1{place.code}0102{serial % 10**8:08d}",
                f"{place.city}{brief}外国语学校",
            ),
        )
    )
    return Subject(nature, certificate, number, name, name)


KINDS: tuple[tuple[Callable[[Place, Random, int], Subject], int], ...] = (
    (enterprise, 50),
    (branch, 4),
    (national, 2),
    (individual_business, 10),
    (cooperative, 3),
    (old_licence, 2),
    (code_certificate, 2),
    (resident_office, 2),
    (public_institution, 6),
    (government, 4),
    (association, 4),
    (private_unit, 3),
    (foundation, 2),
    (law_practice, 2),
    (clinic, 2),
    (other, 4),
)
"""Each with its weight in the set."""


def subject(place: Place, chance: Random, serial: int) -> Subject:
    (kind,) = chance.choices([kind for kind, _ in KINDS], [weight for _, weight in KINDS])
    return kind(place, chance, serial)
