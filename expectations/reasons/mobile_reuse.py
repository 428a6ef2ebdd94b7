"""Reason 9: one mobile for several subjects or several people, among the filings of a run and against those on file."""

from __future__ import annotations

import pandas as pd

from expectations.cellwise import each
from expectations.facts import contacts
from expectations.facts.filing_types import CHANGE, NONE
from expectations.facts.localities import OPEN
from expectations.facts.people import DIFFERENT
from expectations.facts.phones import CONTACT_ONE, EMERGENCY, is_mobile
from expectations.facts.records_on_file import is_changed
from expectations.filing import NO, YES
from expectations.rows import ORGANISATIONS, Case, Filings
from expectations.rule import Words, rule

REJECTIONS = "Aliyun ICP docs 2019-09, 备案驳回FAQ"
TENCENT = "Tencent Cloud docs, 主体信息, 网站信息"
HUAWEI = "Huawei Cloud ICP knowledge base 2026-07, 备案驳回咨询, 备案材料咨询"
TIANJIN = "Aliyun ICP docs 2019-09, 关于天津地区备案网站内容一项说明"

LEDGER = "ledger.contact_mobiles"
EMERGENCIES = "ledger.emergency_mobiles"


def _marked(rows: Filings, relation: int) -> pd.DataFrame:
    return each(rows, CONTACT_ONE, lambda column: contacts.marks(rows[LEDGER], relation, column))


def _others(rows: Filings, relation: int, ledger: str = LEDGER) -> dict[str, pd.Series]:
    others = contacts.others(rows[ledger], relation)
    return {"others": others.text, "count": others.count}


# Invented subjects and people beside the specimens; each case has numbers of its own, as all rows of a
# rule are judged as one batch.
_PEOPLE = (
    ("样例甲", "330000198501010032"), ("样例乙", "330000198602020037"), ("样例丙", "330000198703030031"),
    ("样例丁", "330000198804040036"), ("陈样例", "33000019900202002X"),
)  # fmt: skip
A, B, C, D, CHEN = range(len(_PEOPLE))
"""``CHEN`` is the individual of the specimens."""


def _company(serial: int, person: int, mobile: str, **changes: str) -> dict[str, str]:
    """A company told apart by number, and the person who is both its principals."""
    name, number = _PEOPLE[person]
    emergency = f"137{mobile[3:]}"
    both = {"name": name, "certificate_number": number, "mobile": mobile, "emergency_mobile": emergency}
    roles = {f"{role}_{key}": value for role in ("principal", "site_principal") for key, value in both.items()}
    subject = {"subject_certificate_number": f"91330000MA00{serial:04d}1X", "subject_name": f"样例{serial}号有限公司"}
    return {**subject, **roles, **changes}


def _individual(mobile: str) -> dict[str, str]:
    return {"subject_nature": "个人", "principal_mobile": mobile}


@rule(
    "ICP0901",
    zh="手机号已被其他主体的另一人使用", en="Mobile of another person of another subject",
    columns=CONTACT_ONE, evidence=("subject_certificate_number",), severity="error", case=OPEN,
    message=Words("{cells}同时是其他主体另一负责人的手机号：{others}（本批共 {count} 条备案使用该号码）",
                  "{cells}: also the mobile of another person of another subject: {others} "
                  "({count} filings of this run give it)"),
    fix=Words("每位负责人填本人实名的手机号；号码填错的一方改正",
              "Give each principal's own mobile; mend the wrong one"),
    owner="filer", source=f"{REJECTIONS}; {TENCENT}; {HUAWEI}",
    good=[
        {},
        [_company(11, A, "13805711100"), _company(12, B, "13805711101")],
        [_company(13, A, "13805711102"), _company(14, A, "13805711102")],
        [_company(15, A, "13805711103"), _company(15, B, "13805711103")],
        [_company(16, A, "13805711104"), _company(17, B, "13805711105", principal_emergency_mobile="13805711104")],
        [_company(18, A, "057188881106"), _company(19, B, "057188881106")],
        [_company(20, A, "13805711107"), _company(21, B, "13805711107", filing_type="注销主体")],
        [_company(22, A, "13805711108", subject_name="样例同名有限公司"),
         _company(23, B, "13805711108", subject_name="样例同名有限公司")],
    ],
    bad=[
        [_company(24, A, "13805711109"), _company(25, B, "13805711109")],
        [_company(26, A, "13805711111", principal_mobile="13805711110"),
         _company(27, B, "13805711112", site_principal_mobile="13805711110")],
        [_company(28, A, "13805711113", principal_certificate_number="", site_principal_certificate_number=""),
         _company(29, B, "13805711113")],
        [_individual("13805711114"), _company(30, B, "13805711114")],
    ],
)  # fmt: skip
def mobile_of_another_person_of_another_subject(rows: Filings) -> pd.DataFrame:
    """A mobile belongs to one subject. Two people under two subjects cannot both own it, so one of them is wrong."""
    return _marked(rows, contacts.OTHER_PERSON)


