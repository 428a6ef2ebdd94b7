"""Defects of province and content (reasons 3 and 4), with their near misses."""

from __future__ import annotations

from data.synthetic.labelled import places as demand
from data.synthetic.labelled.clean import Clean, Filing, Row
from data.synthetic.labelled.defects import Defect, both, by_id_card, defects, drop, everywhere, new, pick, put
from data.synthetic.labelled.numbers import identity


def _elsewhere(key: str):
    def change(filing: Filing, world: Clean, row: Row) -> None:
        filing[key] = world.address(world.people.elsewhere(row.place))[0]

    return change


def _bare_elsewhere(filing: Filing, world: Clean, row: Row) -> None:
    """The certificate's address begins with a city of another province."""
    other = world.people.elsewhere(row.place)
    filing["subject_certificate_address"] = f"{other.city}{other.county}示例路{world.count}号"


def _no_door(filing: Filing, world: Clean, row: Row) -> None:
    road = world.chance.choice(("", "中山路", "示例大道", "高新技术产业开发区"))
    filing["subject_address"] = f"{row.place.full}{row.place.city}{row.place.county}{road}"


def _local(filing: Filing) -> bool:
    """The address on the certificate is that of the filing's province."""
    return new(filing) and filing["subject_certificate_address"] == filing["subject_address"]


def _mainlander(filing: Filing) -> bool:
    return _local(filing) and by_id_card(filing)


def _young(years: int):
    def mend(text: str, world: Clean) -> str:
        born = f"{2026 - years}{world.chance.randrange(3, 13):02d}{world.chance.randrange(1, 29):02d}"
        return identity(text[:6], born, int(text[14:17]))

    return everywhere("_certificate_number", mend)


def _other_city(filing: Filing, world: Clean, row: Row) -> None:
    filing["city"] = world.people.elsewhere(row.place).city
    filing.pop("county", None)


PROVINCE: list[Defect] = [
    *defects(
        3,
        ("a unit's certificate of another province", _elsewhere("subject_certificate_address")),
        ("a unit's certificate of another province's city", _bare_elsewhere),
        ("both addresses elsewhere", both(_elsewhere("subject_certificate_address"), _elsewhere("subject_address"))),
        individual=False,
        fits=_local,
    ),
    *defects(3, ("contact address of another province", _elsewhere("subject_address")), individual=False, fits=_local),
    *defects(
        3,
        ("no door number", _no_door),
        ("only a city", lambda f, w, r: f.update(subject_address=r.place.city)),
        (
            "a road without number",
            lambda f, w, r: f.update(subject_address=f"{r.place.full}{r.place.city}{r.place.county}人民路"),
        ),
        ("a city of another province", _other_city),
        fits=lambda f: _local(f) and not f.get("subject_remark"),
    ),
    *defects(
        3,
        (
            "a card of another province",
            both(_elsewhere("subject_certificate_address"), drop("attachment_residence_permit")),
        ),
        individual=True,
        provinces=sorted(demand.ONLY_LOCAL_ID),
        fits=_mainlander,
    ),
    *defects(
        3,
        ("no residence permit", both(_elsewhere("subject_certificate_address"), drop("attachment_residence_permit"))),
        individual=True,
        provinces=sorted(demand.RESIDENCE_PERMIT - {"四川", "吉林"}),
        fits=_mainlander,
    ),
    *defects(
        3,
        ("too young, a person", _young(16)),
        individual=True,
        provinces=sorted(demand.ADULT_INDIVIDUAL),
        fits=_mainlander,
    ),
    *defects(
        3,
        ("too young, a principal", _young(15)),
        individual=False,
        provinces=sorted(demand.ADULT_ORGANISATION),
        fits=_mainlander,
    ),
    *defects(None, ("near: a village with the remark", both(_no_door, put(subject_remark="此地址已是最详细地址")))),
    *defects(None, ("near: a code of another province", lambda f, w, r: None), individual=False, allowed=("ICP0320",)),
    *defects(
        None,
        (
            "near: another street of the same province",
            lambda f, w, r: f.update(
                subject_address=f"{r.place.full}{r.place.city}{r.place.county}天津路{w.count}号北京大厦12层"
            ),
        ),
        fits=lambda f: not f.get("subject_remark"),
    ),
    *defects(
        None,
        (
            "near: eighteen a month ago",
            everywhere("_certificate_number", lambda t, w: identity(t[:6], "20071215", int(t[14:17]))),
        ),
        fits=_mainlander,
        individual=True,
        provinces=sorted(demand.ADULT_INDIVIDUAL),
    ),
]

_CLASSES = (
    "新闻",
    "出版",
    "教育",
    "医疗保健",
    "药品和医疗器械",
    "文化",
    "广播电影电视节目",
    "网络预约车",
    "互联网金融",
    "校外培训（高中及以下阶段）",
    "宗教",
    "游戏",
)

CONTENT: list[Defect] = [
    *defects(
        4,
        *(
            (f"an individual with {name}", put(preapproval_types=name, preapproval_number="样字〔2025〕第12号"))
            for name in _CLASSES
        ),
        individual=True,
    ),
    *defects(4, ("an individual with a bulletin board", put(preapproval_types="电子公告服务")), individual=True),
    *defects(
        4,
        *((f"{name} without number and file", put(preapproval_types=name)) for name in _CLASSES),
        ("a class without its number", put(preapproval_types="文化", attachment_preapproval="x/approval.jpg")),
        ("a class without its file", put(preapproval_types="新闻", preapproval_number="样字〔2025〕第12号")),
        ("two classes without number", put(preapproval_types="新闻;出版", attachment_preapproval="x/approval.jpg")),
        individual=False,
        fits=new,
    ),
    *defects(
        4,
        ("a unit with a bulletin board", put(preapproval_types="电子公告服务")),
        ("a unit with a forum", pick("site_description", "提供论坛服务", "网站设有论坛板块")),
        ("a unit's personal space", put(site_content="博客/个人空间")),
        individual=False,
        fits=lambda f: new(f) and len(f["site_name"]) < 22,
    ),
    *defects(
        4,
        (
            "a person's portal",
            pick("site_content", "单位门户网站", "综合门户", "网络新闻", "网络购物", "网站建设", "搜索引擎"),
        ),
        ("a person's business", pick("site_description", "公司产品展示与销售", "企业宣传", "茶叶批发零售")),
        ("a person's forum", pick("site_description", "技术论坛", "校园论坛，供网友发帖")),
        individual=True,
        fits=new,
    ),
    *defects(
        4, ("a person's shop in Tianjin", put(site_name="晨雾手工商城")), individual=True, provinces=("天津",), fits=new
    ),
    *defects(
        None,
        (
            "near: a class with number and file",
            put(
                preapproval_types="文化",
                preapproval_number="样网文〔2025〕0123-045号",
                attachment_preapproval="x/approval.jpg",
            ),
        ),
        individual=False,
        fits=new,
    ),
    *defects(None, ("near: 无 for a class", put(preapproval_types="无前置审批")), fits=new),
    *defects(None, ("near: a foundation's word 基金", put(site_description="介绍基金会的公益项目")), individual=False),
    *defects(
        None,
        (
            "near: a person's description",
            pick("site_description", "记录读书与旅行的随笔，分享照片", "产品经理的成长笔记", "个人日记，不设论坛"),
        ),
        individual=True,
    ),
    *defects(
        None,
        ("near: a company's products", put(site_description="介绍本公司的产品与服务，提供联系方式")),
        individual=False,
    ),
]
