"""Domains: what is registered, under which suffix, and which other filings name the same one.

The public suffix list ships inside tldextract and is read offline; suffixes of the MIIT naming notice
that it lacks (政务.cn, 公益.cn) are added from ``reference/suffixes.csv``. Domains are canonical here:
lower case, Chinese rather than punycode, several in one cell joined by ``;``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from expectations.facts.people import per_value
from expectations.filing import INDIVIDUAL, SEPARATOR
from expectations.rows import Case, Filings, across, derived

if TYPE_CHECKING:
    from tldextract import TLDExtract

CANCELLING = ("注销主体", "注销网站", "取消接入")
"""Types of filing whose domains nobody verifies."""

ON_FILE = ("接入备案", "变更备案", "认领备案", "导入备案")
"""Types of filing whose site, and so its domain, has been filed before."""

CHECKED_SINCE = "2018-01-01"
"""From here on registrars pass verified domains to MIIT, and overseas registrations are not accepted."""

GOVERNMENT_SUFFIXES = ("gov.cn", "政务", "政务.cn")
"""Names below one registered domain can belong to different bodies there."""

VERIFIED = Case(
    "除注销、取消接入以外的备案",
    "filings other than cancellations",
    lambda rows: ~rows["filing_type"].isin(CANCELLING),
)
ALREADY_FILED = Case(
    "网站此前已备案（接入、变更等）",
    "sites filed before (access, change …)",
    lambda rows: rows["filing_type"].isin(ON_FILE),
)


# Latin letters beyond ASCII and other scripts are allowed in names; these characters never are.
_FORBIDDEN = "[\x00-,/:-`{-\x7f\\s，。、；：！？“”‘’（）【】《》…—]"
_MALFORMED = rf"{_FORBIDDEN}|\.\.|^\.|\.$|^-|\.-|-\.|-$|[^.]{{64}}"
_ADDRESS = r"^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$|^\[?[0-9a-f]*:[0-9a-f:]+\]?$"
_LABEL = r"[^\x00-,/:-`{-\x7f\s.，。、；：]+"
_URL = rf"^(?:https?://)?(?:{_LABEL}\.)+{_LABEL}(?::[0-9]{{1,5}})?(?:[/?#][^\s]*)?$"


@cache
def _extractor(added: tuple[str, ...]) -> TLDExtract:
    # Imported when first needed: the package draws in an HTTP client, which costs more than the list.
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=(), extra_suffixes=added)


def registrable(domains: pd.Series, suffixes: Iterable[str] = ()) -> pd.Series:
    """The domain one registers, for each name: ``a.b.com.cn`` → ``b.com.cn``.

    Args:
        domains: names in canonical form, one each.
        suffixes: public suffixes the list may lack.

    Returns:
        ``""`` where the suffix is unknown or stands alone, and for addresses.
    """
    extract = _extractor(tuple(sorted(suffixes)))

    def one(domain: str) -> str:
        parts = extract.extract_str(domain) if "." in domain else None
        return f"{parts.domain}.{parts.suffix}" if parts and parts.domain and parts.suffix else ""

    return per_value(domains, one)


def own_suffixes(rows: Filings) -> tuple[str, ...]:
    """Second-level suffixes of our table, some of which the public list lacks."""
    return tuple(row["tld"] for row in rows.basis.reference.table("suffixes") if "." in row["tld"])


@derived("domain_fault")
def _domain_fault(rows: Filings) -> pd.Series:
    """What is wrong with the form: several, address, malformed, no_suffix, bare_suffix or nothing."""
    domain, fault = rows["domain"], rows.constant("")
    dotted = domain.str.contains(".", regex=False)
    several = domain.str.contains(SEPARATOR, regex=False)
    address = domain.str.contains(_ADDRESS)
    malformed = domain.str.contains(_MALFORMED) & ~address & ~several
    formed = (domain != "") & ~several & ~address & ~malformed
    known = domain.isin([row["tld"] for row in rows.basis.reference.table("suffixes")])
    fault = fault.mask(several, "several").mask(address, "address").mask(malformed, "malformed")
    return fault.mask(formed & ~dotted & ~known, "no_suffix").mask(formed & known, "bare_suffix")


@derived("registrable_domain")
def _registrable_domain(rows: Filings) -> pd.Series:
    """``""`` where the cell is no single domain, or its suffix is none anybody knows."""
    return registrable(rows["domain"].where(rows["domain_fault"] == "", ""), own_suffixes(rows))


@derived("domain_suffix")
def _domain_suffix(rows: Filings) -> pd.Series:
    """Public suffix (com.cn); the last label where it is in nobody's list."""
    domain = rows["domain"].where(rows["domain_fault"] == "", "")
    known = rows["registrable_domain"]
    return known.str.replace(r"^[^.]*\.", "", regex=True).where(
        known != "", domain.str.replace(r"^.*\.", "", regex=True)
    )


@derived("domain_label")
def _domain_label(rows: Filings) -> pd.Series:
    """What one chooses of a domain: its part before the suffix."""
    return rows["registrable_domain"].str.replace(r"\..*$", "", regex=True)


def suffix_fact(rows: Filings, fact: str) -> pd.Series:
    """A column of the suffix table for each domain: of its whole suffix, else of the last label.

    ``""`` where neither is in the table.
    """
    table = {row["tld"]: row[fact] for row in rows.basis.reference.table("suffixes")}
    return per_value(rows["domain_suffix"], lambda suffix: table.get(suffix, table.get(suffix.rpartition(".")[2], "")))


@derived("domain_status")
def _domain_status(rows: Filings) -> pd.Series:
    """Whether MIIT approved the suffix: approved, conflict, not_listed, not_approved; unknown beyond the table."""
    status = suffix_fact(rows, "status")
    return status.mask((status == "") & (rows["domain_suffix"] != ""), "unknown")