@mobile_of_another_person_of_another_subject.details
def _other_people(rows: Filings) -> dict[str, pd.Series]:
    return _others(rows, contacts.OTHER_PERSON)


@rule(
    "ICP0902",
    zh="同一人以同一手机号负责多个主体", en="One person's mobile under several subjects",
    columns=CONTACT_ONE, evidence=("subject_certificate_number",), severity="warning", case=OPEN,
    message=Words("{cells}也用于其他主体，看来是同一负责人：{others}（本批共 {count} 条备案使用该号码）；很可能驳回",
                  "{cells}: also given under other subjects, it seems by the same person: {others} "
                  "({count} filings of this run give it); likely to be rejected as used before"),
    fix=Words("先向接入商确认同一人能否负责多个主体；不能的，换一位负责人及其本人手机号",
              "Ask the provider whether one person may answer for several subjects; if not, name another person"),
    owner="filer", source=f"{REJECTIONS}; {TENCENT}; {HUAWEI}",
    good=[
        {},
        [_company(31, A, "13805711120"), _company(32, A, "13805711121")],
        [_company(33, A, "13805711122"), _company(34, B, "13805711122")],
        [_company(35, A, "13805711123"), _company(35, A, "13805711123", site_name="另一样例站")],
    ],
    bad=[
        [_company(36, A, "13805711124"), _company(37, A, "13805711124")],
        [_company(38, A, "13805711125", principal_certificate_number=""), _company(39, A, "13805711125")],
    ],
)  # fmt: skip
def mobile_of_one_person_under_several_subjects(rows: Filings) -> pd.DataFrame:
    """Most reviewers reject it, but one provider asks that a person gives the same contacts everywhere."""
    return _marked(rows, contacts.SAME_PERSON)


@mobile_of_one_person_under_several_subjects.details
def _same_person(rows: Filings) -> dict[str, pd.Series]:
    return _others(rows, contacts.SAME_PERSON)


@rule(
    "ICP0903",
    zh="个人备案者以同一手机号负责其他主体", en="An individual's mobile under another subject too",
    columns=CONTACT_ONE, evidence=("subject_certificate_number",), severity="warning", case=OPEN,
    message=Words("{cells}的使用人既以个人名义备案，又负责其他主体：{others}（本批共 {count} 条备案使用该号码）",
                  "{cells}: this person both files as an individual and answers for another subject: {others} "
                  "({count} filings of this run give it)"),
    fix=Words("确认管局允许：一般可兼任一家企业的网站负责人，不能兼任多家",
              "Make sure it is allowed: usually as site principal of one enterprise, not of several"),
    owner="filer", source=TENCENT,
    good=[
        {}, {"subject_nature": "个人"},
        [_individual("13805711130"), _company(41, A, "13805711130")],
        [_individual("13805711131"), _individual("13805711131")],
    ],
    bad=[
        [_individual("13805711132"), _company(42, CHEN, "13805711132")],
        [_company(43, CHEN, "13805711133"), _individual("13805711133")],
    ],
)  # fmt: skip
def mobile_of_an_individual_under_another_subject(rows: Filings) -> pd.DataFrame:
    """Whoever filed as an individual may be site principal of an enterprise as well, by one provider's word."""
    return _marked(rows, contacts.OWN_FILING)


