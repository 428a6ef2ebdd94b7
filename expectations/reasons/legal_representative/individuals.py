"""An individual is subject, principal and site principal at once."""

from __future__ import annotations

import pandas as pd

from expectations.facts.certificates import mistyped
from expectations.facts.people import names
from expectations.filing import FILLER
from expectations.rows import INDIVIDUALS, Filings
from expectations.rule import Details, Words, rule

_OTHER = {"principal_name": "周样本", "principal_certificate_number": "330000197803030034"}
_OTHER_SITE_PRINCIPAL = {
    "site_principal_name": "周样本", "site_principal_certificate_number": "330000197803030034",
}  # fmt: skip


@rule(
    "ICP0602",
    zh="个人备案的主体负责人不是本人", en="An individual's principal is another person",
    columns=("principal_name", "principal_certificate_number"),
    evidence=("subject_name", "subject_certificate_number"), case=INDIVIDUALS, severity="error",
    message=Words("个人备案的主体负责人须是主办人本人「{subject_name}」，而{cells}",
                  "an individual's principal is the individual, 「{subject_name}」, but {cells}"),
    fix=Words("主体负责人的姓名和证件号码照抄主办人", "copy the subject's name and number"),
    owner="filer", source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息",
    good=[
        {"subject_nature": "个人"},
        {"subject_nature": "个人", "subject_name": "陈样例(个体工商户)"},
        {"subject_nature": "个人", "principal_certificate_number": "330000199002020021"},
        _OTHER,
    ],
    bad=[
        {"subject_nature": "个人", **_OTHER},
        {"subject_nature": "个人", "principal_certificate_number": "330000197803030034"},
    ],
)  # fmt: skip
def individual_principal_is_another_person(rows: Filings) -> pd.DataFrame:
    """The form copies an individual's principal from the subject, so any difference is a slip. A sole
    trader filed as an individual is another rule's, and so is a number with a wrong digit."""
    return _differs_from_subject(rows, "principal")


@rule(
    "ICP0603",
    zh="个人备案的网站负责人不是本人", en="An individual's site principal is another person",
    columns=("site_principal_name", "site_principal_certificate_number"), blank="passes",
    case=INDIVIDUALS, severity="error",
    message=Words("个人备案的网站负责人须是主办人本人「{subject_name}」，而{cells}",
                  "an individual's site principal is the individual, 「{subject_name}」, but {cells}"),
    fix=Words("网站负责人照抄主办人的姓名和证件号码，或留空", "copy the subject's name and number, or leave it blank"),
    owner="filer", source="Aliyun ICP docs 2019-09, 填写主体信息和网站信息",
    good=[
        {"subject_nature": "个人"},
        {"subject_nature": "个人", "site_principal_name": "陈样例",
         "site_principal_certificate_number": "33000019900202002X"},
        _OTHER_SITE_PRINCIPAL,
    ],
    bad=[{"subject_nature": "个人", **_OTHER_SITE_PRINCIPAL}],
)  # fmt: skip
def individual_site_principal_is_another_person(rows: Filings) -> pd.DataFrame:
    """An individual's site principal is always the individual; the form does not even ask."""
    return _differs_from_subject(rows, "site_principal")


def _differs_from_subject(rows: Filings, role: str) -> pd.DataFrame:
    of_a_person = ~rows["subject_name"].str.contains("个体工商户", regex=False)
    columns = {}
    for part in ("name", "certificate_number"):
        own, subject = (rows[f"{who}_{part}"] for who in (role, "subject"))
        if part == "name":
            own, subject = names(own), names(subject)
        differs = of_a_person & ~own.isin(("", *FILLER)) & ~subject.isin(("", *FILLER)) & (own != subject)
        if part == "certificate_number":
            differs &= ~mistyped(rows, f"{role}_{part}", f"subject_{part}", differs)
        columns[f"{role}_{part}"] = differs
    return pd.DataFrame(columns, index=rows.index)


def _subject_copy(role: str) -> Details:
    def details(rows: Filings) -> dict[str, pd.Series]:
        """The right value of each cell at fault."""
        wrong = _differs_from_subject(rows, role)
        parts = [rows[f"subject_{part}"].where(wrong[f"{role}_{part}"], "") for part in ("name", "certificate_number")]
        return {"expected": (parts[0] + "；" + parts[1]).str.strip("；")}

    return details


individual_principal_is_another_person.details(_subject_copy("principal"))
individual_site_principal_is_another_person.details(_subject_copy("site_principal"))