@derived("domain_key")
def _domain_key(rows: Filings) -> pd.Series:
    """What may be filed once: the registrable domain, or the whole name of a government site."""
    whole = (rows["registrable_domain"] == "") | rows["domain_suffix"].isin(GOVERNMENT_SUFFIXES)
    return rows["domain"].where(whole & (rows["domain_fault"] == ""), rows["registrable_domain"])


def _each(cells: pd.Series) -> pd.Series:
    """Every value of each cell on a row of its own, under the index of the cell."""
    if not cells.str.contains(SEPARATOR, regex=False).any():
        return cells
    return cells.str.split(SEPARATOR).explode().astype("str")


def urls_well_formed(urls: pd.Series) -> pd.Series:
    """Whether every URL of each cell is a host with nothing odd about it, scheme, port and path allowed."""
    fine = _each(urls).str.contains(_URL).astype(bool)
    return fine if len(fine) == len(urls) else fine.groupby(level=0).all().reindex(urls.index)


def names_domain(urls: pd.Series, domains: pd.Series, suffixes: Iterable[str] = ()) -> pd.Series:
    """Whether some URL of each cell lies on the registrable domain of the same row."""
    parts = _each(urls)
    host = parts.str.lower().str.replace(r"^[a-z]+://", "", regex=True).str.replace(r"[:/?#].*$", "", regex=True)
    own = domains.reindex(parts.index)
    on_it = (host == own) | (host == "www." + own)
    rest = ~on_it
    on_it[rest] = registrable(host[rest], suffixes) == own[rest]
    return on_it if len(on_it) == len(urls) else on_it.groupby(level=0).any().reindex(urls.index)


# ── other filings of the run ─────────────────────────────────────────────────────────────────────


def others(group: pd.Series, member: pd.Series, label: pd.Series, shown: int = 3) -> pd.Series:
    """For each row, the other members of its group by the label of their first row, in text.

    Args:
        group: rows with equal, non-blank text belong together.
        member: who a row is within its group; a row is never told of its own member.
        label: how to call a row.
        shown: so many are named; of the rest only the number is given (``+5``).

    Returns:
        Labels joined by ``；``, ``""`` where a row has its group to itself.
    """
    result = pd.Series("", index=group.index, dtype="str")
    shared = (group != "") & group.duplicated(keep=False)
    rows = pd.DataFrame({"group": group, "member": member, "label": label})[shared]
    first = rows.drop_duplicates(["group", "member"])
    first = first[first["group"].duplicated(keep=False)]
    if first.empty:
        return result
    rows = rows[rows["group"].isin(first["group"])]
    first = first.assign(rank=first.groupby("group").cumcount())
    # One more than shown: the row's own member may be among them.
    wide = first[first["rank"] <= shown].pivot(index="group", columns="rank", values=["member", "label"])
    wide = wide.reindex(rows["group"])
    text, named = np.full(len(rows), "", dtype=object), np.zeros(len(rows), dtype=int)
    for rank in range(shown + 1):
        if ("label", rank) not in wide:
            break
        name = wide["label", rank].to_numpy(dtype=object)
        told = wide["label", rank].notna().to_numpy() & (wide["member", rank].to_numpy() != rows["member"].to_numpy())
        told &= named < shown
        text[told] = np.where(named[told] > 0, text[told] + "；", "") + name[told]
        named += told
    rest = rows["group"].map(first["group"].value_counts()).to_numpy() - 1 - named
    text[rest > 0] += np.char.mod("；+%d", rest[rest > 0]).astype(object)
    result.loc[rows.index] = text
    return result


def row_labels(entries: pd.DataFrame) -> pd.Series:
    """How another row is called: ``批次二.xlsx › 备案 › 7 · 某某公司``."""
    place = entries["workbook"] + " › " + entries["sheet"] + " › " + entries["row"].astype("str")
    return (place + " · " + entries["subject_name"]).where(entries["subject_name"] != "", place)


def _claims(entries: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """What several filings claim, and who claims it; a site and an app of one subject may share a domain.

    A unit is one subject under one number, and under one name: it may file with its old and new certificate.
    """
    kept = (entries["domain_key"] != "") & ~entries["filing_type"].isin(CANCELLING)
    app = (entries["service_type"] == "APP").map({True: " APP", False: ""})
    claim = (entries["domain_key"] + app).where(kept, "")
    claim = claim.where(claim.duplicated(keep=False), "")
    few = entries[claim != ""]
    number, name = few["subject_certificate_number"], few["subject_name"]
    of_number = name.groupby(number.where(number != "", name)).transform("first").astype("str")
    unit = (few["subject_nature"] != INDIVIDUAL) & (of_number != "")
    who = (number + "\t" + name).where(~unit, of_number)
    return claim, who.reindex(entries.index, fill_value="")


_READS = ("domain_key", "subject_nature", "subject_certificate_number", "subject_name", "filing_type", "service_type")


@across("ledger.domain_of_others", reads=_READS)
def _domain_of_others(entries: pd.DataFrame) -> pd.Series:
    """Filings of other subjects for the same domain."""
    claim, who = _claims(entries)
    return others(claim.where(~who.isin(("", "\t")), ""), who, row_labels(entries))


@across("ledger.domain_again", reads=_READS)
def _domain_again(entries: pd.DataFrame) -> pd.Series:
    """Other filings of the same subject for the same domain."""
    claim, who = _claims(entries)
    position = pd.Series(np.arange(len(entries)), index=entries.index)
    return others((claim + "\t" + who).where((claim != "") & ~who.isin(("", "\t")), ""), position, row_labels(entries))