@mobile_of_an_individual_under_another_subject.details
def _own_filing(rows: Filings) -> dict[str, pd.Series]:
    return _others(rows, contacts.OWN_FILING)


# ── inside one subject ───────────────────────────────────────────────────────────────────────────

SHARING_TOLERATED = Case(
    "管局未明文禁止不同负责人共用手机号", "the administration does not forbid different people one mobile",
    lambda rows: rows.policy("same_mobile_for_different_persons_accepted") != "no",
)  # fmt: skip


def _same_row(rows: Filings) -> pd.Series:
    first, second = (rows[column] for column in CONTACT_ONE)
    return (first == second) & (rows["principals_are"] == DIFFERENT) & is_mobile(first)


@rule(
    "ICP0904",
    zh="两位负责人共用一个手机号", en="Two principals with one mobile",
    columns=CONTACT_ONE, severity="error", warning_if=SHARING_TOLERATED, case=ORGANISATIONS & OPEN,
    message=Words("{cells}相同，但主体负责人「{principal_name}」与网站负责人「{site_principal_name}」不是一人{ground}",
                  "{cells}: the same, but the principal {principal_name} and the site principal {site_principal_name} "
                  "are different people{ground}"),
    fix=Words("各填本人的手机号码；若是同一人，改正姓名和证件号码",
              "Give each one's own mobile; if they are one person, mend name and number"),
    owner="filer", source=f"{HUAWEI}; {TIANJIN}",
    good=[{}, {"site_principal_name": "周样例", "site_principal_certificate_number": "330000199003070020",
               "site_principal_mobile": "13805710005"}],
    bad=[{"site_principal_name": "周样例", "site_principal_certificate_number": ""},
         {"province": "天津", "site_principal_name": "样例甲", "site_principal_certificate_number": _PEOPLE[A][1]}],
)  # fmt: skip
def principals_share_one_mobile(rows: Filings) -> pd.Series:
    """Equal numbers stand for one person in the SMS check; Tianjin takes no number twice for different people."""
    return _same_row(rows)


@principals_share_one_mobile.details
def _ground(rows: Filings) -> dict[str, pd.Series]:
    english = rows.basis.language != "zh"
    province, snapshot = rows["province"], rows.policy("snapshot")
    ground = (
        " (" + province + " forbids it, rules as of " + snapshot + ")"
        if english
        else "（" + province + "不允许，规则快照 " + snapshot + "）"
    )
    return {"ground": ground.where(~SHARING_TOLERATED.holds(rows), "")}


@rule(
    "ICP0905",
    zh="同一主体的不同负责人共用手机号", en="Different people of one subject with one mobile",
    columns=CONTACT_ONE, evidence=("subject_certificate_number",), severity="error",
    warning_if=SHARING_TOLERATED, case=OPEN,
    message=Words("{cells}在同一主体的其他备案中是另一人的手机号：{others}{ground}",
                  "{cells}: another person's mobile in other filings of the same subject: {others}{ground}"),
    fix=Words("各填本人的手机号码；若是同一人，改正姓名和证件号码",
              "Give each one's own mobile; if they are one person, mend name and number"),
    owner="filer", source=f"{HUAWEI}; {TIANJIN}",
    good=[
        {},
        [_company(51, A, "13805711150"), _company(51, A, "13805711150")],
        [_company(52, A, "13805711151"), _company(52, B, "13805711152")],
        [_company(53, A, "13805711153"), _company(54, B, "13805711153")],
    ],
    bad=[
        [_company(55, C, "13805711154"), _company(55, D, "13805711154")],
        [_company(56, C, "13805711155", province="天津"), _company(56, D, "13805711155")],
    ],
)  # fmt: skip
def mobile_of_another_person_of_the_subject(rows: Filings) -> pd.DataFrame:
    """One number for two people, filing by filing; where both stand in one filing, that is said once."""
    apart = ~_same_row(rows)
    return _marked(rows, contacts.WITHIN_SUBJECT).apply(lambda marked: marked & apart)


