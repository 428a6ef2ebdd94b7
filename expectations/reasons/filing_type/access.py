"""An access filing against the record of its site: the people stay, and so do their mobiles."""

from __future__ import annotations

import pandas as pd

from expectations.facts import access
from expectations.facts import filing_types as types
from expectations.facts.access import PRINCIPAL, SITE_PRINCIPAL
from expectations.facts.records_on_file import SITE_ON_FILE, on_file
from expectations.filing import NO, YES
from expectations.rows import Case, Filings, filed_as
from expectations.rule import rule
from expectations.words import Words

_ACCESS = "Aliyun ICP docs 2019-09, 接入备案FAQ"
_PROVINCES = "AlibabaCloudDocs/icp, province rules 2019-09-20, 接入备案"
_AT_ACCESS = filed_as(types.ACCESS)
_MOBILES = ("principal_mobile", "site_principal_mobile")


def _is_no(rows: Filings, fact: str) -> pd.Series:
    name = f"register.{fact}"
    return rows[name] == NO if rows.has(name) else rows.constant(False)


def _access(**facts: str) -> dict[str, str]:
    """An access filing of a site on file."""
    return {"filing_type": types.ACCESS, **on_file(**SITE_ON_FILE | facts)}


PEOPLE_MAY_DIFFER = Case(
    "接入备案所在省允许负责人信息不一致",
    "the province lets the people differ at access",
    lambda rows: access.may_differ(rows, *SITE_PRINCIPAL),
    ("province",),
)


@rule(
    "ICP1015",
    zh="接入备案的手机号与原备案不一致", en="An access filing's mobile is not the one on file",
    columns=_MOBILES, case=_AT_ACCESS, severity="error", warning_if=PEOPLE_MAY_DIFFER, blank="passes",
    message=Words(
        "接入备案的{cells}与备案库中该网站的登记不一致；核验短信按原备案的号码办理{ground}",
        "{cells} of the access filing: not the number on file for the site, which the check message goes by{ground}",
    ),
    fix=Words(
        "按原备案填写联系方式1；号码已更换的，先在原接入商办理变更备案",
        "Give the mobile on file; if it was replaced, file a change at the former provider first",
    ),
    owner="filer", source=f"{_ACCESS}; {_PROVINCES}",
    good=[
        {},
        _access(principal_mobile_as_filed=YES, site_principal_mobile_as_filed=YES),
        {"province": "四川", **_access(principal_mobile_as_filed=NO)},
        {"filing_type": types.NEW_SITE, **on_file(**SITE_ON_FILE, site_principal_mobile_as_filed=NO)},
    ],
    bad=[
        {"province": "四川", **_access(site_principal_mobile_as_filed=NO)},
        {"province": "重庆", **_access(site_principal_mobile_as_filed=NO)},
        {"province": "河北", **_access(principal_mobile_as_filed=NO)},
        {"province": "河北", "subject_nature": "个人", **_access(principal_mobile_as_filed=NO)},
    ],
)  # fmt: skip
def access_mobile_differs_from_filing(rows: Filings) -> pd.DataFrame:
    """The site principal's number must be the one on record, and an individual is that person. The subject
    principal's counts where the province wants this person unchanged. Where the people may differ, this warns."""
    principal = access.kept(rows, *PRINCIPAL) | rows["is_individual"]
    return pd.DataFrame(
        {
            "principal_mobile": _is_no(rows, "principal_mobile_as_filed") & principal,
            "site_principal_mobile": _is_no(rows, "site_principal_mobile_as_filed"),
        }
    )


@access_mobile_differs_from_filing.details
def _mobiles_kept_by(rows: Filings) -> dict[str, pd.Series]:
    return {"ground": access.ground(rows, access.kept(rows, *PRINCIPAL, *SITE_PRINCIPAL))}


@rule(
    "ICP1016",
    zh="接入备案的负责人与原备案不是同一人", en="An access filing's principal is not the person on file",
    columns=("principal_name", "site_principal_name"), case=_AT_ACCESS, severity="error", blank="passes",
    message=Words(
        "{cells}与备案库中该网站登记的负责人不是同一人{ground}",
        "{cells}: not the person on file for the site{ground}",
    ),
    fix=Words(
        "按原备案填写负责人；负责人已更换的，先在原接入商办理变更备案",
        "Give the person on file; if that person was replaced, file a change at the former provider first",
    ),
    owner="filer", source=_PROVINCES,
    good=[
        {},
        {"province": "湖南", **_access(principal_as_filed=YES, site_principal_as_filed="")},
        {"province": "四川", **_access(principal_as_filed=NO, site_principal_as_filed=NO)},
        {"province": "重庆", **_access(principal_as_filed=NO)},
    ],
    bad=[
        {"province": "湖南", **_access(principal_as_filed=NO)},
        {"province": "贵州", **_access(site_principal_as_filed=NO)},
        {"province": "重庆", **_access(site_principal_as_filed=NO)},
    ],
)  # fmt: skip
def access_principal_differs_from_filing(rows: Filings) -> pd.DataFrame:
    """Some administrations let an access filing change neither of the two people."""
    return pd.DataFrame(
        {
            "principal_name": _is_no(rows, "principal_as_filed") & access.kept(rows, *PRINCIPAL),
            "site_principal_name": _is_no(rows, "site_principal_as_filed") & access.kept(rows, *SITE_PRINCIPAL),
        }
    )


@access_principal_differs_from_filing.details
def _people_kept_by(rows: Filings) -> dict[str, pd.Series]:
    return {"ground": access.ground(rows, rows["province"] != "")}
