"""Whom the domain belongs to: name, certificate type and number of its holder against the subject's."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from expectations.facts.certificates import fault, mistyped
from expectations.facts.domains import VERIFIED
from expectations.facts.people import REPRESENTATIVE, SAME, UNSETTLED, names, per_value, same_person
from expectations.filing import FILLER, INDIVIDUAL, choices
from expectations.rows import ORGANISATIONS, Case, Filings, derived, filed_as
from expectations.rule import Words, rule

VERIFICATION = "Aliyun ICP docs 2019-09, 域名核验 and 未通过域名核验的原因和解决方法"

ANOTHER, RENAMED, OWN_REPRESENTATIVE, ITSELF = "another", "renamed", "representative", "itself"

_PERSONAL = (
    "居民身份证", "护照", "台湾居民来往大陆通行证", "港澳居民来往内地通行证", "外国人永久居留身份证",
    "港澳居民居住证", "台湾居民居住证", "军官证",
)  # fmt: skip
_SHAREHOLDERS_TOO = "subject_shareholder_or_officer"
_REPRESENTATIVE_TOO = "subject_or_legal_representative"


def _masked(texts: pd.Series) -> pd.Series:
    return texts.str.contains("*", regex=False)


def _name_meant(rows: Filings) -> pd.Series:
    """The holder's name. One that a registrar masks (林**) is the subject's or the representative's where it fits."""
    holder = rows["domain_holder_name"]
    masked = _masked(holder)
    if not masked.any():
        return holder
    for name in (rows[REPRESENTATIVE.name], rows["subject_name"]):
        pairs = holder[masked] + "\n" + name[masked]
        holder = holder.mask(masked & per_value(pairs, _shows).reindex(rows.index, fill_value=False), name)
    return holder


def _shows(pair: str) -> bool:
    shown, _, name = pair.partition("\n")
    return bool(re.fullmatch(".+".join(map(re.escape, re.split(r"\*+", shown))), name))


@derived("domain_holder_is")
def _domain_holder_is(rows: Filings) -> pd.Series:
    """Who holds the domain, seen from the subject: itself, renamed (same number), representative, another."""
    holder, number = _name_meant(rows), rows["domain_holder_certificate_number"]
    number = number.where(~_masked(number), "")
    bare = names(holder).str.replace(r"\(个体工商户\)$", "", regex=True)
    itself = bare == names(rows["subject_name"]).str.replace(r"\(个体工商户\)$", "", regex=True)
    renamed = (number != "") & (number == rows["subject_certificate_number"])
    settled = same_person(holder, number, rows[REPRESENTATIVE.name], rows[REPRESENTATIVE.number])
    namesake = (settled == UNSETTLED) & (bare == names(rows[REPRESENTATIVE.name]))
    representative = ~rows["is_individual"] & (rows[REPRESENTATIVE.name] != "") & ((settled == SAME) | namesake)
    who = np.select([itself, renamed, representative], [ITSELF, RENAMED, OWN_REPRESENTATIVE], ANOTHER)
    told = ~holder.isin(("", *FILLER)) & ~rows["subject_name"].isin(("", *FILLER))
    return pd.Series(who, index=rows.index, dtype="str").where(told, "")


# A change filing is verified like a new one where the domain came after the checks began in 2018.
_UNVERIFIED = filed_as("接入备案", "认领备案", "导入备案") | (
    filed_as("变更备案") & Case(
        "域名注册于 2018 年前或注册日期不详", "domains registered before 2018 or nobody knows when",
        lambda rows: rows["domain_registered_on"] < "2018",
    )
)  # fmt: skip


def _maybe_allowed(rows: Filings) -> pd.Series:
    """Where a reviewer may accept another holder, or the evidence that he cannot is missing."""
    proof = rows["attachment_domain_holder_proof"] != ""
    personal = rows["domain_holder_certificate_type"].isin(("", *_PERSONAL))
    unnamed = (rows[REPRESENTATIVE.name] == "") & personal
    investor = (rows["investor"] != "") & (names(rows["investor"]) == names(rows["domain_holder_name"]))
    investor &= rows.policy("domain_registrant_must_be") == _SHAREHOLDERS_TOO
    return ~rows["is_individual"] & (proof | unnamed | investor)


