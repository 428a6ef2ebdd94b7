"""Defects of the domain and of the site's name (reasons 1 and 2), with their near misses."""

from __future__ import annotations

from datetime import timedelta

from data.synthetic.labelled import places as demand
from data.synthetic.labelled.clean import AS_OF, Clean, Filing, Row
from data.synthetic.labelled.defects import Defect, both, defects, new, pick, put
from data.synthetic.labelled.people import Person


def _domain(form: str):
    """Another domain, with the home page in step."""

    def change(filing: Filing, world: Clean, row: Row) -> None:
        wrong = form.format(domain=filing["domain"], label=filing["domain"].split(".")[0], n=world.count)
        filing["home_url"] = filing["home_url"].replace(filing["domain"], wrong)
        filing["domain"] = wrong

    return change


def _stranger(filing: Filing, world: Clean, row: Row) -> Person:
    return world.people.person(row.place, "sample-mail.cn", False)


def _held_by_stranger(filing: Filing, world: Clean, row: Row) -> None:
    other = _stranger(filing, world, row)
    filing |= {
        "domain_holder_name": other.name,
        "domain_holder_certificate_type": other.document,
        "domain_holder_certificate_number": other.number,
    }


def _held_by_company(filing: Filing, world: Clean, row: Row) -> None:
    other = world.row(individual=False)
    for key in ("domain_holder_name", "domain_holder_certificate_type", "domain_holder_certificate_number"):
        filing[key] = other.cells[key]


def _held_by_representative(filing: Filing, world: Clean, row: Row) -> None:
    filing |= {
        "domain_holder_name": filing["legal_representative_name"],
        "domain_holder_certificate_type": "居民身份证",
        "domain_holder_certificate_number": filing["principal_certificate_number"],
        "legal_representative_certificate_number": filing["principal_certificate_number"],
    }


def _own(filing: Filing) -> bool:
    return new(filing) and filing["domain_holder_name"] == filing["subject_name"]


def _own_company(filing: Filing) -> bool:
    return (
        _own(filing)
        and filing["subject_certificate_type"] == "营业执照"
        and len(filing["subject_certificate_number"]) == 18
    )


def _represents(filing: Filing) -> bool:
    return _own_company(filing) and filing["legal_representative_name"] == filing["principal_name"]


def _holder_number(filing: Filing, world: Clean, row: Row) -> None:
    other = world.row(individual=filing["subject_nature"] == "个人", province=filing["province"])
    while other.cells["subject_certificate_type"] != filing["subject_certificate_type"] or (
        len(other.cells["subject_certificate_number"]) != len(filing["subject_certificate_number"])
    ):
        other = world.row(individual=filing["subject_nature"] == "个人")
    filing["domain_holder_certificate_number"] = other.cells["subject_certificate_number"]


def _holder_slip(filing: Filing, world: Clean, row: Row) -> None:
    number = filing["domain_holder_certificate_number"]
    place = world.chance.randrange(len(number))
    other = world.chance.choice([digit for digit in "0123456789" if digit != number[place]])
    filing["domain_holder_certificate_number"] = number[:place] + other + number[place + 1 :]


def _holder_name(filing: Filing, world: Clean, row: Row) -> None:
    name = filing["subject_name"]
    filing["domain_holder_name"] = name.replace("有限", "拓有限") if "有限" in name else "黄拟" + name[1:]


def _days(days: int):
    def change(filing: Filing, world: Clean, row: Row) -> None:
        left = demand.DAYS_LEFT.get(filing["province"], 90)
        filing["domain_expires_on"] = (AS_OF + timedelta(days=days if days < 0 else left - days)).isoformat()

    return change


def _verified(days: int):
    def change(filing: Filing, world: Clean, row: Row) -> None:
        filing["domain_verified_on"] = (AS_OF - timedelta(days=days)).isoformat()

    return change


def _plain_domain(filing: Filing) -> bool:
    return new(filing) and filing["domain"].isascii() and filing["subject_nature"] != "政府机关"


