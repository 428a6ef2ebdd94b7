"""Defects of documents and representatives (reasons 5 and 6), with their near misses."""

from __future__ import annotations

from datetime import timedelta

from data.synthetic.labelled import places as demand
from data.synthetic.labelled.clean import AS_OF, Clean, Filing, Row
from data.synthetic.labelled.defects import Defect, both, by_id_card, defects, drop, new, put
from data.synthetic.labelled.people import same


def _company(filing: Filing) -> bool:
    return (
        new(filing)
        and filing["subject_certificate_type"] == "营业执照"
        and len(filing["subject_certificate_number"]) == 18
    )


def _first(filing: Filing) -> bool:
    return filing["filing_type"] == "首次备案"


def _itself(filing: Filing) -> bool:
    """The subject itself holds the domain."""
    return new(filing) and filing["domain_holder_name"] == filing["subject_name"]


def _expires(days: int, *keys: str):
    day = (AS_OF + timedelta(days=days)).isoformat()

    def change(filing: Filing, world: Clean, row: Row) -> None:
        for key in keys:
            if key in filing or not key.startswith("site_principal"):
                filing[key] = day
        if filing["subject_nature"] == "个人":
            filing["subject_certificate_expires_on"] = day

    return change


def _certificate(name: str):
    return put(subject_certificate_type=name, domain_holder_certificate_type=name)


def _trader_as_person(filing: Filing, world: Clean, row: Row) -> None:
    name = filing["subject_name"] + "（个体工商户）"
    filing |= {"subject_name": name, "domain_holder_name": name}


DOCUMENTS: list[Defect] = [
    *defects(
        5,
        *(
            (f"a company with {name}", _certificate(name))
            for name in (
                "事业单位法人证书",
                "社会团体法人登记证书",
                "民办非企业单位登记证书",
                "基金会法人登记证书",
                "律师事务所执业许可证",
                "部队代号",
            )
        ),
        individual=False,
        fits=lambda f: _company(f) and f["domain_holder_certificate_type"] == "营业执照",
    ),
    *defects(
        5,
        *((f"a public institution with {name}", _certificate(name)) for name in ("营业执照", "社会团体法人登记证书")),
        individual=False,
        fits=lambda f: _itself(f) and f["subject_nature"] == "事业单位",
    ),
    *defects(
        5,
        ("an association with a licence", _certificate("营业执照")),
        individual=False,
        fits=lambda f: _itself(f) and f["subject_nature"] == "社会团体",
    ),
    *defects(
        5,
        ("a foundation as an association", put(subject_nature="社会团体")),
        individual=False,
        fits=lambda f: _itself(f) and f["subject_nature"] == "基金会",
    ),
    *defects(
        5,
        ("a company said to be a public institution", put(subject_nature="事业单位")),
        individual=False,
        fits=_company,
    ),
    *defects(5, ("a person with a company's certificate", _certificate("营业执照")), individual=True, fits=new),
    *defects(5, ("an individual business as a person", _trader_as_person), individual=True, fits=new),
    *defects(
        5,
        (
            "an organisation code where none is taken",
            put(
                subject_certificate_type="组织机构代码证",
                domain_holder_certificate_type="组织机构代码证",
                subject_certificate_number="MA0000007",
                domain_holder_certificate_number="MA0000007",
            ),
        ),
        individual=False,
        fits=lambda f: _company(f) and _itself(f),
        provinces=sorted(demand.ONLY_LICENCE - {"青海"}),
    ),
    *defects(5, ("certificate expired", _expires(-5, "subject_certificate_expires_on")), individual=False, fits=new),
    *defects(
        5,
        ("identity card expired", _expires(-20, "principal_certificate_expires_on")),
        fits=lambda f: new(f) and by_id_card(f),
    ),
    *defects(
        5,
        ("identity card about to expire", _expires(40, "principal_certificate_expires_on")),
        fits=lambda f: new(f) and by_id_card(f),
    ),
    *defects(
        None,
        ("near: a passport of a citizen, or not", lambda f, w, r: _passport(f)),
        allowed=("ICP0513", "ICP0313", "ICP1035", "ICP1037", "ICP1038"),
        individual=True,
        fits=lambda f: new(f) and by_id_card(f) and "·" not in f["subject_name"],
        provinces=sorted(demand.CITIZENS_BY_ID_CARD),
    ),
    *defects(
        5,
        ("no domain certificate", drop("attachment_domain_certificate")),
        fits=new,
        provinces=sorted(demand.DOMAIN_CERTIFICATE),
    ),
    *defects(
        5,
        ("no establishment proof", drop("attachment_establishment_proof")),
        individual=False,
        fits=lambda f: _first(f) and f["subject_nature"] in ("事业单位", "政府机关"),
        provinces=sorted(demand.ESTABLISHMENT_PROOF),
    ),
    *defects(
        5,
        ("no picture of the site principal's card", drop("attachment_site_principal_id")),
        individual=False,
        fits=lambda f: new(f) and "attachment_site_principal_id" in f,
    ),
    *defects(5, ("no picture of the licence", drop("attachment_subject_certificate")), individual=False, fits=new),
    *defects(5, ("no picture of the person's card", drop("attachment_principal_id")), fits=new),
    *defects(None, ("near: a card for ever", both(put(principal_certificate_expires_on="长期"))), individual=False),
    *defects(
        None, ("near: a card of four months", both(_expires(125, "principal_certificate_expires_on"))), fits=by_id_card
    ),
]


