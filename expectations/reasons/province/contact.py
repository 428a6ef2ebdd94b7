"""The contact address itself: precise enough, and an address."""

from __future__ import annotations

import pandas as pd

from expectations.facts.localities import OPEN
from expectations.filing import FILLER
from expectations.rows import Case, Filings, derived
from expectations.rule import Words, rule

MOST_DETAILED = "此地址已是最详细地址"
"""The remark an administration takes for a door number where there is none."""

# A digit after the beginning (a postcode may begin), a counted building or room, or at the end a
# village or the like: the countryside has no door numbers.
_NUMBER = r"[^0-9][0-9]"
_COUNTED = (
    "[〇零一二三四五六七八九十百两壹贰叁肆伍陆柒捌玖拾甲乙丙丁戊A-Za-z]"
    "(?:号|室|栋|幢|座|楼|层|单元|弄|排|户|房|门|组|队|连)"
)
_VILLAGE = (
    "(?:村|屯|寨|庄|堡|沟|坪|湾|坝|岭|组|队|社|连|嘎查|苏木|农场|林场|牧场|渔场|茶场)"
    r"(?:民委员会|委员会|委会|委|民小组|小组|部)?(?:\([^()]*\))?$"
)
_PRECISE = f"{_NUMBER}|{_COUNTED}|{_VILLAGE}"
# Where these end an address, the number in the street, the estate or the village is certain to be missing.
_STREET_END = (
    "[一-龥](?:[路街巷镇乡]|大道|胡同|街道|开发区|高新区|经开区|保税区|园区|(?:工业|产业|科技|物流|创业)园|小区|花园"
    "|路口|交叉口|交汇处|附近|旁边?|对面)$"
)
_BOX = r"(?i)信箱|邮箱|P\.? ?O\.? ?BOX"
_STREET = "[路街道巷弄村里]"


@derived("contact_address.precise")
def _precise(rows: Filings) -> pd.Series:
    """Whether the contact address, or the remark, says all there is down to the door."""
    return (
        rows["subject_address"].str.contains(_PRECISE, regex=True)
        | rows["subject_address"].str.contains("最详细", regex=False)
        | rows["subject_remark"].str.contains("最详细", regex=False)
    )


def _ends_at_street(rows: Filings) -> pd.Series:
    return rows["subject_address"].str.contains(_STREET_END, regex=True)


@rule(
    "ICP0330",
    zh="通讯地址没有写到门牌号", en="The contact address stops short of the door number",
    columns=("subject_address",), case=OPEN, severity="error",
    warning_if=Case(
        "写到楼宇、小区等，或看不出止于何处", "a building or the like follows, or nobody can tell",
        lambda rows: (rows["contact_address.remark"] != "bare") & ~_ends_at_street(rows),
    ),
    message=Words(
        "通讯地址「{subject_address}」没有写到门牌号（城市到门牌，农村到村组）",
        "The contact address 「{subject_address}」 does not reach the door number (in the country: the village)",
    ),
    fix=Words(
        f"补全到门牌号、房间号；确实没有的，在「主体备注」写「{MOST_DETAILED}」",
        f"Add number and room; where there is none, write 「{MOST_DETAILED}」 into the subject's remark",
    ),
    owner="filer", source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息",
    good=[
        {}, {"subject_address": "浙江省杭州市西湖区样例路", "subject_remark": MOST_DETAILED},
        {"subject_address": "浙江省杭州市西湖区", "subject_remark": f"{MOST_DETAILED}。"},
        {"subject_address": "浙江省湖州市安吉县样例乡样例村"},
        {"subject_address": "浙江省湖州市安吉县样例乡样例村村民委员会"},
        {"subject_address": "浙江省湖州市安吉县样例乡样例村三组"},
        {"subject_address": "浙江省杭州市西湖区样例路十二号"}, {"subject_address": "浙江省杭州市西湖区样例路壹号"},
        {"subject_address": "浙江省杭州市西湖区样例路样例大厦B座"},
        {"subject_address": "浙江省杭州市西湖区样例路样例大厦三楼"},
        {"subject_address": "浙江省杭州市西湖区样例路1号样例大厦"},
        {"subject_address": "浙江省杭州市西湖区样例小区3幢2单元"},
        {"subject_address": "新疆维吾尔自治区石河子市样例团一连"},
        {"subject_address": "内蒙古自治区锡林郭勒盟样例苏木样例嘎查"},
        {"subject_address": "浙江省杭州市西湖区", "filing_type": "注销主体"}, {"subject_address": "同上"},
    ],
    bad=[
        {"subject_address": "浙江省杭州市西湖区"}, {"subject_address": "浙江省杭州市"},
        {"subject_address": "310000 浙江省杭州市西湖区样例路"},
        {"subject_address": "浙江省杭州市西湖区样例路样例大厦"}, {"subject_address": "浙江省杭州市西湖区样例大道"},
        {"subject_address": "浙江省杭州市西湖区样例街道", "subject_remark": "请尽快审核"},
        {"subject_address": "浙江省杭州市西湖区样例路与示例街交叉口"},
        {"subject_address": "浙江省杭州市西湖区样例小区"},
        {"subject_address": "北京市海淀区样例村大街", "province": "北京", "city": "", "county": ""},
    ],
)  # fmt: skip
def contact_address_without_door_number(rows: Filings) -> pd.Series:
    """The administration writes to this address. One that stops at a county, a town or a street is certain to be
    incomplete; a building may be found without a number. A filler is another rule's finding."""
    return ~rows["contact_address.precise"] & ~rows["subject_address"].isin(FILLER)


@rule(
    "ICP0331",
    zh="通讯地址是信箱", en="The contact address is a post box",
    columns=("subject_address",), case=OPEN, severity="warning",
    message=Words(
        "通讯地址「{subject_address}」只有信箱，没有街道门牌",
        "The contact address 「{subject_address}」 is a post box without a street"
    ),
    fix=Words("改为实际办公或居住地址，写到门牌号", "Give the address of the office or home, down to the door number"),
    owner="filer", source="Reseller's repost of refused addresses, undated; a hint only",
    good=[
        {}, {"subject_address": "浙江省杭州市西湖区样例路1号3信箱"},
        {"subject_address": "浙江省湖州市安吉县样例村1号信箱"},
    ],
    bad=[{"subject_address": "北京3050信箱"}, {"subject_address": "浙江省杭州市3050信箱"},
    {"subject_address": "P.O. Box 3050, Hangzhou"}],
)  # fmt: skip
def contact_address_is_post_box(rows: Filings) -> pd.Series:
    """Nobody can be visited in a post box."""
    address = rows["subject_address"]
    return address.str.contains(_BOX, regex=True) & ~address.str.contains(_STREET, regex=True)
