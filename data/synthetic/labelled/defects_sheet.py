"""Defects of the sheet itself and of telephone numbers (reasons 0 and 7), with their near misses."""

from __future__ import annotations

from data.synthetic.labelled.clean import Clean, Filing, Row
from data.synthetic.labelled.defects import Defect, by_id_card, defects, drop, everywhere, pick, put
from data.synthetic.labelled.numbers import credit_check, identity, licence, organisation_code
from data.synthetic.labelled.people import same


def _other_digit(text: str, place: int) -> str:
    new = str((int(text[place]) + 1) % 10) if text[place].isdigit() else "0"
    return text[:place] + new + (text[place + 1 :] if place != -1 else "")


def _credit_code(filing: Filing) -> bool:
    company = len(filing["subject_certificate_number"]) == 18 and filing["subject_certificate_type"] == "营业执照"
    return company and filing["domain_holder_name"] == filing["subject_name"]


def _wrong_code(text: str, world: Clean) -> str:
    """Both check characters wrong: of a pilot code only the last may be."""
    if len(text) != 18:
        return text
    body = text[:16] + ("0" if text[16] != "0" else "1")
    return body + ("0" if credit_check(body) != "0" else "1")


def _subject_number(mend) -> object:
    def change(filing: Filing, world: Clean, row: Row) -> None:
        right = filing["subject_certificate_number"]
        wrong = mend(right, world)
        for key in ("subject_certificate_number", "domain_holder_certificate_number"):
            if filing[key] == right:
                filing[key] = wrong

    return change


def _pilot(text: str, world: Clean) -> str:
    return text[:17] + ("0" if text[17] != "0" else "1")


def _old_number(filing: Filing, world: Clean, row: Row) -> None:
    number = filing["principal_certificate_number"]
    for key in [key for key, value in filing.items() if value == number]:
        filing[key] = number[:6] + number[8:17]


def _wrong_licence(filing: Filing, world: Clean, row: Row) -> None:
    number = licence(row.place.code + "0000", world.count)
    wrong = _other_digit(number, -1)
    filing["subject_certificate_number"] = filing["domain_holder_certificate_number"] = wrong


def _wrong_organisation_code(filing: Filing, world: Clean, row: Row) -> None:
    wrong = _other_digit(organisation_code(f"{world.count:08d}").replace("X", "8"), -1)
    if organisation_code(wrong[:8]) == wrong:
        wrong = _other_digit(wrong, -1)
    for key in ("subject_certificate_type", "domain_holder_certificate_type"):
        filing[key] = "组织机构代码证"
    filing["subject_certificate_number"] = filing["domain_holder_certificate_number"] = wrong


def _mainland(filing: Filing) -> bool:
    return by_id_card(filing) and len(filing["principal_certificate_number"]) == 18


def _recode(division: str = "", birth: str = ""):
    def mend(text: str, world: Clean) -> str:
        return identity(division or text[:6], birth or text[6:14], int(text[14:17]))

    return mend


def _damaged(key: str, kind: str):
    def change(filing: Filing, world: Clean, row: Row) -> None:
        filing[key] = ""
        filing["damaged"] = f"{key}:{kind}"

    return change


_ORGANISATION_COLUMNS = (
    "investor",
    "legal_representative_name",
    "site_principal_name",
    "site_principal_mobile",
    "principal_phone",
    "site_principal_email",
)
_REQUIRED = (
    "filing_type",
    "province",
    "city",
    "subject_nature",
    "subject_name",
    "subject_certificate_number",
    "site_name",
    "subject_certificate_address",
    "subject_address",
    "principal_name",
    "principal_mobile",
    "principal_email",
    "principal_emergency_mobile",
    "domain",
    "home_url",
    "site_content",
    "domain_holder_name",
    "domain_expires_on",
    "domain_holder_certificate_number",
)