@rule(
    "ICP0120",
    zh="域名持有者与主办单位不一致", en="The domain belongs to somebody else",
    columns=("domain_holder_name", "domain_holder_certificate_type", "domain_holder_certificate_number"),
    evidence=("domain_holder_name", "subject_name"), case=VERIFIED, severity="error",
    warning_if=_UNVERIFIED | Case(
        "附有域名注册人证明、持有者为投资人，或法定代表人未填",
        "with proof, an investor, or no legal representative named",
        _maybe_allowed,
    ),
    message=Words(
        "「域名持有者与主办单位不一致」：域名持有者是「{domain_holder_name}」，主办单位是「{subject_name}」（不一致处：{labels}）",
        "「域名持有者与主办单位不一致」: holder 「{domain_holder_name}」, subject 「{subject_name}」 ({labels})",
    ),
    fix=Words("{way}", "{way}"),
    owner="filer", source=VERIFICATION,
    good=[
        {}, {"domain_holder_name": "杭州晨光样例图书有限公司 "},
        {"domain_holder_name": "ACME样例公司", "subject_name": "acme样例公司"},
        {
            "domain_holder_name": "林示例", "domain_holder_certificate_type": "居民身份证",
            "domain_holder_certificate_number": "330000198501010016",
        },
        {"subject_nature": INDIVIDUAL}, {"domain_holder_name": "他人", "filing_type": "注销网站"},
        {"domain_holder_name": "张样例", "subject_name": "张样例(个体工商户)"},
        {"domain_holder_name": "杭州****有限公司", "domain_holder_certificate_number": "9133************7W"},
        {
            "province": "江苏", "domain_holder_name": "林**", "domain_holder_certificate_type": "居民身份证",
            "domain_holder_certificate_number": "3300************16",
        },
    ],
    bad=[
        {"domain_holder_name": "赵**", "domain_holder_certificate_number": "3300************16"},
        {"domain_holder_name": "***科技有限公司", "domain_holder_certificate_number": "9133************7W"},
        {"domain_holder_name": "杭州暮色样例有限公司", "domain_holder_certificate_number": "91330000MA0000015P"},
        {
            "domain_holder_name": "赵样例", "domain_holder_certificate_type": "居民身份证",
            "domain_holder_certificate_number": "330000197703070012",
        },
        {
            "domain_holder_name": "林示例", "domain_holder_certificate_number": "330000197703070012",
            "domain_holder_certificate_type": "居民身份证",
        },
        {
            "subject_nature": INDIVIDUAL, "domain_holder_name": "杭州晨光样例图书有限公司",
            "domain_holder_certificate_number": "91330000MA0000007W",
        },
        {
            "domain_holder_name": "赵样例", "domain_holder_certificate_type": "",
            "domain_holder_certificate_number": "", "filing_type": "接入备案",
        },
        {
            "domain_holder_name": "赵样例", "domain_holder_certificate_type": "居民身份证",
            "domain_holder_certificate_number": "330000197703070012",
            "attachment_domain_holder_proof": "BA-0001/proof.jpg",
        },
    ],
)  # fmt: skip
def holder_is_not_the_subject(rows: Filings) -> pd.DataFrame:
    """Name, type and number must be the subject's; of another holder all three differ for one cause."""
    another = rows["domain_holder_is"] == ANOTHER
    return pd.DataFrame(
        {
            "domain_holder_name": another,
            "domain_holder_certificate_type": another
            & (rows["domain_holder_certificate_type"] != rows["subject_certificate_type"]),
            "domain_holder_certificate_number": another,
        }
    )


