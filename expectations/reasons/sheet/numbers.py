"""Numbers of certificates: each against the form its certificate's type has, and its check digits."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from expectations.cellwise import each, per_cell, repaired
from expectations.facts.certificates import HELD, REPRESENTATIVE, fault, repaired_number
from expectations.facts.numbers import birth_date
from expectations.facts.people import per_value
from expectations.rows import Filings
from expectations.rule import Rule, Words, rule

NUMBERS = tuple(HELD)
ID_CARDS = "GB 11643-1999"
PERMITS = "residence permits for people of Hong Kong, Macao and Taiwan, 2018-09-01"
CREDIT_CODES = "GB 32100-2015"
LICENCES = "GS 15-2006"

_CHECK_AGAIN = Words("对照证件逐位核对后重新填写", "Compare it with the document digit by digit and type it again")


def _having(rows: Filings, *faults: str) -> pd.DataFrame:
    return each(rows, NUMBERS, lambda key: fault(rows, key).isin(faults))


def _of(number: str, **others: str) -> dict[str, str]:
    """An individual whose number this is."""
    person = {f"{whose}_certificate_number": number for whose in ("subject", "principal", "domain_holder")}
    return {"subject_nature": "个人", **person, **others}


def _unit(number: str, kind: str = "营业执照") -> dict[str, str]:
    return {"subject_certificate_type": kind, "subject_certificate_number": number}


def _told(declared: Rule, rows: Filings, words: Mapping[str, Words]) -> pd.Series:
    """What is the matter with the numbers at fault, each thing once."""
    language = rows.basis.language

    def told(key: str) -> pd.Series:
        return per_value(fault(rows, key), lambda name: words[name](language) if name in words else "")

    joined = per_cell(declared, rows, told, "\t")
    separator = "；" if language == "zh" else "; "
    return per_value(joined, lambda texts: separator.join(dict.fromkeys(texts.split("\t"))))


_FORMS = {
    "id_form": Words("居民身份证号码为 17 位数字加 1 位数字或 X", "an identity card has 17 digits and one more or X"),
    "permit_as_id_card": Words(
        "81、82、83 开头的是港澳台居民居住证号码，证件类型应作相应选择",
        "numbers from 81, 82 or 83 are of residence permits: choose that type",
    ),
    "permit_form": Words(
        "港澳台居民居住证号码为 18 位，以 810000、820000 或 830000 开头",
        "a residence permit has 18 characters and begins with 810000, 820000 or 830000",
    ),
    "permit_region": Words(
        "港澳居民的号码以 81、82 开头，台湾居民的以 83 开头",
        "81 and 82 begin numbers of Hong Kong and Macao, 83 those of Taiwan",
    ),
    "person_as_unit": Words(
        "这是居民身份证号码，证件类型却是单位证件",
        "this is the number of an identity card under a certificate of units",
    ),
    "licence_form": Words(
        "营业执照号码为 18 位统一社会信用代码，或旧的 15 位、13 位注册号",
        "a licence has the unified code of 18 characters, or an old number of 15 or 13 digits",
    ),
    "credit_form": Words(
        "统一社会信用代码为 18 位，不含字母 I、O、S、V、Z",
        "the unified code has 18 characters and never I, O, S, V or Z",
    ),
    "organisation_form": Words(
        "组织机构代码为 9 位（或 18 位统一社会信用代码）",
        "an organisation code has 9 characters, or 18 since the merger",
    ),
    "filler": Words("这不是证件号码", "this is no number of a certificate"),
}


@rule(
    "ICP0010",
    zh="证件号码与证件类型的格式不符", en="A number has not the form of its certificate",
    columns=NUMBERS, blank="passes", severity="error",
    message=Words("{cells}格式不对：{problems}", "{cells}: wrong form. {problems}"),
    fix=Words("核对证件类型与号码，照证件重新填写", "Check the type and the number against the document"),
    owner="filer", source=f"{ID_CARDS}; {CREDIT_CODES}; {LICENCES}; GB 11714-1997; {PERMITS}",
    good=[
        {}, _of("33000019900202002X"), _unit("330000000000013"), _unit("3300001234567"), _unit("N2330000MA0000007W"),
        _unit("12345678X", "组织机构代码证"), _unit("教民133000000000001号", "民办学校办学许可证"),
        {"principal_certificate_type": "护照", "principal_certificate_number": "E12345678"},
        _unit("企独浙总字第000001号"), {"principal_certificate_type": "", "principal_certificate_number": "1"},
        {"principal_certificate_type": "港澳居民居住证", "principal_certificate_number": "810000199002020012"},
        {"subject_nature": "个人", "subject_certificate_type": "营业执照"},
        {"domain_holder_certificate_number": "9133************7W"},
    ],
    bad=[
        {"principal_certificate_number": "3300**********0016"},
        _of("3300001990020200"), _of("3300001990020200ZX"), _of("91330000MA0000007W"), _of("810000199002020012"),
        _unit("91330000MA000000"), _unit("9133OOOOMA0000007W"), _unit("33000019900202002Z"), _unit("无"),
        _unit("33000019900202002X"), _unit("330000198501010016"),
        _unit("330000000000013", "统一社会信用代码证书"), _unit("1234567", "组织机构代码证"),
        {"principal_certificate_type": "台湾居民居住证", "principal_certificate_number": "810000199002020012"},
        {"principal_certificate_type": "港澳居民居住证", "principal_certificate_number": "H1234567890"},
        {"principal_certificate_type": "护照", "principal_certificate_number": "暂无"},
    ],
)  # fmt: skip
def number_of_another_form(rows: Filings) -> pd.DataFrame:
    """The wrong type chosen, or digits missing: either way the certificate will not be found."""
    return _having(rows, *_FORMS)


@number_of_another_form.details
def _forms(rows: Filings) -> dict[str, pd.Series]:
    return {
        "problems": _told(number_of_another_form, rows, _FORMS),
        "expected": repaired(number_of_another_form, rows, repaired_number),
    }


@rule(
    "ICP0011",
    zh="15 位的一代身份证已失效", en="A first-generation identity card of 15 digits",
    columns=NUMBERS, blank="passes", severity="error",
    message=Words(
        "{cells}是一代身份证号码，一代证已于 2013-01-01 停用",
        "{cells}: such cards lost their validity on 2013-01-01",
    ),
    fix=Words("使用第二代居民身份证的 18 位号码", "Use the 18 digits of the present card"),
    owner="filer", source="revised law on identity cards, in force since 2012; first-generation cards ended 2013-01-01",
    good=[_of("33000019900202002X"), _unit("330000000000013"), _of("330000901302001")],
    bad=[_of("330000900202001")],
)  # fmt: skip
def first_generation_id_card(rows: Filings) -> pd.DataFrame:
    """A card that is no longer valid identifies nobody."""
    return _having(rows, "first_generation")


@rule(
    "ICP0012",
    zh="身份证号码的地区代码不存在", en="The region of an identity number does not exist",
    columns=NUMBERS, blank="passes", severity="error",
    message=Words("{cells}的前两位不是任何省份的代码", "{cells}: the first two digits are no province"),
    fix=_CHECK_AGAIN, owner="filer", source=f"{ID_CARDS}; GB/T 2260",
    good=[_of("33000019900202002X"), _of("710000199002020018")],
    bad=[_of("990000199002020010"), _of("000000199002020010")],
)  # fmt: skip
def id_card_region_unknown(rows: Filings) -> pd.DataFrame:
    """Every card was given out in a province."""
    return _having(rows, "id_region")


@rule(
    "ICP0013",
    zh="身份证号码中的出生日期不存在或在将来", en="The birth date in an identity number is impossible",
    columns=NUMBERS, blank="passes", severity="error",
    message=Words(
        "{cells}中的出生日期（{births}）不存在或晚于检查日期",
        "{cells}: the birth date {births} does not exist or lies in the future",
    ),
    fix=_CHECK_AGAIN, owner="filer", source=f"{ID_CARDS}; {PERMITS}",
    good=[_of("330000200002290015"), _of("330000202601150010")],
    bad=[
        _of("330000199902290010"), _of("330000202601160010"), _of("330000189912310010"),
        {"principal_certificate_type": "港澳居民居住证", "principal_certificate_number": "810000199013020012"},
    ],
)  # fmt: skip
def birth_date_impossible(rows: Filings) -> pd.DataFrame:
    """The digits from the seventh are a birth date."""
    return _having(rows, "id_birth")


@birth_date_impossible.details
def _births(rows: Filings) -> dict[str, pd.Series]:
    return {"births": per_cell(birth_date_impossible, rows, lambda key: birth_date(rows[key]), "、")}


@rule(
    "ICP0014",
    zh="身份证号码校验位错误", en="The check digit of an identity number is wrong",
    columns=NUMBERS, blank="passes", severity="error",
    message=Words(
        "{cells}的校验位不符，至少有一位写错",
        "{cells}: the check digit does not fit, so some digit is wrong",
    ),
    fix=_CHECK_AGAIN, owner="filer", source=f"{ID_CARDS} (MOD 11-2); {PERMITS}",
    good=[
        _of("33000019900202002X"),
        {"principal_certificate_type": "护照", "principal_certificate_number": "330000199002020021"},
    ],
    bad=[
        _of("330000199002020021"), _of("33000019900203002X"),
        {"principal_certificate_type": "港澳居民居住证", "principal_certificate_number": "810000199002020011"},
    ],
)  # fmt: skip
def id_card_check_digit_wrong(rows: Filings) -> pd.DataFrame:
    """The check digit catches any one wrong digit and any two exchanged neighbours."""
    return _having(rows, "id_check")


@rule(
    "ICP0015",
    zh="统一社会信用代码校验位错误", en="The check digits of a unified code are wrong",
    columns=NUMBERS, blank="passes", severity="error",
    message=Words(
        "{cells}的两个校验位（第 17、18 位）都不符",
        "{cells}: both check characters, the 17th and the 18th, fail",
    ),
    fix=_CHECK_AGAIN, owner="filer", source=f"{CREDIT_CODES} (MOD 31); GB 11714-1997",
    good=[_unit("91330000MA0000007W"), _unit("91350100M0001TGQXM")],
    bad=[_unit("91330000MA0000008W"), _unit("91330000MB0000007W", "统一社会信用代码证书"),
         _unit("12330000MA0000008W", "事业单位法人证书"), _unit("51330000MA0000009A", "社会团体法人登记证书"),
         _unit("31330000MD0000009A", "律师事务所执业许可证")],
)  # fmt: skip
def credit_code_check_wrong(rows: Filings) -> pd.DataFrame:
    """Early codes may fail the last character, but none fails that of the organisation code within as well."""
    return _having(rows, "credit_check")


@rule(
    "ICP0016",
    zh="统一社会信用代码末位校验不符", en="The last character of a unified code does not fit",
    columns=NUMBERS, blank="passes", severity="warning",
    message=Words(
        "{cells}的末位校验不符，其中的组织机构代码校验正确：可能是写错，也可能是早期试点代码",
        "{cells}: the last character fails, the organisation code within is right: mistyped, or an early pilot code",
    ),
    fix=Words(
        "对照证件核对；确为试点期间发放的代码则无需修改",
        "Compare with the document; a code given out in the pilots is right",
    ),
    owner="filer", source=f"{CREDIT_CODES}; codes given out in the pilots before it",
    good=[_unit("91330000MA0000007W"), _unit("91330000MA0000008W")],
    bad=[_unit("91350100M0001TGQXM"), _unit("91350211M0000XUF46"), _unit("12330000MA0000007A", "事业单位法人证书")],
)  # fmt: skip
def credit_code_of_a_pilot(rows: Filings) -> pd.DataFrame:
    """Legal codes of the first pilots carry a last character by another reckoning."""
    return _having(rows, "credit_pilot")


@rule(
    "ICP0017",
    zh="营业执照注册号校验位错误", en="The check digit of a licence number is wrong",
    columns=NUMBERS, blank="passes", severity="error",
    message=Words(
        "{cells}的校验位不符，至少有一位写错",
        "{cells}: the check digit does not fit, so some digit is wrong",
    ),
    fix=_CHECK_AGAIN, owner="filer", source=f"{LICENCES} (ISO 7064 MOD 11,10)",
    good=[_unit("330000000000013"), _unit("3300001234567")],
    bad=[_unit("330000000000014")],
)  # fmt: skip
def licence_check_digit_wrong(rows: Filings) -> pd.DataFrame:
    """Numbers of 15 digits end in a check digit; the older ones of 13 had none."""
    return _having(rows, "licence_check")


@rule(
    "ICP0018",
    zh="组织机构代码校验位错误", en="The check digit of an organisation code is wrong",
    columns=NUMBERS, blank="passes", severity="error",
    message=Words(
        "{cells}的校验位不符，至少有一位写错",
        "{cells}: the check digit does not fit, so some character is wrong",
    ),
    fix=_CHECK_AGAIN, owner="filer", source="GB 11714-1997",
    good=[_unit("MA0000007", "组织机构代码证")],
    bad=[_unit("MA0000008", "组织机构代码证")],
)  # fmt: skip
def organisation_code_check_digit_wrong(rows: Filings) -> pd.DataFrame:
    """The ninth character follows from the eight before it."""
    return _having(rows, "organisation_check")


@rule(
    "ICP0019",
    zh="证件号码疑为写错的统一社会信用代码", en="A number looks like a mistyped unified code",
    columns=NUMBERS, blank="passes", severity="warning",
    message=Words(
        "{cells}像统一社会信用代码，但校验位不符",
        "{cells}: looks like a unified code whose check characters fail",
    ),
    fix=_CHECK_AGAIN, owner="filer", source=f"{CREDIT_CODES}; older certificates carry numbers of their own",
    good=[_unit("12330000MA0000007W", "事业单位法人证书"), _unit("133000000123", "事业单位法人证书")],
    bad=[_unit("14330000MA0000008W", "事业单位法人证书"), _unit("51770000MA0000009A", "社会团体法人登记证书")],
)  # fmt: skip
def likely_credit_code_check_wrong(rows: Filings) -> pd.DataFrame:
    """Not of a registry that gives out unified codes, so it may be a number from before them."""
    return _having(rows, "other_credit_check")


_ODD = {
    "odd": Words("含有证件号码中少见的字符，或没有数字", "characters that numbers rarely hold, or no digit at all"),
    "masked": Words("号码被遮盖，无从核对", "the number is masked, so nothing can be compared"),
    "old_register": Words(
        "像旧的外商投资企业注册号；换发营业执照后应为统一社会信用代码",
        "like an old number of a foreign-funded firm; the present licence carries the unified code",
    ),
}


@rule(
    "ICP0020",
    zh="证件号码需要核对", en="A number wants a second look",
    columns=NUMBERS, blank="passes", severity="warning",
    message=Words("{cells}请核对：{problems}", "{cells}: {problems}"),
    fix=Words("对照证件核对，只填号码本身", "Compare it with the document and give the number alone"),
    owner="filer", source="no public form of these numbers",
    good=[
        {"principal_certificate_type": "护照", "principal_certificate_number": "E12345678"},
        {"principal_certificate_type": "港澳居民来往内地通行证", "principal_certificate_number": "H1234567890"},
        {"principal_certificate_type": "军官证", "principal_certificate_number": "示字第0123456号"},
    ],
    bad=[
        {"principal_certificate_type": "护照", "principal_certificate_number": "见附件"},
        {"principal_certificate_type": "护照", "principal_certificate_number": "E1234****"},
        {"domain_holder_certificate_number": "9133************7W"},
        _unit("企独浙总字第000001号"),
    ],
)  # fmt: skip
def number_looks_odd(rows: Filings) -> pd.DataFrame:
    """Passports and permits have forms of their own, so only what reads as no number is pointed out."""
    return _having(rows, *_ODD)


@number_looks_odd.details
def _odd(rows: Filings) -> dict[str, pd.Series]:
    return {"problems": _told(number_looks_odd, rows, _ODD)}


@rule(
    "ICP0021",
    zh="法定代表人证件号码疑有误", en="The legal representative's number looks wrong",
    columns=(REPRESENTATIVE,), blank="passes", severity="warning",
    message=Words(
        "{cells}像居民身份证号码，但位数、出生日期或校验位不符",
        "{cells} looks like an identity number of wrong length, birth date or check digit",
    ),
    fix=_CHECK_AGAIN, owner="filer", source=f"{ID_CARDS}; the sheet does not ask the certificate's type",
    good=[
        {REPRESENTATIVE: ""}, {REPRESENTATIVE: "E12345678"}, {REPRESENTATIVE: "810000199002020016"},
        {REPRESENTATIVE: "330000199002020021", "principal_certificate_number": "330000199002020021"},
    ],
    bad=[
        {REPRESENTATIVE: "330000199002020021"}, {REPRESENTATIVE: "330000900202001"},
        {REPRESENTATIVE: "33000019900202002"},
    ],
)  # fmt: skip
def representative_number_looks_wrong(rows: Filings) -> pd.Series:
    """Nobody says whether the number is an identity card's. Where a principal gives the same number, the
    principal's own finding says it for certain."""
    number = rows[REPRESENTATIVE]
    told = (number == rows["principal_certificate_number"]) | (number == rows["site_principal_certificate_number"])
    return (fault(rows, REPRESENTATIVE) != "") & ~told