def _passport(filing: Filing) -> None:
    number = filing["subject_certificate_number"]
    for key, value in list(filing.items()):
        if value == number:
            filing[key] = f"E2{int(number[6:14]) % 10**7:07d}"
            filing[key.replace("_number", "_type")] = "护照"


def _other_person(role: str, *rest: str):
    """Somebody else in one role, with documents of his own."""

    def change(filing: Filing, world: Clean, row: Row) -> None:
        other = world.people.person(row.place, "sample-mail.cn", row.local)
        filing |= other.cells(role)
        filing[f"{role}_certificate_expires_on"] = "2040-01-01"
        if role == "site_principal":
            filing["attachment_site_principal_id"] = "x/site.jpg"
            filing["site_principal_emergency_mobile"] = filing["principal_emergency_mobile"]
        for key in rest:
            filing.pop(key, None)

    return change


def _represented(filing: Filing) -> bool:
    """One person in all roles, in a unit that is no branch: its principal may be the head office's representative."""
    branch = filing["subject_name"].endswith(("分公司", "办事处", "代表处"))
    return (
        new(filing)
        and not branch
        and filing["legal_representative_name"] == filing["principal_name"] == filing["site_principal_name"]
    )


def _principal(filing: Filing, world: Clean, row: Row) -> None:
    """Both principals are one person who is not the legal representative."""
    _other_person("principal", "attachment_authorization_letter")(filing, world, row)
    filing |= same(filing, "principal", "site_principal")
    other = world.people.person(row.place, "sample-mail.cn", row.local)
    filing |= {"legal_representative_name": other.name, "legal_representative_certificate_number": other.number}


def _rename(*names: str):
    def change(filing: Filing, world: Clean, row: Row) -> None:
        right, wrong = filing["principal_name"], world.chance.choice(names)
        for key in ("principal_name", "site_principal_name", "legal_representative_name", "investor"):
            if filing.get(key) == right:
                filing[key] = wrong

    return change