_PERSON_WAY = Words(
    "将域名过户到本人名下并完成实名认证；个人备案只能使用本人持有的域名",
    "Have the domain transferred to the person and verified: an individual files only domains of their own",
)
_UNIT_WAY = Words(
    "将域名过户到主办单位名下并完成实名认证，或以域名持有者为主办单位备案",
    "Have the domain transferred to the subject and verified, or file for its holder",
)
_PROOF_WAY = Words(
    "将域名过户到主办单位名下；持有者为股东或高级管理人员的，上传《有关网站备案域名注册人的证明》",
    "Have the domain transferred to the subject; for a shareholder or manager attach the registrant's proof",
)


@holder_is_not_the_subject.details
def _way(rows: Filings) -> dict[str, pd.Series]:
    language = rows.basis.language
    provable = rows.policy("domain_registrant_must_be") == _SHAREHOLDERS_TOO
    way = np.select(
        [rows["is_individual"], provable], [_PERSON_WAY(language), _PROOF_WAY(language)], _UNIT_WAY(language)
    )
    return {"way": pd.Series(way, index=rows.index, dtype="str"), "expected": rows["subject_name"]}


def _province_leaves_room(rows: Filings) -> pd.Series:
    proof = rows["attachment_domain_holder_proof"] != ""
    return proof | (rows.policy("domain_registrant_must_be") != "subject")


@rule(
    "ICP0121",
    zh="域名持有者是法定代表人而非主办单位", en="The legal representative holds the domain, not the subject",
    columns=("domain_holder_name",), case=VERIFIED & ORGANISATIONS, severity="error",
    warning_if=_UNVERIFIED | Case(
        "附有证明，或管局规则未限定为主办单位",
        "with proof, or the province does not insist on the subject",
        _province_leaves_room,
    ),
    message=Words(
        "域名持有者「{domain_holder_name}」是法定代表人，不是主办单位；{ground}",
        "The holder 「{domain_holder_name}」 is the legal representative, not the subject; {ground}",
    ),
    fix=Words(
        "将域名过户到主办单位名下，或按管局要求上传《有关网站备案域名注册人的证明》",
        "Have the domain transferred to the subject, or attach the proof of the registrant if the province takes it",
    ),
    owner="legal_representative",
    source="rules of the provincial administrations, snapshot 2019-09-20; Aliyun ICP docs 2019-09, 域名核验",
    good=[
        {},
        {"province": "江苏", "domain_holder_name": "林示例", "domain_holder_certificate_number": "330000198501010016"},
        {
            "province": "浙江", "domain_holder_name": "林示例",
            "domain_holder_certificate_number": "330000198501010016",
            "attachment_domain_holder_proof": "BA-0001/proof.jpg",
        },
        {"province": "广东", "domain_holder_name": "赵样例", "domain_holder_certificate_number": "330000197703070012"},
    ],
    bad=[
        {"province": "广东", "domain_holder_name": "林示例", "domain_holder_certificate_number": "330000198501010016"},
        {
            "province": "广东", "domain_holder_name": "林示例", "legal_representative_certificate_number": "",
            "domain_holder_certificate_number": "X",
        },
        {"province": "浙江", "domain_holder_name": "林示例", "domain_holder_certificate_number": "330000198501010016"},
    ],
)  # fmt: skip
def holder_is_the_legal_representative(rows: Filings) -> pd.Series:
    """MIIT counts the main principal among those who may hold; provinces differ, also in the proof they want."""
    policy = rows.policy("domain_registrant_must_be")
    proven = (policy == _SHAREHOLDERS_TOO) & (rows["attachment_domain_holder_proof"] != "")
    return (rows["domain_holder_is"] == OWN_REPRESENTATIVE) & (policy != _REPRESENTATIVE_TOO) & ~proven