SHEET: list[Defect] = [
    *defects(0, *((f"blank {key}", drop(key)) for key in _REQUIRED)),
    *defects(0, *((f"blank {key}", drop(key)) for key in _ORGANISATION_COLUMNS), individual=False),
    *defects(
        0,
        ("a placeholder in the address", pick("subject_address", "待定", "同上", "暂无")),
        ("a placeholder for the name", pick("subject_name", "无", "暂无", "待定")),
        ("a placeholder for the mail", pick("principal_email", "无", "/", "没有")),
        ("an unknown filing type", pick("filing_type", "申请备案", "普通备案", "网站备案申请")),
        ("an unknown content class", pick("site_content", "卖东西", "公司宣传", "企业站")),
        ("an unknown province", pick("province", "江南", "华东", "浙江杭州市西湖")),
        ("no such day", pick("domain_expires_on", "2029-02-30", "2028-13-01", "2030/4/31", "2029年2月29日")),
        ("no date", pick("domain_verified_on", "去年", "已认证", "2025")),
        ("a mail without @", everywhere("_email", lambda text, world: text.replace("@", ""))),
        ("a mail with Chinese", everywhere("_email", lambda text, world: "邮箱" + text)),
        ("a mail without a suffix", everywhere("_email", lambda text, world: text.rpartition("@")[0] + "@sample")),
        ("a number Excel cut", _damaged("principal_certificate_number", "digits_lost")),
        ("a formula's error", _damaged("subject_name", "error")),
    ),
    *defects(
        0,
        ("an unknown nature", pick("subject_nature", "民营企业", "其他单位", "合伙")),
        ("an unknown certificate", pick("subject_certificate_type", "许可证", "资质证书", "开户许可证")),
        individual=False,
    ),
    *defects(
        0,
        ("identity check digit", everywhere("_certificate_number", lambda text, world: _other_digit(text, -1))),
        ("identity number of 17 digits", everywhere("_certificate_number", lambda text, world: text[:-1])),
        (
            "identity number of 19 digits",
            everywhere("_certificate_number", lambda text, world: text[:10] + "0" + text[10:]),
        ),
        (
            "a letter within the identity number",
            everywhere("_certificate_number", lambda text, world: text[:9] + "O" + text[10:]),
        ),
        ("no such birthday", everywhere("_certificate_number", _recode(birth="19900231"))),
        ("born in the future", everywhere("_certificate_number", _recode(birth="20280101"))),
        ("no such division", everywhere("_certificate_number", _recode(division="990000"))),
        ("an identity number of 15 digits", _old_number),
        fits=_mainland,
    ),
    *defects(
        0,
        ("both check characters of the code", _subject_number(_wrong_code)),
        ("a code of 17", _subject_number(lambda text, world: text[:17])),
        ("a letter no code has", _subject_number(lambda text, world: text[:10] + "I" + text[11:])),
        individual=False,
        fits=_credit_code,
    ),
    *defects(
        0,
        ("check digit of an old licence", _wrong_licence),
        individual=False,
        fits=_credit_code,
        provinces=("浙江", "广东", "四川", "安徽"),
    ),
    *defects(
        0,
        ("check digit of an organisation code", _wrong_organisation_code),
        individual=False,
        fits=_credit_code,
        provinces=("浙江", "广东", "四川", "安徽"),
    ),
    *defects(
        None,
        ("near: pilot code with its last character wrong", _subject_number(_pilot)),
        individual=False,
        fits=_credit_code,
        allowed=("ICP0016", "ICP0020", "ICP0019"),
    ),
    *defects(
        None,
        (
            "near: 无 in optional cells",
            put(preapproval_types="无", preapproval_number="无", site_remark="无", subject_icp_number="无"),
        ),
        fits=lambda filing: filing["filing_type"] == "首次备案" and filing["province"] != "江苏",
    ),
]


def _landline(text: str, world: Clean) -> str:
    return "0571" + "87654329"


def _mobiles(mend):
    """The principal's mobile, wherever it stands."""

    def change(filing: Filing, world: Clean, row: Row) -> None:
        right = filing["principal_mobile"]
        wrong = mend(right, world)
        for key in ("principal_mobile", "site_principal_mobile"):
            if filing.get(key) == right:
                filing[key] = wrong

    return change


def _elsewhere_landline(filing: Filing, world: Clean, row: Row) -> None:
    other = world.people.elsewhere(row.place)
    right = filing["principal_phone"]
    for key in ("principal_phone", "site_principal_phone"):
        if filing[key] == right:
            filing[key] = world.people.landline(other)


def _has_landline(filing: Filing) -> bool:
    return filing["principal_phone"].startswith("0")


def _separate(filing: Filing) -> bool:
    return filing["principal_name"] != filing["site_principal_name"]