DOMAIN: list[Defect] = [
    *defects(
        1,
        ("www before the domain", _domain("www.{domain}")),
        ("a sub-domain", _domain("shop.{domain}")),
        ("a sub-domain of two", _domain("a.b.{domain}")),
        ("an address instead of a domain", put(domain="47.96.12.8", home_url="http://47.96.12.8")),
        ("no suffix", _domain("{label}")),
        ("only a suffix", put(domain="com.cn", home_url="www.com.cn")),
        ("an underscore", _domain("my_{domain}")),
        ("a hyphen in front", _domain("-{domain}")),
        ("two domains", _domain("{domain};x{n}-second.cn")),
        (
            "a suffix not approved",
            lambda f, w, r: _domain(
                "{label}." + w.chance.choice(("org", "name", "hk", "tw", "jp", "io", "win", "dev"))
            )(f, w, r),
        ),
        ("home page elsewhere", put(home_url="www.another-sample.com")),
        (
            "home page of another suffix",
            lambda f, w, r: f.update(home_url=f["home_url"].replace("." + f["domain"].split(".", 1)[1], ".gold")),
        ),
        ("home page no URL", pick("home_url", "首页", "www", "http://")),
        ("expired", _days(-3)),
        ("expired long ago", _days(-400)),
        ("days left: exactly too few", _days(0)),
        ("days left: a month too few", _days(40)),
        ("never verified", put(domain_verified_on="")),
        ("verified tomorrow", _verified(-2)),
        ("verified yesterday", _verified(1)),
        ("registered in the future", put(domain_registered_on="2027-01-01")),
        ("registered after it expires", put(domain_registered_on="2026-01-10", domain_expires_on="2025-12-01")),
        fits=_plain_domain,
    ),
    *defects(
        1,
        (
            "an overseas registrar",
            both(
                pick("domain_registrar", "GoDaddy.com, LLC", "Namecheap, Inc.", "NameSilo"),
                put(domain_registered_on="2021-05-01"),
            ),
        ),
        fits=_plain_domain,
        provinces=sorted(demand.NO_FOREIGN_REGISTRAR),
    ),
    *defects(
        1, ("privacy left on", put(domain_privacy="是")), fits=_plain_domain, provinces=sorted(demand.PRIVACY_OFF)
    ),
    *defects(
        1,
        ("held by a stranger", _held_by_stranger),
        ("held by another company", _held_by_company),
        ("holder's number differs", _holder_number),
        ("holder's number has a slip", _holder_slip),
        fits=_own,
    ),
    *defects(
        1,
        ("holder's name differs", _holder_name),
        (
            "holder's certificate differs",
            pick("domain_holder_certificate_type", "组织机构代码证", "统一社会信用代码证书"),
        ),
        fits=_own_company,
        individual=False,
    ),
    *defects(
        1,
        ("held by the legal representative", _held_by_representative),
        individual=False,
        fits=_represents,
        provinces=sorted(demand.HOLDER_SUBJECT_ONLY),
    ),
    *defects(
        1,
        ("a government suffix", _domain("{label}.gov.cn")),
        fits=lambda f: _plain_domain(f) and f["subject_nature"] in ("企业", "个人"),
    ),
    *defects(
        1,
        ("a government body without .gov.cn", _domain("{label}.com")),
        ("a government body under plain .cn", _domain("{label}.cn")),
        individual=False,
        fits=lambda f: new(f) and f["subject_nature"] == "政府机关",
    ),
    *defects(
        None,
        (
            "near: a day more than the least",
            lambda f, w, r: f.update(
                domain_expires_on=(AS_OF + timedelta(days=demand.DAYS_LEFT.get(f["province"], 90) + 1)).isoformat()
            ),
        ),
        allowed=("ICP0135",),
    ),
    *defects(
        None,
        (
            "near: holder in other brackets",
            lambda f, w, r: f.update(domain_holder_name=f["subject_name"].replace("（", "(").replace("）", ")")),
        ),
        fits=_own,
        individual=False,
    ),
    *defects(None, ("near: verified five weeks ago", _verified(35))),
    *defects(None, ("near: a domain of digits", _domain("{n}{n}8.com")), fits=_plain_domain),
    *defects(
        None,
        ("near: home page on a sub-domain", lambda f, w, r: f.update(home_url="http://new.site." + f["domain"])),
        fits=_plain_domain,
    ),
    *defects(None, ("near: a city's second level", _domain("{label}.zj.cn")), fits=_plain_domain),
    *defects(
        None,
        ("near: holder mismatch on an access filing", _holder_name),
        individual=False,
        fits=lambda f: (
            f["filing_type"] == "接入备案"
            and f["subject_certificate_type"] == "营业执照"
            and f["domain_holder_name"] == f["subject_name"]
        ),
        allowed=("ICP0122",),
    ),
]


def _name(form: str):
    def change(filing: Filing, world: Clean, row: Row) -> None:
        filing["site_name"] = form.format(
            name=filing["site_name"].split("官")[0], label=filing["domain"].split(".")[0], domain=filing["domain"]
        )

    return change


def _one_of(*forms: str):
    return lambda filing, world, row: _name(world.chance.choice(forms))(filing, world, row)


def _short_name(filing: Filing) -> bool:
    return new(filing) and len(filing["site_name"]) <= 18


def _common(filing: Filing) -> bool:
    return (
        _short_name(filing)
        and filing["subject_nature"] != "政府机关"
        and not filing["subject_name"].startswith(("中", "国"))
        and filing["subject_certificate_number"][2:8] != "100000"
    )