@mobile_of_another_person_of_the_subject.details
def _within(rows: Filings) -> dict[str, pd.Series]:
    return {**_others(rows, contacts.WITHIN_SUBJECT), **_ground(rows)}


@rule(
    "ICP0906",
    zh="应急联系电话与其他主体相同", en="Emergency number of another subject",
    columns=EMERGENCY, evidence=("subject_certificate_number",), severity="warning", case=OPEN,
    message=Words("{cells}也是其他主体的应急联系电话：{others}（本批共 {count} 条备案使用该号码）",
                  "{cells}: also the emergency number of other subjects: {others} "
                  "({count} filings of this run give it)"),
    fix=Words("改填本主体自己的应急联系人手机号", "Give the mobile of a contact of this subject"),
    owner="filer", source=f"{TENCENT} (whether the number counts is not published)",
    good=[
        {},
        [_company(61, A, "13805711160", principal_emergency_mobile="13905711160"),
         _company(61, A, "13805711160", principal_emergency_mobile="13905711160")],
        [_company(62, A, "13805711166", principal_emergency_mobile="13905711161"), _company(63, B, "13905711161")],
    ],
    bad=[
        [_company(64, A, "13805711162", principal_emergency_mobile="13905711162"),
         _company(65, B, "13805711163", principal_emergency_mobile="13905711162")],
        [_company(66, A, "13805711164", site_principal_emergency_mobile="13905711163"),
         _company(67, B, "13805711165", principal_emergency_mobile="13905711163")],
    ],
)  # fmt: skip
def emergency_number_of_another_subject(rows: Filings) -> pd.DataFrame:
    """Which roles' numbers reviewers compare is not published; an agent's own number in every filing looks odd."""
    return each(rows, EMERGENCY, lambda column: contacts.marks(rows[EMERGENCIES], contacts.OTHER_SUBJECT, column))


@emergency_number_of_another_subject.details
def _emergencies(rows: Filings) -> dict[str, pd.Series]:
    return _others(rows, contacts.OTHER_SUBJECT, EMERGENCIES)


# ── against the filings on file ──────────────────────────────────────────────────────────────────


def _same_on_file(role: str) -> Case:
    """Where the register does not say that it is another person."""
    column = f"register.{role}_mobile_same_person"
    return Case(
        "登记的使用人是同一人或无从断定", "the person on file is the same or cannot be told",
        lambda rows: (rows[column] != NO) if rows.has(column) else rows.constant(True),
    )  # fmt: skip


def _used_on_file(rows: Filings, role: str) -> pd.Series:
    """By a subject other than that of the filing a change is about, which its ICP number names."""
    user = rows[f"register.{role}_mobile_used_by"]
    return (user != NONE) & ~is_changed(rows, user)


def _one_number(rows: Filings) -> pd.Series:
    return rows["principal_mobile"] == rows["site_principal_mobile"]


def _on_file(rows: Filings, role: str) -> dict[str, pd.Series]:
    """The subject on file, and what is known of its person."""
    column = f"register.{role}_mobile_same_person"
    same = rows[column] if rows.has(column) else rows.constant("")
    words = _PERSON_ON_FILE_ZH if rows.basis.language == "zh" else _PERSON_ON_FILE_EN
    person = same.map(words).fillna(words[""]).astype("str")
    return {"used_by": rows[f"register.{role}_mobile_used_by"], "person": person}


