"""Addresses as certificates print them: streets named after other places, villages, zones, the corps of Xinjiang."""

from __future__ import annotations

from random import Random

from data.synthetic.labelled.places import Place

_ROADS = (
    "示例路",
    "样板街",
    "中山路",
    "人民路",
    "上海路",
    "北京路",
    "南京西路",
    "广州大道中",
    "天津路",
    "解放东路",
    "建设大道",
    "重庆中路",
    "长江路",
    "青年街",
    "和平里东街",
    "文一西路",
    "科技园路",
    "海南路",
    "新疆路",
    "河北大街",
    "台湾路",
)


def address(chance: Random, place: Place) -> tuple[str, str]:
    """An address down to the door, as printed on certificates, and the remark it may need."""
    road, other, number = chance.choice(_ROADS), chance.choice(_ROADS), chance.randrange(1, 999)
    building, floor = chance.randrange(1, 9), chance.randrange(2, 20)
    city = "" if place.city == place.full and chance.random() < 0.7 else place.city
    head = chance.choice((place.full + city, place.full + city, place.province + place.city, place.city))
    zone = chance.choice(("", "", "", "经济技术开发区", "高新技术产业开发区"))
    tails = (
        f"{road}{number}号",
        f"{road}{number}号{chance.randrange(101, 2000)}室",
        f"{road}{number}号样例大厦A座{chance.randrange(101, 2900)}",
        f"{road}{number}号{chance.randrange(1, 30)}幢{chance.randrange(1, 5)}单元{chance.randrange(101, 999)}室",
        f"{road}与{other}交叉口样例广场{building}号楼{floor}层{chance.randrange(201, 999)}号",
        f"示例镇拟样村{number}号",
        f"示例镇拟样村{chance.randrange(1, 12)}组",
        f"仿例乡样板村民委员会{chance.randrange(1, 9)}社{number}号",
        f"{road}{number}号院{chance.randrange(1, 9)}号楼B-{chance.randrange(101, 999)}",
        f"{road}{number}-{chance.randrange(1, 9)}号底层",
    )
    draw = chance.random()
    if draw < 0.04 and place.city == "石河子市":
        return f"新疆生产建设兵团第八师石河子市{road}{number}号", ""
    if draw < 0.05:
        return f"{head}{place.county}示例镇拟样村", "此地址已是最详细地址"
    if draw < 0.08 and place.province in (
        "上海",
        "浙江",
        "广东",
        "福建",
        "陕西",
        "四川",
        "重庆",
        "湖北",
        "河南",
        "辽宁",
    ):
        trial = f"中国（{place.province}）自由贸易试验区"
        return f"{trial}{place.city if city or chance.random() < 0.5 else ''}{place.county}{road}{number}号", ""
    return f"{head}{place.county}{zone}{chance.choice(tails)}", ""