REPRESENTATIVE: list[Defect] = [
    *defects(
        6,
        ("not the legal representative", _principal),
        individual=False,
        fits=_represented,
        provinces=sorted(demand.LEGAL_REPRESENTATIVE - demand.LETTER_FOR_PRINCIPAL - {"天津"}),
    ),
    *defects(
        6,
        ("no letter for the principal", _principal),
        individual=False,
        fits=_represented,
        provinces=sorted(demand.LETTER_FOR_PRINCIPAL),
    ),
    *defects(
        6,
        ("no letter for the site principal", _other_person("site_principal", "attachment_authorization_letter")),
        individual=False,
        fits=_represented,
        provinces=sorted(demand.LETTER_FOR_SITE_PRINCIPAL),
    ),
    *defects(
        6,
        ("Tianjin: one person for both", lambda f, w, r: f.update(same(f, "principal", "site_principal"))),
        individual=False,
        fits=new,
        provinces=("天津",),
    ),
    *defects(
        6,
        (
            "Jiangsu: two people, none the representative",
            both(_principal, _other_person("site_principal"), put(attachment_authorization_letter="x/letter.jpg")),
        ),
        individual=False,
        fits=_represented,
        provinces=("江苏",),
    ),
    *defects(
        6,
        (
            "Liaoning: a finance name",
            lambda f, w, r: (
                _principal(f, w, r),
                f.update(
                    subject_name=f["subject_name"].replace("有限", "投资管理有限"),
                    domain_holder_name=f["domain_holder_name"].replace("有限", "投资管理有限"),
                ),
            ),
        ),
        individual=False,
        fits=lambda f: _represented(f) and "有限" in f["subject_name"] and f["domain_holder_name"] == f["subject_name"],
        provinces=("辽宁",),
    ),
    *defects(
        6,
        ("a person's other principal", _other_person("principal")),
        individual=True,
        fits=lambda f: new(f) and "site_principal_name" not in f,
    ),
    *defects(6, ("a person's other site principal", _other_person("site_principal")), individual=True, fits=new),
    *defects(
        6,
        ("a form of address", _rename("王先生", "李小姐", "陈女士", "赵经理", "孙总经理")),
        ("no name", _rename("个人", "负责人", "法人代表", "管理员", "无", "同上")),
        ("letters for a name", _rename("abc", "zhangsan", "LYF")),
        ("digits in a name", _rename("王123", "13800", "李2")),
        individual=False,
        fits=lambda f: _represented(f) and by_id_card(f),
    ),
    *defects(
        6,
        ("Hebei: a foreign principal", lambda f, w, r: _foreign(f)),
        individual=False,
        provinces=("河北",),
        fits=_represented,
    ),
    *defects(
        None,
        (
            "near: the representative by his number, the name in another width",
            lambda f, w, r: f.update(
                legal_representative_name=f["principal_name"] + " ",
                legal_representative_certificate_number=f["principal_certificate_number"].lower(),
            ),
        ),
        individual=False,
        fits=_represented,
    ),
    *defects(
        None,
        (
            "near: a letter where one is taken",
            both(
                _principal,
                put(attachment_authorization_letter="x/letter.jpg", subject_remark="主体负责人由法定代表人授权"),
            ),
        ),
        individual=False,
        fits=lambda f: _represented(f) and not f.get("subject_remark"),
        provinces=sorted(demand.LETTER_FOR_PRINCIPAL),
        allowed=("ICP0517", "ICP0601"),
    ),
    *defects(
        None,
        ("near: anybody in Liaoning", _principal),
        individual=False,
        provinces=("辽宁",),
        fits=lambda f: (
            _represented(f)
            and not any(term in f["subject_name"] for term in ("投资管理", "担保", "典当", "贷款", "理财"))
        ),
    ),
    *defects(
        None,
        ("near: a branch's head office", lambda f, w, r: None),
        individual=False,
        fits=lambda f: "分公司" in f["subject_name"],
    ),
    *defects(
        None,
        ("near: a foreign representative", lambda f, w, r: _foreign(f)),
        individual=False,
        fits=_represented,
        provinces=("上海", "广东", "浙江", "江苏"),
        allowed=("ICP0610",),
    ),
]


def _foreign(filing: Filing) -> None:
    for role in ("principal", "site_principal"):
        filing |= {
            f"{role}_name": "JOHN SAMPLE",
            f"{role}_certificate_type": "护照",
            f"{role}_certificate_number": "C01X0006H",
        }
    filing |= {"legal_representative_name": "JOHN SAMPLE", "legal_representative_certificate_number": "C01X0006H"}
    if filing["domain_holder_certificate_type"] == "居民身份证":
        filing |= {
            "domain_holder_name": "JOHN SAMPLE",
            "domain_holder_certificate_type": "护照",
            "domain_holder_certificate_number": "C01X0006H",
        }
    if len(filing["investor"]) < 5:
        filing["investor"] = "JOHN SAMPLE"
