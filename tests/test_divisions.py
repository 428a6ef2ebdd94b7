"""Addresses are read where they leave no doubt, and nowhere else."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.facts import divisions
from expectations.reference import Reference

REFERENCE = Reference(date(2026, 1, 15))
READ = divisions.divisions(REFERENCE).read

CERTAIN = {
    "浙江省杭州市西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "  浙江省杭州市西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "中国浙江省杭州市西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "中华人民共和国浙江省杭州市西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "310000 浙江省杭州市西湖区": ("浙江", "杭州市", "西湖区"),
    "地址:浙江省杭州市西湖区": ("浙江", "杭州市", "西湖区"),
    "浙江省杭州市西湖區样例路1号": ("浙江", "杭州市", "西湖区"),
    "浙江 杭州 西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "浙江-杭州-西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "浙江省(杭州市)西湖区": ("浙江", "杭州市", "西湖区"),
    "杭州市西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "杭州西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "浙江杭州西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "浙江省西湖区样例路1号": ("浙江", "杭州市", "西湖区"),
    "浙江省义乌市样例路1号": ("浙江", "金华市", "义乌市"),
    "义乌市样例路1号": ("浙江", "金华市", "义乌市"),
    "安吉县城北路1号": ("浙江", "湖州市", "安吉县"),
    "余杭区样例路1号": ("浙江", "杭州市", "余杭区"),
    "浙江省样例路1号": ("浙江", "", ""),
    "北京市朝阳区样例路1号": ("北京", "", "朝阳区"),
    "北京市北京市朝阳区样例路1号": ("北京", "", "朝阳区"),
    "北京市市辖区朝阳区样例路1号": ("北京", "", "朝阳区"),
    "北京朝阳区样例路1号": ("北京", "", "朝阳区"),
    "北京海淀样例大街1号": ("北京", "", ""),
    "北京市宣武区样例街1号": ("北京", "", "宣武区"),
    "上海市浦东新区样例路1号": ("上海", "", "浦东新区"),
    "上海市北京东路1号": ("上海", "", ""),
    "上海市黄浦区南京东路1号": ("上海", "", "黄浦区"),
    "上海市西藏中路1号": ("上海", "", ""),
    "重庆市县云阳县样例街1号": ("重庆", "", "云阳县"),
    "重庆市渝中区样例路1号": ("重庆", "", "渝中区"),
    "青岛市市南区香港中路1号": ("山东", "青岛市", "市南区"),
    "河南省济源市样例路1号": ("河南", "", "济源市"),
    "河南省省直辖县级行政区划济源市样例路1号": ("河南", "", "济源市"),
    "湖北省仙桃市样例路1号": ("湖北", "", "仙桃市"),
    "海南省琼海市样例路1号": ("海南", "", "琼海市"),
    "海南藏族自治州共和县样例路1号": ("青海", "海南藏族自治州", "共和县"),
    "青海省海南州共和县": ("青海", "海南藏族自治州", "共和县"),
    "河南蒙古族自治县样例路1号": ("青海", "黄南藏族自治州", "河南蒙古族自治县"),
    "吉林省吉林市船营区样例路1号": ("吉林", "吉林市", "船营区"),
    "吉林市船营区样例路1号": ("吉林", "吉林市", "船营区"),
    "内蒙古自治区呼和浩特市新城区样例路1号": ("内蒙古", "呼和浩特市", "新城区"),
    "内蒙古呼和浩特新城区样例路1号": ("内蒙古", "呼和浩特市", "新城区"),
    "内蒙古锡林郭勒盟锡林浩特市": ("内蒙古", "锡林郭勒盟", "锡林浩特市"),
    "广西壮族自治区南宁市青秀区样例路1号": ("广西", "南宁市", "青秀区"),
    "广西南宁市青秀区样例路1号": ("广西", "南宁市", "青秀区"),
    "新疆维吾尔自治区乌鲁木齐市天山区": ("新疆", "乌鲁木齐市", "天山区"),
    "新疆石河子市样例路1号": ("新疆", "", "石河子市"),
    "新疆伊犁哈萨克自治州伊宁市样例路1号": ("新疆", "伊犁哈萨克自治州", "伊宁市"),
    "新疆生产建设兵团样例路1号": ("新疆", "", ""),
    "中国（湖北）自由贸易试验区样例路1号": ("湖北", "", ""),
    "上海上海市浦东新区样例路1号": ("上海", "", "浦东新区"),
    "大连高新技术产业园区样例路1号": ("辽宁", "大连市", ""),
    "宁夏银川市兴庆区": ("宁夏", "银川市", "兴庆区"),
    "广东省东莞市虎门镇样例路1号": ("广东", "东莞市", "虎门镇"),
    "深圳市南山区样例路1号": ("广东", "深圳市", "南山区"),
    "苏州工业园区样例街1号": ("江苏", "苏州市", "苏州工业园区"),
    "苏州高新区样例街1号": ("江苏", "苏州市", ""),
    "北京经济技术开发区样例街1号": ("北京", "", ""),
    "中国(上海)自由贸易试验区样例路1号": ("上海", "", ""),
    "中国(浙江)自由贸易试验区杭州市滨江区样例路1号": ("浙江", "杭州市", "滨江区"),
    "河北雄安新区容城县样例街1号": ("河北", "保定市", "雄安新区"),
    "雄安新区样例街1号": ("河北", "保定市", "雄安新区"),
    "贵州贵安新区样例路1号": ("贵州", "", "贵安新区"),
    "西咸新区沣东新城样例路1号": ("陕西", "", "西咸新区"),
    "武汉东湖新技术开发区样例路1号": ("湖北", "武汉市", "东湖新技术开发区"),
    "江苏昆山花桥镇样例路1号": ("江苏", "", ""),
    "香港特别行政区湾仔区样例道1号": ("香港", "", "湾仔区"),
    "中国香港九龙样例道1号": ("香港", "", "九龙"),
    "澳门特别行政区样例街1号": ("澳门", "", ""),
    "台湾省台北市大安区样例路1号": ("台湾", "台北市", "大安区"),
    "臺灣臺北市大安區樣例路1號": ("台湾", "台北市", "大安区"),
}

DOUBTFUL = [
    "浙江龙泉路1号", "四川都江堰大道1号", "新区样例路1号",
    "", " ", "样例路1号", "朝阳区样例路1号", "鼓楼区样例路1号", "西湖区样例路1号", "东城区样例路1号",
    "城北区样例路1号", "新城区样例街", "高新区样例路1号", "上海路1号", "南京路5号", "北京东路100号", "北京西路",
    "重庆小面馆", "西藏中路1号", "香港中路8号", "澳门路3号", "浙江大学路38号", "浙江大学", "北京市场1号",
    "四川饭店", "广东会馆路2号", "吉林路", "海南路1号", "河南南路1号", "中山路1号", "长春街", "南京东路1号",
    "北京朝阳路1号", "台湾路1号", "上海大厦3楼", "软件园北京创业中心", "Hangzhou, Zhejiang", "中国银行大厦",
    "上海滩小区1号", "1号楼", "(浙江)",
]  # fmt: skip


@pytest.mark.parametrize("address", CERTAIN)
def test_a_clear_address_is_read(address: str):
    assert READ(address)[:3] == CERTAIN[address]


@pytest.mark.parametrize("address", DOUBTFUL)
def test_a_doubtful_address_gives_no_province(address: str):
    assert READ(address)[:3] == ("", "", "")


@pytest.mark.parametrize(
    "street", ["上海", "南京", "北京东", "西藏中", "重庆", "中山", "浙江", "吉林", "香港中", "朝阳"]
)
@pytest.mark.parametrize("city", ["青岛市市南区", "广东省广州市天河区", "上海市黄浦区", "天津市和平区"])
def test_a_street_named_after_a_place_is_a_street(street: str, city: str):
    assert READ(f"{city}{street}路1号")[:3] == READ(city)[:3] != ("", "", "")


@pytest.mark.parametrize("address", ["浙江省南京市玄武区样例路1号", "四川省重庆市渝中区", "广东省北京市朝阳区"])
def test_an_address_in_two_provinces_is_in_none(address: str):
    assert READ(address) == ("", "", "", "contradicts")


@pytest.mark.parametrize(
    ("address", "bare"),
    [("浙江省杭州市西湖区", True), ("浙江省杭州市", True), ("浙江省", True), ("浙江省杭州市西湖区样例路", False)],
)
def test_an_address_of_divisions_only_is_bare(address: str, bare: bool):
    assert (READ(address).remark == "bare") is bare


def test_every_city_and_county_of_the_table_is_read_after_its_province():
    full = {row["province"]: row["full_name"] for row in REFERENCE.table("provinces")}
    rows = [
        row for row in REFERENCE.table("divisions") if row["province"] in full and row["level"] in ("city", "county")
    ]
    wrong = [
        row["name"]
        for row in rows
        if READ(f"{full[row['province']]}{row['city']}{row['name']}样例路1号").province != row["province"]
    ]
    assert wrong == []


_NAMES = [row["name"] for row in REFERENCE.table("divisions")] + [row["short"] for row in REFERENCE.table("divisions")]


@given(
    st.lists(
        st.sampled_from([*_NAMES, "路", "街", "县", "市辖区", "中国", "(", " ", "-", "1号", "場"])
        | st.text(max_size=3),
        max_size=6,
    )
)
def test_any_text_is_read_as_a_known_place_or_none(parts: list[str]):
    place = READ("".join(parts))
    known = {row["province"] for row in REFERENCE.table("divisions")} | {""}
    assert place.province in known
    assert place.province or not (place.city or place.county)


def test_places_reads_each_row():
    addresses = pd.Series(["浙江省杭州市西湖区样例路1号", "样例路1号", "浙江省杭州市西湖区样例路1号"], index=[5, 6, 9])
    found = divisions.places(addresses, REFERENCE)
    assert found.index.tolist() == [5, 6, 9]
    assert found["province"].tolist() == ["浙江", "", "浙江"]
    assert found["county"].tolist() == ["西湖区", "", "西湖区"]
    assert divisions.places(addresses.iloc[:0], REFERENCE).empty


def test_the_region_of_a_number_speaks_only_where_it_can():
    numbers = pd.Series(["330106", "100000", "510202", "440106", "830000", "810000", "990000", "", "510202"])
    filed = pd.Series(["江苏", "江苏", "重庆", "海南", "江苏", "江苏", "江苏", "江苏", "江苏"])
    assert divisions.region_province(numbers, REFERENCE).tolist() == [
        "浙江", "", "四川", "广东", "", "", "", "", "四川"
    ]  # fmt: skip
    assert divisions.region_agrees(numbers, filed, REFERENCE).tolist() == [
        False, True, True, True, True, True, True, True, False
    ]  # fmt: skip


def test_a_users_division_is_read(tmp_path):
    (tmp_path / "divisions.csv").write_text("province,city,name,level\n浙江,杭州市,样例新区,county\n", encoding="utf-8")
    reference = Reference(date(2026, 1, 15), tmp_path)
    assert divisions.divisions(reference).read("浙江省样例新区1号")[:3] == ("浙江", "杭州市", "样例新区")
    assert READ("浙江省样例新区1号")[:3] == ("浙江", "", "")