_PERSON_ON_FILE_ZH = {NO: "登记的是另一人", YES: "登记的是同一人", "": "无从断定是否同一人"}
_PERSON_ON_FILE_EN = {NO: "another person", YES: "the same person", "": "perhaps the same person"}


def _register_specimen(role: str, used_by: str, same: str = "") -> dict[str, str]:
    return {f"register.{role}_mobile_used_by": used_by, f"register.{role}_mobile_same_person": same}


@rule(
    "ICP0907",
    zh="主体负责人手机号已被其他主体备案使用", en="Principal's mobile on file for another subject",
    columns=CONTACT_ONE, evidence=("register.principal_mobile_used_by",), case=OPEN,
    severity="error", warning_if=_same_on_file("principal"),
    message=Words("{cells}已在其他主体「{used_by}」的备案中使用（{person}）",
                  "{cells}: on file for another subject, {used_by} ({person})"),
    fix=Words("换用未被其他主体使用的本人手机号；或先在原备案中变更手机号",
              "Give a mobile that no other subject uses, or change the number in that filing first"),
    owner="filer", source=f"{REJECTIONS}; {HUAWEI}",
    good=[{}, _register_specimen("principal", "无", "无"),
          {"filing_type": CHANGE, "register.icp_number_owner": "陈**（浙ICP备12345678号）",
           **_register_specimen("principal", "陈**（浙ICP备12345678号）", "是")},
          {**_register_specimen("principal", "无", "无"), **_register_specimen("site_principal", "某公司", "否")}],
    bad=[_register_specimen("principal", "杭州远山样例有限公司", "否"),
         _register_specimen("principal", "杭州远山样例有限公司", "是"),
         _register_specimen("principal", "杭州远山样例有限公司")],
)  # fmt: skip
def principal_mobile_on_file_for_another_subject(rows: Filings) -> pd.DataFrame:
    """A number on file belongs to the subject that filed it; by the same person it is a matter for the reviewer.
    Where the site principal gives the same number, that is said once."""
    used = _used_on_file(rows, "principal")
    return pd.DataFrame({"principal_mobile": used, "site_principal_mobile": used & _one_number(rows)})


@principal_mobile_on_file_for_another_subject.details
def _principal_on_file(rows: Filings) -> dict[str, pd.Series]:
    return _on_file(rows, "principal")


SITE_PRINCIPAL_GIVEN = Case(
    "填写了网站负责人", "a site principal is given",
    lambda rows: ~rows["is_individual"] | (rows["site_principal_mobile"] != ""),
)  # fmt: skip


@rule(
    "ICP0908",
    zh="网站负责人手机号已被其他主体备案使用", en="Site principal's mobile on file for another subject",
    columns=("site_principal_mobile",), evidence=("register.site_principal_mobile_used_by",),
    case=OPEN & SITE_PRINCIPAL_GIVEN, severity="error", warning_if=_same_on_file("site_principal"),
    message=Words("{cells}已在其他主体「{used_by}」的备案中使用（{person}）",
                  "{cells}: on file for another subject, {used_by} ({person})"),
    fix=Words("换用未被其他主体使用的本人手机号；或先在原备案中变更手机号",
              "Give a mobile that no other subject uses, or change the number in that filing first"),
    owner="filer", source=f"{REJECTIONS}; {HUAWEI}",
    good=[{}, _register_specimen("site_principal", "无", "无"), {"subject_nature": "个人"}],
    bad=[{"site_principal_mobile": "13805710009", **_register_specimen("site_principal", "杭州远山样例有限公司", same)}
         for same in ("否", "是")],
)  # fmt: skip
def site_principal_mobile_on_file_for_another_subject(rows: Filings) -> pd.Series:
    """As for the principal: which role's number reviewers compare is not published."""
    return _used_on_file(rows, "site_principal") & ~_one_number(rows)


@site_principal_mobile_on_file_for_another_subject.details
def _site_principal_on_file(rows: Filings) -> dict[str, pd.Series]:
    return _on_file(rows, "site_principal")
