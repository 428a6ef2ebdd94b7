"""Where the legal representative must be principal: what each province's page says, and a later list.

The two disagree on some provinces, so each is asked by itself. Whom the page refuses is refused, unless a
letter is given that the later list takes; whom the list alone refuses may be refused; a province's own
word of ``no`` (a user's table may say so) settles it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from expectations.facts.numbers import is_id_card_check_right
from expectations.facts.people import HAN, REPRESENTATIVE, UNIT_WORDS
from expectations.rows import Case, Filings, derived, filed_as

BOTH, PAGE, LATER = "both", "page", "later"

CANCELLING = filed_as("注销主体", "注销网站", "取消接入")
"""Filings that end something: nobody's role or document is judged."""

# A blank filing type is the sheet's own fault: it is judged like any filing that begins something.
BEGINNING = Case("非注销类备案", "filings that do not cancel", lambda rows: ~CANCELLING.holds(rows))

_BRANCH = r"(?:[分支]公司|[分支]行|分[店社所部院校厂]|分中心|办事处|代表处|营业[部厅])(?:\(.*\))?$"


def _refused_by(rows: Filings, role: str, letter_policy: str) -> pd.Series:
    """Who refuses a principal other than the legal representative: the page, the later list, both, nobody."""
    later = {row["province"]: row[role] for row in rows.basis.reference.table("legal_representative_later")}
    answers = {}
    for province, policies in rows.basis.reference.provinces.items():
        policy = policies[f"organisation_{role}_must_be_legal_representative"]
        for letter in ("", "letter"):
            page = policy == "yes" and not (letter and policies[letter_policy] == "yes")
            listed = later.get(province, "") == "required" or (later.get(province, "") == "letter" and not letter)
            answers[province + letter] = (
                "" if policy == "no" else BOTH if page and listed else PAGE if page else LATER if listed else ""
            )
    letters = pd.Series(np.where(rows["attachment_authorization_letter"] != "", "letter", ""), rows.index, dtype="str")
    asked = (rows["province"] + letters).map(answers).astype("str").fillna("")
    return asked.where(~rows["is_individual"], "")


@derived("principal_refused_by")
def _principal_refused_by(rows: Filings) -> pd.Series:
    """A foreign representative may send a Chinese principal with a letter where foreigners are refused."""
    refused = _refused_by(rows, "principal", "organisation_authorization_letter_accepted")
    excused = (
        (rows["attachment_authorization_letter"] != "")
        & (rows.policy("foreign_nationals_accepted") == "no")
        & rows["representative_is_foreign"]
    )
    return refused.where(~excused, "")


@derived("site_principal_refused_by")
def _site_principal_refused_by(rows: Filings) -> pd.Series:
    return _refused_by(rows, "site_principal", "organisation_site_principal_authorization_letter_accepted")


@derived("representative_is_foreign")
def _representative_is_foreign(rows: Filings) -> pd.Series:
    """Judged by a name without Chinese characters: people of Hong Kong, Macao and Taiwan are no foreigners."""
    name = rows[REPRESENTATIVE.name]
    identity_card = is_id_card_check_right(rows[REPRESENTATIVE.number])
    return (name != "") & ~name.str.contains(f"[{HAN}]", regex=True) & ~identity_card


def _branch_or_unit(rows: Filings) -> pd.Series:
    branch = rows["subject_name"].str.contains(_BRANCH, regex=True)
    return branch | rows[REPRESENTATIVE.name].str.contains(UNIT_WORDS, regex=True)


HEAD_OFFICE = Case(
    "分支机构（负责人可为总公司法定代表人），或法定代表人一栏是单位",
    "a branch, whose principal may be the head office's representative, or a unit as representative",
    _branch_or_unit,
)

PRINCIPAL_BOUND = BEGINNING & Case(
    "须由法定代表人任主体负责人的单位",
    "organisations whose principal must be the legal representative",
    lambda rows: rows["principal_refused_by"] != "",
    ("subject_nature", "province"),
)
SITE_PRINCIPAL_BOUND = BEGINNING & Case(
    "网站负责人非法定代表人须有授权书的单位",
    "organisations whose site principal must be the legal representative or bring a letter",
    lambda rows: rows["site_principal_refused_by"] != "",
    ("subject_nature", "province"),
)


def open_to_review(column: str) -> Case:
    """A reviewer may take it: the province's page does not ask for it, or a letter is given that a later list takes."""
    return Case(
        "该省规则未要求，或已附其后的名单认可的授权书",
        "the province's page does not demand it, or a letter is given that a later list takes",
        lambda rows: (
            (rows[column] == LATER) | ((rows[column] == PAGE) & (rows["attachment_authorization_letter"] != ""))
        ),
        ("province",),
    )


def grounds(rows: Filings, refused_by: pd.Series) -> pd.Series:
    """In words: which source demands it, and of what date."""
    date = rows.policy("snapshot")
    if rows.basis.language == "zh":
        said = {BOTH: " 的管局规则与其后的名单一致", PAGE: " 的管局规则如此，其后的名单已放宽"}
        unsaid = "其后的名单如此，"
        silent = " 的管局规则未作此要求"
    else:
        said = {BOTH: " page of the administration, and later lists agree", PAGE: " page; later lists are laxer"}
        unsaid, silent = "a later list; the ", " page does not say so"
    return (date + refused_by.map(said)).fillna(unsaid + date + silent).astype("str")