TELEPHONE: list[Defect] = [
    *defects(
        7,
        ("a landline as mobile", _mobiles(_landline)),
        ("a service number as mobile", _mobiles(lambda text, world: "4008" + text[5:11])),
        ("a mobile of ten digits", _mobiles(lambda text, world: text[:10])),
        ("a mobile of twelve digits", _mobiles(lambda text, world: text + "3")),
        ("no mobile begins with 12", _mobiles(lambda text, world: "12" + text[2:])),
        (
            "two mobiles in a cell",
            _mobiles(lambda text, world: f"{text}/{world.people.mobile(world.row().place, False)}"),
        ),
        ("a satellite number", _mobiles(lambda text, world: "1349" + text[4:])),
        ("a number of things", _mobiles(lambda text, world: "1410" + text[4:])),
        ("a filler in the mobile", _mobiles(lambda text, world: "无")),
        ("letters in a mobile", _mobiles(lambda text, world: text[:8] + "ABC")),
        ("a landline for emergencies", everywhere("_emergency_mobile", _landline)),
        ("a short number for emergencies", everywhere("_emergency_mobile", lambda text, world: text[:9])),
        (
            "two numbers for emergencies",
            everywhere("_emergency_mobile", lambda text, world: f"{text}、13{text[2:9]}17"),
        ),
    ),
    *defects(
        7,
        ("an area code of another province", _elsewhere_landline),
        ("a landline without area code", everywhere("_phone", lambda text, world: "87654329")),
        ("no such area code", everywhere("_phone", lambda text, world: "04008765432")),
        (
            "a landline of zeros",
            everywhere("_phone", lambda text, world: "01000000000" if text.startswith("010") else text[:4] + "0" * 8),
        ),
        ("a second number that is none", everywhere("_phone", lambda text, world: "12345")),
        individual=False,
        fits=_has_landline,
    ),
    *defects(
        7,
        ("the site principal's landline as mobile", put(site_principal_mobile="057187654329")),
        ("the site principal's mobile too short", put(site_principal_mobile="1380571000")),
        individual=False,
        fits=_separate,
    ),
    *defects(
        None,
        (
            "near: one person, both roles",
            lambda filing, world, row: filing.update(same(filing, "principal", "site_principal")),
        ),
        individual=False,
        fits=lambda filing: not _separate(filing),
    ),
    *defects(
        None,
        (
            "near: a landline with an extension",
            everywhere("_phone", lambda text, world: text.partition("转")[0] + "转8012"),
        ),
        individual=False,
        fits=_has_landline,
    ),
    *defects(
        None,
        ("near: a 199 mobile", _mobiles(lambda text, world: "199" + text[3:])),
        provinces=("浙江", "广东", "四川", "山东"),
    ),
]


def _alone(key: str, mend):
    def change(filing: Filing, world: Clean, row: Row) -> None:
        filing[key] = mend(filing[key], world)

    return change


_NUMBERS = (
    "subject_certificate_number",
    "principal_certificate_number",
    "site_principal_certificate_number",
    "domain_holder_certificate_number",
)
ALONE: list[Defect] = [
    *defects(
        0,
        *(
            (f"one cell: check digit of {key}", _alone(key, lambda text, world: _other_digit(text, -1)))
            for key in _NUMBERS
        ),
        *((f"one cell: {key} a digit short", _alone(key, lambda text, world: text[:-1])) for key in _NUMBERS),
        individual=True,
        fits=lambda filing: _mainland(filing) and "site_principal_name" in filing,
    ),
    *defects(
        0,
        *(
            (f"one cell: check digit of {key}", _alone(key, lambda text, world: _other_digit(text, -1)))
            for key in _NUMBERS[1:3]
        ),
        ("one cell: the code's check characters", _alone("subject_certificate_number", _wrong_code)),
        ("one cell: the holder's check characters", _alone("domain_holder_certificate_number", _wrong_code)),
        ("one cell: the code a character short", _alone("subject_certificate_number", lambda text, world: text[:-1])),
        ("one cell: a mail without @", _alone("principal_email", lambda text, world: text.replace("@", ""))),
        ("one cell: an unknown document", _alone("site_principal_certificate_type", lambda text, world: "通行证件")),
        ("one cell: an unknown certificate", _alone("subject_certificate_type", lambda text, world: "许可证明")),
        individual=False,
        fits=lambda filing: (
            _credit_code(filing) and by_id_card(filing) and filing["domain_holder_name"] == filing["subject_name"]
        ),
    ),
]
"""One slip in one cell, where the same value stands right in others: it may raise no error of another reason."""
