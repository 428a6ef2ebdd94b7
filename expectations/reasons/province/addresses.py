"""Where the subject's addresses lie, against the province filed in."""

from __future__ import annotations

import pandas as pd

from expectations.facts.filing_types import NONE
from expectations.facts.localities import ADDRESSES, OPEN, OVERSEAS
from expectations.filing import INDIVIDUAL
from expectations.rows import INDIVIDUALS, ORGANISATIONS, Case, Filings, filed_as
from expectations.rule import Words, rule


@rule(
    "ICP0301",
    zh="单位在证件住所以外的省份备案", en="An organisation files outside the province of its certificate",
    columns=("province", "subject_certificate_address"), evidence=("filing_province", "certificate_address.province"),
    case=ORGANISATIONS & OPEN, severity="error",
    message=Words(
        "证件住所「{subject_certificate_address}」在{certificate_province}，备案省份却是{province}；单位不能跨省备案",
        "The certificate's address 「{subject_certificate_address}」 is in {certificate_province}, the filing in "
        "{province}; organisations cannot file in another province",
    ),
    fix=Words(
        "备案省份改为证件住所所在的{certificate_province}，城市、区县随之修改；如要在{province}备案，"
        "请用当地分支机构的证件",
        "File in {certificate_province}, where the certificate's address is, and change city and county with it; "
        "to file in {province}, use the certificate of a branch there",
    ),
    owner="filer", source="Aliyun ICP docs 2019-09, 备案驳回FAQ and 限制说明",
    good=[
        {}, {"subject_certificate_address": "杭州市西湖区南京路1号"},
        {"subject_certificate_address": "西湖区样例路1号"},
        {"subject_certificate_address": "中国(浙江)自由贸易试验区样例路1号"},
        {"subject_certificate_address": "上海路1号"},
        {"subject_certificate_address": " 浙江省杭州市上海路1号"}, {"province": "江苏省份"},
        {"subject_certificate_address": "江苏省南京市玄武区样例路1号", "filing_type": "注销主体"},
        {"subject_nature": INDIVIDUAL, "subject_certificate_address": "江苏省南京市玄武区样例路1号"},
        {"province": "辽宁", "city": "大连市", "county": "", "subject_certificate_address": "大连市中山区样例路1号"},
        {"subject_certificate_address": "香港特别行政区湾仔区样例道1号"},
    ],
    bad=[
        {"subject_certificate_address": "江苏省南京市玄武区样例路1号"}, {"province": "江苏"},
        {"subject_certificate_address": "南京市玄武区样例路1号", "filing_type": "接入备案"},
        {"subject_certificate_address": "中国(上海)自由贸易试验区样例路1号"},
        {"subject_certificate_address": "昆山市样例路1号"},
        {"subject_certificate_address": "北京朝阳区样例路1号",
         "subject_certificate_type": "外国企业常驻代表机构登记证"},
    ],
)  # fmt: skip
def organisation_filed_outside_its_province(rows: Filings) -> pd.Series:
    """Each administration files the organisations registered in its province, and no others."""
    return rows["certificate_elsewhere"] & ~rows["certificate_address.province"].isin(OVERSEAS)


@organisation_filed_outside_its_province.details
def _certificate_province(failing: Filings) -> dict[str, pd.Series]:
    return {"certificate_province": failing["certificate_address.province"]}


@rule(
    "ICP0302",
    zh="通讯地址不在备案省份", en="The contact address is in another province",
    columns=("subject_address",), evidence=("filing_province", "contact_address.province"), case=OPEN,
    severity="error",
    warning_if=INDIVIDUALS & Case(
        "证件住址看不出在备案省份", "whose card is not seen to be of the province",
        lambda rows: rows["certificate_address.province"] != rows["filing_province"],
    ),
    message=Words(
        "通讯地址「{subject_address}」在{contact_province}，不在备案省份{province}；证件住所和通讯地址须在同一省份",
        "The contact address 「{subject_address}」 is in {contact_province}, not in {province} where the filing is; "
        "certificate address and contact address must be in one province",
    ),
    fix=Words(
        "填写在{province}的真实通讯地址，可与证件住所相同",
        "Give the true contact address in {province}; it may be that of the certificate",
    ),
    owner="filer", source="Aliyun ICP docs 2019-09, 接入备案 and 填写主体信息和网站信息",
    good=[
        {}, {"subject_address": "浙江省宁波市海曙区样例路1号"}, {"subject_address": "样例路1号"},
        {"subject_address": "南京路1号"},
        {"subject_address": "江苏省南京市玄武区样例路1号",
         "subject_certificate_address": "江苏省南京市玄武区样例路1号"},
        {"subject_address": "江苏省南京市玄武区样例路1号", "filing_type": "注销网站"},
    ],
    bad=[
        {"subject_address": "江苏省南京市玄武区样例路1号"}, {"subject_address": "香港九龙样例道1号"},
        {"subject_nature": INDIVIDUAL, "subject_address": "江苏省南京市玄武区样例路1号"},
        {"subject_nature": INDIVIDUAL, "subject_address": "江苏省南京市玄武区样例路1号",
         "subject_certificate_address": "样例路1号"},
    ],
)  # fmt: skip
def contact_address_in_another_province(rows: Filings) -> pd.Series:
    """Where the certificate itself is of another province, that is the finding; the contact address follows it.

    Both addresses must lie in the province filed in (city and county may differ). Where an individual's card
    is not of the province, a permit and the policies of reason 3 decide, and this is a warning.
    """
    elsewhere = rows["contact_address.province"] != rows["filing_province"]
    follows = rows["certificate_elsewhere"] & ~rows["is_individual"]
    return elsewhere & ~follows