def _free_form(filing: Filing) -> bool:
    return new(filing) and filing["province"] != "江苏"


NAME: list[Defect] = [
    *defects(
        2,
        ("two characters", _one_of("雨巷", "茶叶", "美图")),
        ("one character and digits", _one_of("馆2026", "茶88")),
        ("digits", _one_of("20260115", "12306")),
        ("letters", _one_of("Sunrise", "ChenGuang Sample", "ABC")),
        ("the domain", _one_of("{domain}", "www.{domain}")),
        ("a sign", lambda f, w, r: _name("{name}" + w.chance.choice("@#$%&*!?<>~|\"'、，。…"))(f, w, r)),
        (
            "a sign within",
            lambda f, w, r: f.update(
                site_name=f["site_name"][:2] + w.chance.choice("@#$%&*!?<>~|、，。") + f["site_name"][2:]
            ),
        ),
        ("a picture", _one_of("{name}😀", "★{name}", "{name}❤")),
        (
            "a sensitive word",
            lambda f, w, r: _name(w.chance.choice(("{name}反腐", "赌博{name}", "{name}廉政", "{name}色情")))(f, w, r),
        ),
        fits=_short_name,
    ),
    *defects(
        2,
        ("a forum", _one_of("{name}论坛", "{name}BBS", "{name}论坛网")),
        ("a news site", _one_of("样例新闻网", "新闻网")),
        # …发展论坛 may be an event of that name.
        fits=lambda f: _common(f) and not f["site_name"].endswith("发展"),
        individual=False,
    ),
    *defects(
        2,
        (
            "a head word",
            lambda f, w, r: _name(w.chance.choice(("中国", "中华", "中央", "人民", "人大", "国家")) + "{name}")(
                f, w, r
            ),
        ),
        fits=_short_name,
        individual=True,
    ),
    *defects(
        2,
        (
            "a unit's head word",
            lambda f, w, r: _name(w.chance.choice(("中国", "中华", "中央", "人民", "人大", "国家")) + "{name}")(
                f, w, r
            ),
        ),
        ("a government's name", _one_of("样例市人民政府", "拟样监察", "样例县人民政府网")),
        fits=_common,
        individual=False,
    ),
    *defects(
        2,
        *(
            (f"a person's site called {word}", _name("晨雾拾光" + word))
            for word in (
                "资讯",
                "网站",
                "网络",
                "网址",
                "爱好者",
                "作品展示",
                "论坛",
                "社区",
                "工作室",
                "平台",
                "主页",
                "热线",
                "社团",
                "导航",
            )
        ),
        *((f"{word} in a person's site", _name(f"晨雾{word}记")) for word in ("博客", "论坛", "在线", "社区", "交流")),
        *(
            (f"a person's site like a unit: {word}", _name(f"晨雾拾光{word}"))
            for word in ("有限公司", "公司", "俱乐部", "团体")
        ),
        individual=True,
        fits=_free_form,
    ),
    *defects(
        2,
        ("Jiangsu: another form", _one_of("晨雾手记", "某某的个人网站", "旧书札记")),
        ("Jiangsu: no remark", lambda f, w, r: f.update(site_remark="", subject_remark="")),
        individual=True,
        provinces=("江苏",),
        fits=new,
    ),
    *defects(
        None,
        ("near: letters beside three characters", _one_of("AI晨光馆", "晨光3D打印", "php开发笔记")),
        individual=True,
        fits=_free_form,
        provinces=("山东", "四川", "安徽", "江西", "海南"),
    ),
    *defects(
        None,
        (
            "near: a guidance name",
            _one_of("个人杂货铺", "我的作品展览", "文字极客", "我的摄影小空间", "php开发", "网页制作经验谈"),
        ),
        individual=True,
        provinces=("山东", "四川", "安徽", "江西", "海南", "陕西"),
        allowed=("ICP0224", "ICP0201", "ICP0222", "ICP0221"),
    ),
    *defects(
        None,
        ("near: the head word within", _name("{name}中国行")),
        fits=_common,
        individual=False,
        allowed=("ICP0210", "ICP0215", "ICP0214"),
    ),
    *defects(
        None,
        (
            "near: a field word in a company's own name",
            lambda f, w, r: f.update(
                subject_name=f["subject_name"].replace("有限", "文化有限"),
                domain_holder_name=f["domain_holder_name"].replace("有限", "文化有限"),
                site_name=f["site_name"] + "文化",
            ),
        ),
        fits=lambda f: _common(f) and len(f["site_name"]) < 16,
        individual=False,
        allowed=("ICP0213", "ICP0406"),
    ),
]