_GROUNDS = {
    "subject": Words(
        "{province}管局规则（{snapshot} 快照）只认主办单位持有的域名",
        "by the rules of {province} (snapshot {snapshot}) only the subject may hold it",
    ),
    _SHAREHOLDERS_TOO: Words(
        "{province}管局规则（{snapshot} 快照）接受股东、高级管理人员持有的域名，但需提供证明",
        "by the rules of {province} (snapshot {snapshot}) shareholders and senior managers may hold it, with proof",
    ),
    "": Words("各省管局做法不一，需先确认", "provinces differ in this, so ask first"),
}


@holder_is_the_legal_representative.details
def _ground(rows: Filings) -> dict[str, pd.Series]:
    policy, snapshot = rows.policy("domain_registrant_must_be"), rows.policy("snapshot")
    said = [
        _GROUNDS.get(what, _GROUNDS[""])(rows.basis.language).format(province=province, snapshot=date)
        for what, province, date in zip(policy, rows["province"], snapshot, strict=True)
    ]
    return {"ground": pd.Series(said, index=rows.index, dtype="str"), "expected": rows["subject_name"]}


@rule(
    "ICP0122",
    zh="域名持有者名称与主办单位不一致（证件号码相同）", en="Same certificate, different name",
    columns=("domain_holder_name", "subject_name"),
    evidence=("domain_holder_certificate_number", "subject_certificate_number"),
    case=VERIFIED, severity="error",
    warning_if=_UNVERIFIED | Case(
        "持护照者，姓名写法可能不同", "holders of passports, whose names are written in several ways",
        lambda rows: rows["domain_holder_certificate_type"] == "护照",
    ),
    message=Words(
        "「域名持有者与主办单位不一致」：证件号码相同，但名称分别为「{domain_holder_name}」和「{subject_name}」",
        "「域名持有者与主办单位不一致」: one certificate number, but 「{domain_holder_name}」 and 「{subject_name}」",
    ),
    fix=Words(
        "照证件核对名称；单位已更名的，先在域名注册商处更新并重新实名认证",
        "Check both against the certificate; after a change of name, have the domain verified under the new one",
    ),
    owner="filer", source=VERIFICATION,
    good=[
        {}, {"subject_nature": INDIVIDUAL}, {"domain_holder_name": "杭州晨光 样例图书有限公司"},
        {"domain_holder_name": "杭州****有限公司"},
    ],
    bad=[
        {"domain_holder_name": "杭州晨光样例书店有限公司"},
        {"subject_nature": INDIVIDUAL, "domain_holder_name": "陈样本"},
        {"domain_holder_name": "杭州晨光样例图书有限责任公司", "filing_type": "接入备案"},
    ],
)  # fmt: skip
def holder_name_differs_on_same_certificate(rows: Filings) -> pd.Series:
    """One certificate, its name written in two ways or changed since: values are compared as they stand."""
    return rows["domain_holder_is"] == RENAMED


