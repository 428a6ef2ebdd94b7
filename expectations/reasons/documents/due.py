"""Which documents a province wants of a filing, and whether they are attached.

The requirements are province_documents.csv. What other rules ask for is left to them: letters (reason 6),
residence permits (3), the holder's proofs (1), the statement (8). Documents without a column in the form of
the sheet cannot be seen.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from expectations.cellwise import damaged
from expectations.facts.filing_types import NONE
from expectations.facts.people import DIFFERENT, per_value
from expectations.facts.records_on_file import SUBJECT_ON_FILE, on_file
from expectations.facts.representation import BEGINNING
from expectations.filing import NO, SEPARATOR
from expectations.reference import Reference
from expectations.rows import Case, Filings, across, derived, filed_as
from expectations.rule import Words, rule

_PAGES = "Aliyun ICP docs 2019-09, 管局规则"
_ALWAYS = {
    "subject_certificate": "attachment_subject_certificate",
    "principal_id": "attachment_principal_id",
    "personal_id": "attachment_principal_id",
}
"""Documents of every filing, a mere change included."""
_COLUMN_OF = {
    **_ALWAYS,
    "site_principal_id": "attachment_site_principal_id",
    "domain_certificate": "attachment_domain_certificate",
    "construction_proposal": "attachment_site_plan",
    "commitment_letter_many_sites": "attachment_commitment",
    "commitment_letter_finance": "attachment_commitment",
    "establishment_office_proof": "attachment_establishment_proof",
}
_COLUMNS = (*dict.fromkeys(_COLUMN_OF.values()), "attachment_change_proof")
_FILED_AS = {
    "first": ("首次备案",),
    "new_site": ("新增网站", "新增网站（原备案在本接入商）", "新增网站（原备案不在本接入商）"),
    "access": ("接入备案",),
}
_ADDING = tuple(name for names in _FILED_AS.values() for name in names)
_CHANGE = "变更备案"
_PUBLIC_BODIES = ("政府机关", "事业单位")
_FINANCIAL_CONTENT = (
    "网上支付", "网上银行", "网上炒股/股票基金", "网络借贷信息中介", "互联网股权融资", "互联网保险",
    "互联网跨界金融及资产管理", "网上非银支付",
)  # fmt: skip
_COUNTS = {"domains_of_subject": 0, "domains_in_order": 0, "distinct_prefixes_of_subject": 1, "sites_of_subject": 2}

_WHY = {
    "": Words("该省一律要求", "always wanted there"),
    "site_principal_differs": Words("网站负责人另有其人", "the site principal is another person"),
    "subject_is_public_body": Words("主办单位是机关或事业单位", "the subject is a public body"),
    "count_reached": Words("本批中该主体的域名或网站已达规定数量", "the subject has as many domains or sites here"),
    "content_is_financial": Words("名称或内容涉及金融", "name or content touches finance"),
    "change": Words("名称或证件号码与备案库不同", "the name or the number is another than on file"),
}


class Requirement(NamedTuple):
    """A document that some provinces want in one case."""

    document: str
    nature: str
    when: str
    least: str
    unit: str
    types: tuple[str, ...]
    provinces: tuple[str, ...]

    @property
    def column(self) -> str:
        return _COLUMN_OF[self.document]

    @property
    def always(self) -> bool:
        return self.document in _ALWAYS

    @property
    def of_new(self) -> bool:
        """Wanted of what is new only, so never for a mere change."""
        return bool(self.types) or self.unit.startswith("new_")

    @property
    def filed_as(self) -> list[str]:
        """The filing types that certainly fall under it."""
        if self.always:
            return [*_ADDING, _CHANGE]
        kinds = self.types or (("first", "new_site") if self.of_new else tuple(_FILED_AS))
        return [name for kind in kinds for name in _FILED_AS.get(kind, ())]

    @property
    def certain(self) -> bool:
        """Whether the sheet alone shows the case; which sites make one order it does not."""
        return self.when != "content_is_financial" and not (
            self.when == "count_reached" and self.unit.endswith("_in_order")
        )


@across("ledger.subject_counts", reads=("subject_key", "domain", "filing_type"))
def _subject_counts(entries: pd.DataFrame) -> pd.Series:
    """How many domains, distinct names before the suffix, and sites a subject adds in this run: ``3;2;3``."""
    adding = entries["filing_type"].isin(_ADDING) & (entries["subject_key"] != "") & (entries["domain"] != "")
    added = entries[adding]
    domains = added[["subject_key"]].join(added["domain"].str.split(SEPARATOR).explode())
    domains["prefix"] = domains["domain"].str.replace(r"^www\.|\..*$", "", regex=True)
    counted = domains.groupby("subject_key")[["domain", "prefix"]].nunique()
    sites = added.groupby("subject_key").size()
    texts = counted["domain"].astype("str") + ";" + counted["prefix"].astype("str") + ";" + sites.astype("str")
    return entries["subject_key"].map(texts).astype("str").fillna("")


def _count(rows: Filings, unit: str) -> pd.Series:
    place = _COUNTS[unit]
    return per_value(rows["ledger.subject_counts"], lambda text: int(text.split(";")[place]) if text else 0)


def _holds(rows: Filings, wanted: Requirement) -> pd.Series:
    """Whether the case of a requirement is given."""
    match wanted.when:
        case "site_principal_differs":
            return rows["principals_are"] == DIFFERENT
        case "subject_is_public_body":
            return rows["subject_nature"].isin(_PUBLIC_BODIES)
        case "count_reached" if wanted.unit in _COUNTS:
            return _count(rows, wanted.unit) >= int(wanted.least)
        case "content_is_financial":
            return _touches_finance(rows)
    return rows.constant(wanted.when == "")  # of other cases the sheet cannot tell


def _touches_finance(rows: Filings) -> pd.Series:
    terms = [row["term"] for row in rows.basis.reference.table("name_terms") if row["kind"] == "finance"]
    names = rows["subject_name"] + "\n" + rows["site_name"]
    return rows["site_content"].isin(_FINANCIAL_CONTENT) | per_value(
        names, lambda text: any(term in text for term in terms)
    )


def _requirements(reference: Reference) -> list[Requirement]:
    """Every requirement of province_documents.csv with a column in the sheet, provinces together."""
    provinces: dict[tuple[str, str, str, str, str, str], list[str]] = {}
    for row in reference.table("province_documents"):
        for document in row["docs"].split(";") if row["mode"] == "all" else ():
            if document in _COLUMN_OF:
                key = (document, row["nature"], row["when"], row["min_count"], row["count_of"], row["filing_types"])
                provinces.setdefault(key, []).append(row["province"])
    return [
        Requirement(document, nature, when, least, unit, tuple(filter(None, types.split(";"))), tuple(where))
        for (document, nature, when, least, unit, types), where in provinces.items()
    ]


_CHANGE_PROOF = "change"


def _proof_of_change_due(rows: Filings) -> pd.Series:
    """Whether the name or the number is another than on file, and the province wants a proof of that change.

    Without a register nobody can tell what changes.
    """
    due = rows.constant(False)
    if rows.has("register.subject_name_same"):
        renamed = rows["register.subject_name_same"] == NO
        due |= renamed & (rows.policy("change_name_change_proof_required") == "yes")
    if rows.has("register.subject_old_number"):
        renumbered = ~rows["register.subject_old_number"].isin(("", NONE))
        due |= renumbered & (rows.policy("change_number_change_proof_required") == "yes")
    return due


@derived("documents_lacking")
def _documents_lacking(rows: Filings) -> pd.Series:
    """What each filing lacks: ``N!`` for the N-th requirement where it is certainly due, ``N?`` where
    perhaps, ``change?`` for the proof of a change; joined by ``;``. A sheet may leave columns of files out as
    a whole: of these nothing is known to be lacking."""
    lacking = np.full(len(rows), "", dtype=object)
    filed, individual = rows["filing_type"], rows["is_individual"]
    known, changing = rows["subject_nature"] != "", (filed == _CHANGE).to_numpy()
    for number, wanted in enumerate(_requirements(rows.basis.reference)):
        if not rows.in_sheet(wanted.column):
            continue
        asked = known & rows["province"].isin(wanted.provinces) & (individual == (wanted.nature == "individual"))
        due = (asked & (rows[wanted.column] == "") & ~damaged(rows, wanted.column)).to_numpy(dtype=bool, copy=True)
        if due.any():
            due[due] = _holds(rows.where(due), wanted).to_numpy(dtype=bool)
            lacking[due & filed.isin(wanted.filed_as).to_numpy()] += f"{number}{'!' if wanted.certain else '?'};"
            if not (wanted.of_new or wanted.always):  # whether it is wanted depends on what changes
                lacking[due & changing] += f"{number}?;"
    proof = _proof_of_change_due(rows) & (rows["attachment_change_proof"] == "")
    proof &= rows.in_sheet("attachment_change_proof")
    lacking[changing & proof.to_numpy(dtype=bool)] += f"{_CHANGE_PROOF}?;"
    return pd.Series(lacking, index=rows.index, dtype="str")


def _named(rows: Filings, sign: str) -> dict[str, list[tuple[str, Words]]]:
    """The columns and reasons behind each distinct value of ``documents_lacking``."""
    requirements = enumerate(_requirements(rows.basis.reference))
    wanted = {str(number): (one.column, _WHY[one.when]) for number, one in requirements if one.when in _WHY}
    wanted[_CHANGE_PROOF] = ("attachment_change_proof", _WHY["change"])
    return {
        text: [wanted[part[:-1]] for part in text.split(";") if part.endswith(sign)]
        for text in rows["documents_lacking"].unique()
    }


def _lacking(rows: Filings, sign: str) -> pd.DataFrame:
    named = _named(rows, sign)
    return pd.DataFrame(
        {
            key: per_value(rows["documents_lacking"], {text: key in dict(found) for text, found in named.items()}.get)
            for key in _COLUMNS
        },
        index=rows.index,
    )


def _why(rows: Filings, sign: str) -> dict[str, pd.Series]:
    """Why the documents are due, and of what date the rule is."""
    separator = Words("；", "; ")(rows.basis.language)
    why = {
        text: separator.join(dict.fromkeys(words(rows.basis.language) for _, words in found))
        for text, found in _named(rows, sign).items()
    }
    return {"why": rows["documents_lacking"].map(why).astype("str"), "snapshot": rows.policy("snapshot")}


_OTHER_SITE_PRINCIPAL = {
    "site_principal_name": "周样本", "site_principal_certificate_number": "330000197803030034",
}  # fmt: skip
_SCHOOL = {
    "subject_nature": "事业单位", "subject_certificate_type": "事业单位法人证书",
    "subject_certificate_number": "12330000MB00000078",
}  # fmt: skip


def _several(count: int, **changes: str) -> list[dict[str, str]]:
    """Sites of one subject, each with its own domain."""
    return [{**changes, "domain": f"sample{number}.cn"} for number in range(count)]


@rule(
    "ICP0516",
    zh="缺该省要求的资料", en="A document the province wants is missing",
    columns=_COLUMNS, blank="judged", case=filed_as(*_ADDING, _CHANGE), severity="error",
    message=Words("未附{labels}：{why}（{province}，{snapshot} 的管局规则）",
                  "not attached: {labels}; {why} ({province}, page of {snapshot})"),
    fix=Words("补传{labels}", "attach {labels}"),
    owner="filer", source=_PAGES,
    good=[
        {}, {"subject_nature": "个人"}, {"subject_nature": "", "attachment_subject_certificate": ""},
        {"attachment_principal_id": "", "filing_type": "取消接入"},
        {**_OTHER_SITE_PRINCIPAL, "attachment_site_principal_id": "site.jpg"},
        {**_OTHER_SITE_PRINCIPAL, "filing_type": "注销网站"},
        {"province": "湖南", "attachment_domain_certificate": "domain.jpg"},
        {"province": "内蒙古", "subject_nature": "个人", "filing_type": "接入备案"},
        {"province": "云南"}, {**_SCHOOL, "province": "浙江"},
        {**_SCHOOL, "province": "内蒙古", "filing_type": "接入备案"},
        _several(4, province="陕西", subject_certificate_number="91330000MA0000023C"),
        {"province": "湖南", "filing_type": "变更备案"},
    ],
    bad=[
        {"attachment_subject_certificate": ""}, {"attachment_principal_id": "", "filing_type": "变更备案"},
        {"subject_nature": "个人", "attachment_principal_id": ""},
        _OTHER_SITE_PRINCIPAL, {"province": "湖南"}, {"province": "江苏", "subject_nature": "个人"},
        {"province": "内蒙古", "subject_nature": "个人"}, {**_SCHOOL, "province": "云南"},
        {**_SCHOOL, "province": "内蒙古"},
        _several(5, province="陕西", subject_certificate_number="91330000MA00000314"),
        _several(6, province="广东", subject_nature="个人", subject_certificate_number="330000198205050013"),
    ],
)  # fmt: skip
def document_missing(rows: Filings) -> pd.DataFrame:
    """Each province lists the documents of a filing and the cases of some; one finding names all that
    are missing. Counts are of this run, so they are never too high."""
    return _lacking(rows, "!")


@document_missing.details
def _certain_why(rows: Filings) -> dict[str, pd.Series]:
    return _why(rows, "!")


@rule(
    "ICP0517",
    zh="可能缺该省要求的资料", en="A document the province may want is missing",
    columns=_COLUMNS, blank="judged",
    case=BEGINNING & Case(
        "首次、新增、接入或变更备案", "filings that add or change something",
        lambda rows: rows["filing_type"].isin((*_ADDING, _CHANGE)), ("filing_type",),
    ),
    severity="warning",
    message=Words("可能须附{labels}：{why}（{province}，{snapshot} 的管局规则）",
                  "may be wanted: {labels}; {why} ({province}, page of {snapshot})"),
    fix=Words("核对是否属于该情形，属于则补传{labels}", "check whether the case is given; if so, attach {labels}"),
    owner="filer", source=_PAGES,
    good=[
        {}, {"province": "湖南"}, {"province": "广东"}, {"filing_type": "变更备案"},
        {"filing_type": "变更备案", **on_file(**SUBJECT_ON_FILE)},
        {"province": "浙江", "subject_name": "样例资产管理有限公司"},
        {"province": "广东", "subject_name": "样例资产管理有限公司", "attachment_commitment": "pledge.jpg"},
        {"filing_type": "变更备案", "attachment_change_proof": "change.jpg",
         **on_file(**{**SUBJECT_ON_FILE, "subject_name_same": NO})},
        {"filing_type": "变更备案", "province": "上海",
         **on_file(**{**SUBJECT_ON_FILE, "subject_old_number": "沪ICP备12345678号（营业执照）"})},
        {"filing_type": "变更备案", "subject_nature": "个人"},
        {"filing_type": "变更备案", "province": "广东"},
        _several(3, province="贵州", subject_certificate_number="91330000MA000004XR"),
    ],
    bad=[
        {"filing_type": "变更备案", **on_file(**{**SUBJECT_ON_FILE, "subject_name_same": NO})},
        {"filing_type": "变更备案",
         **on_file(**{**SUBJECT_ON_FILE, "subject_old_number": "浙ICP备12345678号（营业执照）"})},
        {"province": "湖南", "filing_type": "变更备案"},
        {"province": "广东", "subject_name": "样例资产管理有限公司"},
        {"province": "广东", "site_content": "网上支付"},
        _several(4, province="贵州", subject_certificate_number="91330000MA0000058H"),
    ],
)  # fmt: skip
def document_probably_missing(rows: Filings) -> pd.DataFrame:
    """Whether these are wanted depends on what the sheet does not say: what changes, whether the content
    is financial, which sites make one order."""
    return _lacking(rows, "?") & ~_lacking(rows, "!")


@document_probably_missing.details
def _probable_why(rows: Filings) -> dict[str, pd.Series]:
    return _why(rows, "?")