@contact_address_in_another_province.details
def _contact_province(failing: Filings) -> dict[str, pd.Series]:
    return {"contact_province": failing["contact_address.province"]}


def _from_abroad(rows: Filings) -> pd.Series:
    resident_office = rows["subject_certificate_type"].str.contains("常驻代表机构", regex=False)
    return resident_office | rows["subject_nature"].isin(("境外机构", "外国在华文化中心"))


@rule(
    "ICP0303",
    zh="单位证件住所在港澳台", en="The organisation's certificate is of Hong Kong, Macao or Taiwan",
    columns=("subject_certificate_address",), case=ORGANISATIONS & OPEN, severity="error", blank="passes",
    warning_if=Case("境外机构或其常驻代表机构", "bodies from abroad and their resident offices", _from_abroad),
    message=Words(
        "证件住所「{subject_certificate_address}」在{certificate_province}，不能在{province}备案；"
        "境外企业须用境内分支机构的营业执照或外国（地区）企业常驻代表机构登记证备案",
        "The certificate's address 「{subject_certificate_address}」 is in {certificate_province}, and {province} "
        "cannot take it; a company from abroad files with the licence of its mainland branch or the registration of "
        "its resident office",
    ),
    fix=Words(
        "改用境内分支机构或常驻代表机构的证件，并在该证件所在省份备案",
        "Use the certificate of the mainland branch or resident office and file in its province",
    ),
    owner="filer", source="Aliyun ICP docs 2019-09, 境外企业备案",
    good=[
        {}, {"subject_certificate_address": "青岛市市南区香港中路1号"},
        {"subject_certificate_address": "香港中路1号"},
    ],
    bad=[
        {"subject_certificate_address": "香港特别行政区湾仔区样例道1号"},
        {"subject_certificate_address": "台湾省台北市大安区样例路1号"},
        {"subject_certificate_address": "香港九龙样例道1号", "subject_nature": "境外机构",
         "subject_certificate_type": "境外机构证件"},
    ],
)  # fmt: skip
def overseas_certificate_address(rows: Filings) -> pd.Series:
    """A company from abroad files under what it has registered on the mainland, in the province of that document.

    A body of another nature, or its resident office, may have been given with its home address: a reviewer looks.
    """
    return rows["certificate_address.province"].isin(OVERSEAS)


overseas_certificate_address.details(_certificate_province)


@rule(
    "ICP0304",
    zh="地址前后矛盾", en="The address contradicts itself",
    columns=tuple(ADDRESSES.values()), case=OPEN, severity="warning", blank="passes",
    message=Words(
        "{cells}先写一个省份，接着又写另一个省份的城市或省份",
        "{cells} names a province, then a city or province elsewhere"
    ),
    fix=Words("按证件或实际地址改正省、市", "Correct province and city after the certificate or the true address"),
    owner="filer", source="MIIT 网站备案信息填报真实性和规范性的有关要求 (reposts)",
    good=[
        {}, {"subject_address": "上海市黄浦区南京东路1号", "province": "上海"},
        {"subject_address": "浙江省上海路1号"}, {"subject_address": "浙江省吉林市路1号"},
    ],
    bad=[{"subject_address": "浙江省南京市玄武区样例路1号"}, {"subject_certificate_address": "广东省北京市样例街1号"}],
)  # fmt: skip
def address_contradicts_itself(rows: Filings) -> pd.DataFrame:
    """Two provinces in one address cannot both be true, and nobody can tell which is."""
    return pd.DataFrame({column: rows[f"{name}.remark"] == "contradicts" for name, column in ADDRESSES.items()})


@rule(
    "ICP0305",
    zh="变更备案改变省份", en="A change filing moves to another province",
    columns=("province",), evidence=("filing_province", "register.subject_province"), case=filed_as("变更备案"),
    severity="error",
    message=Words(
        "已备案的主体在{filed_province}，变更备案不能改到{province}",
        "The subject is on file in {filed_province}; a change filing cannot move it to {province}",
    ),
    fix=Words(
        "在{province}重新办理首次备案，原备案另行注销；若只是填错，改回{filed_province}",
        "File anew in {province} and cancel the filing on record; if it is a slip, put {filed_province} back",
    ),
    owner="filer", source="Aliyun ICP docs 2019-09, 变更备案; MIIT return code 1046",
    good=[
        {"filing_type": "变更备案", "register.subject_province": "浙江"}, {"register.subject_province": "江苏"},
        {"filing_type": "变更备案", "register.subject_province": ""},
        {"filing_type": "变更备案", "register.subject_province": NONE},
    ],
    bad=[{"filing_type": "变更备案", "register.subject_province": "江苏"}],
)  # fmt: skip
def change_filing_moves_province(rows: Filings) -> pd.Series:
    """A filing belongs to one administration for good: another province needs a filing of its own."""
    filed = rows["register.subject_province"]
    return (filed != NONE) & (filed != rows["filing_province"])


@change_filing_moves_province.details
def _filed_province(failing: Filings) -> dict[str, pd.Series]:
    return {"filed_province": failing["register.subject_province"], "expected": failing["register.subject_province"]}