@holder_name_differs_on_same_certificate.details
def _subject_name(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": rows["subject_name"]}


@rule(
    "ICP0123",
    zh="域名持有者证件类型与主办单位不一致", en="The certificate types differ",
    columns=("domain_holder_certificate_type",),
    evidence=("subject_certificate_type", "domain_holder_name", "subject_name"),
    case=VERIFIED, severity="error", warning_if=_UNVERIFIED,
    message=Words(
        "「域名注册人证件类型比对不一致」：域名为「{domain_holder_certificate_type}」，主办单位为「{subject_certificate_type}」",
        "「域名注册人证件类型比对不一致」: domain 「{domain_holder_certificate_type}」, "
        "subject 「{subject_certificate_type}」",
    ),
    fix=Words(
        "在域名注册商处用主办单位的证件重新实名认证，或在备案中使用与域名一致的证件",
        "Have the domain verified with the subject's certificate, or file with the certificate the domain has",
    ),
    owner="registrar", source=VERIFICATION,
    good=[
        {}, {"subject_nature": INDIVIDUAL},
        {"domain_holder_certificate_type": "居民身份证", "domain_holder_name": "赵样例"},
        {"domain_holder_certificate_type": "营业执照（正本）"},
    ],
    bad=[
        {
            "subject_nature": INDIVIDUAL, "domain_holder_certificate_type": "护照",
            "domain_holder_certificate_number": "E00000001",
        },
        {"domain_holder_certificate_type": "统一社会信用代码证书"},
        {"domain_holder_certificate_type": "组织机构代码证", "domain_holder_certificate_number": "MA0000007"},
        {"domain_holder_certificate_type": "居民身份证", "domain_holder_certificate_number": "330000198501010016"},
    ],
)  # fmt: skip
def holder_certificate_type_differs(rows: Filings) -> pd.Series:
    """Types are compared as they stand, with a status text of their own: one number does not make them one."""
    ours, theirs = rows["subject_certificate_type"], rows["domain_holder_certificate_type"]
    known = {choice.value for choice in choices()["domain_holder_certificate_type"]}
    comparable = theirs.isin(known) & ours.isin(known)
    return (rows["domain_holder_is"] == ITSELF) & comparable & (ours != theirs)


@holder_certificate_type_differs.details
def _subject_type(rows: Filings) -> dict[str, pd.Series]:
    return {"expected": rows["subject_certificate_type"]}


@rule(
    "ICP0124",
    zh="域名持有者证件号码与主办单位不一致", en="The certificate numbers differ",
    columns=("domain_holder_certificate_number",),
    evidence=("subject_certificate_number", "domain_holder_name", "subject_name"),
    case=VERIFIED, severity="error", warning_if=_UNVERIFIED,
    message=Words(
        "「域名注册人证件号码比对不一致」：域名为「{domain_holder_certificate_number}」，主办单位为「{subject_certificate_number}」",
        "「域名注册人证件号码比对不一致」: domain 「{domain_holder_certificate_number}」, "
        "subject 「{subject_certificate_number}」",
    ),
    fix=Words(
        "核对两处号码；域名仍用旧证件的，在域名注册商处用新证件重新实名认证",
        "Check both numbers; where the domain still has the old certificate, have it verified with the new one",
    ),
    owner="registrar", source=VERIFICATION,
    good=[
        {}, {"subject_nature": INDIVIDUAL}, {"domain_holder_certificate_number": "9133************7W"},
        {"domain_holder_name": "赵样例", "domain_holder_certificate_number": "330000197703070012"},
        {"domain_holder_certificate_number": "91330000MA0000015P", "filing_type": "取消接入"},
        {"subject_certificate_number": "91330000MA0000007X"}, {"subject_certificate_number": "同上"},
        {"domain_holder_certificate_number": "同上"},
    ],
    bad=[
        {"domain_holder_certificate_number": "91330000MA0000015P"},
        {"domain_holder_certificate_number": "330000000000015"}, {"domain_holder_certificate_number": "MA0000007"},
        {"domain_holder_certificate_number": "91330000MA0000007X"},
        {"domain_holder_certificate_number": "91330000MA000007W"},
        {"subject_nature": INDIVIDUAL, "domain_holder_certificate_number": "330000199002020011"},
    ],
)  # fmt: skip
def holder_certificate_number_differs(rows: Filings) -> pd.Series:
    """Compared as they stand, so one from before a renewal fails too. A masked one cannot be compared, and
    where the subject's own number is mistyped its check digit is the cause. A filler is the sheet's matter."""
    ours, theirs = rows["subject_certificate_number"], rows["domain_holder_certificate_number"]
    comparable = ~_masked(theirs) & ~_masked(ours) & ~ours.isin(FILLER) & ~theirs.isin(FILLER)
    differs = (rows["domain_holder_is"] == ITSELF) & comparable & (ours != theirs)
    meant = differs & (fault(rows, "subject_certificate_number") != "")
    return differs & ~mistyped(rows, "subject_certificate_number", "domain_holder_certificate_number", meant)


@holder_certificate_number_differs.details
def _subject_number(rows: Filings) -> dict[str, pd.Series]:
    ours = rows["subject_certificate_number"]
    return {"expected": ours.where(fault(rows, "subject_certificate_number") == "", "")}
