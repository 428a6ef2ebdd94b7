"""What the filings on file say of the filings under check: the ``register.…`` columns.

All columns are text: 无 where somebody looked and found nothing, blank where nobody could look. One code
serves a store of millions and a file given for one run: it sees only *candidates*, the entries that share
a certificate, a domain, a mobile, an ICP number or an organisation's name with some filing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from expectations.facts.filing_types import CANCELLED, DOMAIN, FILED, NONE, OWN, PENDING, SUBJECT
from expectations.filing import NO, YES
from flows.steps.register.entries import BY_NAME, ENTRY_COLUMNS, personal_types, yes

ROLES = ("principal", "site_principal")
Columns = dict[str, pd.Series]


def facts(looked_up: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """The ``register.…`` columns of each filing.

    Args:
        looked_up: of :func:`entries.keys`, index 0…n-1.
        found: of :func:`entries.candidates`, any order; the same set gives the same answers.

    Returns:
        One row per filing, index as ``looked_up``.
    """
    order = pc.sort_indices(
        pa.Table.from_pandas(found, preserve_index=False), sort_keys=[(name, "ascending") for name in ENTRY_COLUMNS]
    )
    found = found.take(order.to_numpy()).reset_index(drop=True)
    columns = _of_subject(looked_up, found)
    columns |= _old_number(looked_up, found, columns["subject"])
    columns |= _of_domain(looked_up, found)
    columns["order_open"] = _order_open(columns.pop("subject_pending"), columns.pop("domain_pending"))
    columns |= _icp_number_owner(looked_up, found)
    for role in ROLES:
        columns |= _mobile_users(looked_up, found, role)
    return pd.DataFrame({f"register.{name}": column.astype("str") for name, column in columns.items()})


class Pairs:
    """Filings and the entries they share something with, as positions; columns are taken when asked for."""

    def __init__(self, looked_up: pd.DataFrame, found: pd.DataFrame, filing: np.ndarray, entry: np.ndarray) -> None:
        self.looked_up, self.found, self.filing, self.entry = looked_up, found, filing, entry

    @classmethod
    def equal(cls, looked_up: pd.DataFrame, found: pd.DataFrame, ours: str, theirs: str) -> Pairs:
        """Every filing with every entry whose ``theirs`` is the filing's ``ours``; blanks meet nobody."""
        left = looked_up[[ours]][looked_up[ours] != ""].rename(columns={ours: "key"})
        right = found[[theirs]][found[theirs] != ""].rename(columns={theirs: "key"})
        met = left.assign(filing=left.index).merge(right.assign(entry=right.index), on="key")
        return cls(looked_up, found, met["filing"].to_numpy(), met["entry"].to_numpy())

    @classmethod
    def of(cls, parts: Sequence[Pairs]) -> Pairs:
        """The pairs of all parts, in their order."""
        filing, entry = (np.concatenate([getattr(part, name) for part in parts]) for name in ("filing", "entry"))
        return cls(parts[0].looked_up, parts[0].found, filing, entry)

    def where(self, holds: pd.Series) -> Pairs:
        """The pairs of which something holds."""
        keep = holds.to_numpy(dtype=bool)
        return Pairs(self.looked_up, self.found, self.filing[keep], self.entry[keep])

    def ours(self, name: str) -> pd.Series:
        """A column of the filing of each pair."""
        return self.looked_up[name].take(self.filing).reset_index(drop=True)

    def theirs(self, name: str) -> pd.Series:
        """A column of the entry on file of each pair."""
        return self.found[name].take(self.entry).reset_index(drop=True)

    def same(self, name: str) -> pd.Series:
        """Whether both sides have the same, filled, ``name``."""
        ours = self.ours(name)
        return (ours == self.theirs(name)) & (ours != "")

    def own(self) -> pd.Series:
        """Whether the entry is the filing's own subject, whichever certificate it is filed under.

        A unified code is for life, so two of them are two subjects, whatever their names.
        """
        either_old = (self.ours("old_form") == YES) | (self.theirs("old_form") == YES)
        return (
            self.same("certificate_number") | self.same("organisation_code") | (self.same("subject_name") & either_old)
        )

    def label(self) -> pd.Series:
        """The entry's subject as a finding names it: 名称（备案号）."""
        name, number = self.theirs("subject_name"), self.theirs("subject_icp_number")
        return name.where(name != "", "未具名主体") + ("（" + number + "）").where(number != "", "")

    def any(self, holds: pd.Series | None = None) -> pd.Series:
        """Whether ``holds`` for some entry of each filing; whether there is one at all, without it."""
        marks = np.zeros(len(self.looked_up), dtype=bool)
        marks[self.filing if holds is None else self.filing[holds.to_numpy(dtype=bool)]] = True
        return pd.Series(marks)

    def first(self, values: pd.Series, blank: str) -> pd.Series:
        """The first of ``values`` of each filing, ``blank`` where it has no entry."""
        column = np.full(len(self.looked_up), blank, dtype=object)
        column[self.filing[::-1]] = values.to_numpy(dtype=object)[::-1]
        return pd.Series(column, dtype="str")

    def status(self) -> pd.Series:
        """Filed if one entry is; else under review, else cancelled, else 无."""
        theirs = self.theirs("status")
        text = pd.Series(NONE, index=self.looked_up.index, dtype="str")
        for status in (CANCELLED, PENDING, FILED):
            text = text.mask(self.any(theirs == status), status)
        return text

    def here(self) -> pd.Series:
        """是 if one entry is with this provider, 否 if none is, blank where some do not say."""
        theirs = self.theirs("here")
        here = self.any(theirs == YES)
        return yes(here).where(here | ~self.any(theirs == ""), "")


def _of_subject(looked_up: pd.DataFrame, found: pd.DataFrame) -> Columns:
    """What is filed under the filing's own certificate type and number."""
    known = (looked_up["certificate_number"] != "") & (looked_up["certificate_type"] != "")
    pairs = Pairs.equal(looked_up, found, "certificate_number", "certificate_number")
    pairs = pairs.where(pairs.same("certificate_type"))
    filed = pairs.where(pairs.theirs("status") == FILED)
    name = filed.theirs("subject_name")
    named = filed.where(name != "")
    number, province = filed.theirs("subject_icp_number"), filed.theirs("province")
    same_name = yes(named.any(named.ours("shown_name") == named.theirs("subject_name")))
    columns = {
        "subject_here": filed.here(),
        "subject_sites_left": yes(filed.any(filed.theirs("domain") != "")),
        "subject_icp_number": filed.where(number != "").first(number[number != ""], ""),
        "subject_province": filed.where(province != "").first(province[province != ""], ""),
        "subject_name": named.first(name[name != ""], ""),
        "subject_name_same": same_name.where(named.any() & (looked_up["shown_name"] != ""), ""),
    }
    there = filed.any()
    columns = {name: column.where(there, NONE) for name, column in columns.items()}
    columns |= {"subject": pairs.status(), "subject_pending": yes(pairs.any(pairs.theirs("status") == PENDING))}
    return {name: column.where(known, "") for name, column in columns.items()}


def _old_number(looked_up: pd.DataFrame, found: pd.DataFrame, subject: pd.Series) -> Columns:
    """The same subject filed under another certificate; its number on file is a digest, so its ICP number is shown.

    The number under another type, or the organisation code inside the number, settle it. A name settles it
    where one of the two numbers is of the form before the unified code and the province is the same.
    """
    parts = [
        Pairs.equal(looked_up, found, name, name)
        for name in ("certificate_number", "organisation_code", "subject_name")
    ]
    by_name = parts[2]
    other_form = by_name.ours("old_form") != by_name.theirs("old_form")
    same_province = by_name.same("province") | (by_name.theirs("province") == "")
    # Two unified codes under one name in two provinces are two subjects, and no news.
    parts[2:] = [by_name.where(other_form & same_province), by_name.where(other_form ^ same_province)]
    certain = np.repeat([YES, YES, YES, NO], [len(part.filing) for part in parts])
    pairs = Pairs.of(parts)
    filed = (pairs.theirs("status") == FILED).to_numpy(dtype=bool)
    pairs, certain = pairs.where(pd.Series(filed)), pd.Series(certain[filed], dtype="str")
    number = pairs.theirs("subject_icp_number")
    shown = number.where(number != "", pairs.theirs("subject_name")) + "（" + pairs.theirs("certificate_type") + "）"
    return {
        name: pairs.first(values, NONE).where(subject != FILED, NONE).where(subject != "", "")
        for name, values in (("subject_old_number", shown), ("subject_old_number_certain", certain))
    }


def _of_domain(looked_up: pd.DataFrame, found: pd.DataFrame) -> Columns:
    """Who has filed the domain, and where."""
    known = looked_up["domain"] != ""
    pairs = Pairs.equal(looked_up, found, "domain", "domain")
    filed = pairs.where(pairs.theirs("status") == FILED)
    own = filed.own()
    mine, others = filed.where(own), filed.where(~own)
    # An entry without a number may be anybody's, and a filing without one may be anybody.
    doubtful = others.any((others.theirs("certificate_number") == "") | (others.ours("certificate_number") == ""))
    number = mine.theirs("site_icp_number")
    columns = {
        "domain_here": filed.here().where(filed.any(), NONE),
        "same_subject": yes(mine.any()).where(mine.any() | ~doubtful, "").where(filed.any(), NONE),
        "domain_owner": others.first(others.label(), NONE).where(~mine.any(), NONE),
        "site_icp_number": mine.where(number != "").first(number[number != ""], "").where(mine.any(), NONE),
        "domain": pairs.status(),
        "domain_pending": yes(pairs.any(pairs.theirs("status") == PENDING)),
        **{f"{role}_mobile_as_filed": _as_filed(mine, role) for role in ROLES},
        **{f"{role}_as_filed": _person_as_filed(mine, role) for role in ROLES},
    }
    return {name: column.where(known, "") for name, column in columns.items()}


def _as_filed(mine: Pairs, role: str) -> pd.Series:
    """Whether the site on file has the filing's mobile for this role; 无 where the site is not on file."""
    on_file = mine.where(mine.theirs(f"{role}_mobile") != "")
    same = yes(on_file.any(on_file.same(f"{role}_mobile")))
    typed = mine.looked_up[f"{role}_mobile"] != ""
    return same.where(on_file.any(), "").where(mine.any(), NONE).where(typed, "")


def _person_as_filed(mine: Pairs, role: str) -> pd.Series:
    """Whether the site on file has the filing's person for this role; blank where one of them is not told."""
    on_file = mine.where(mine.theirs(f"{role}_person") != "")
    same, unknown = _same_person(on_file, role, role)
    answer = yes(on_file.any(same)).where(on_file.any(same) | ~on_file.any(unknown), "")
    return answer.where(on_file.any(), "").where(mine.any(), NONE)


def _same_person(pairs: Pairs, ours: str, theirs: str) -> tuple[pd.Series, pd.Series]:
    """Of each pair, whether the two roles are one person, and whether that cannot be told."""
    person, mine, by_name = (
        pairs.theirs(f"{theirs}_person"),
        pairs.ours(f"{ours}_person"),
        pairs.ours(f"{ours}_by_name"),
    )
    named = person.str.startswith(BY_NAME)
    same = (person != "") & ((person == mine) | (person == by_name))
    return same, (person == "") | (~named & (mine == "")) | (named & (by_name == ""))


def _order_open(subject: pd.Series, domain: pd.Series) -> pd.Series:
    text = pd.Series(NONE, index=subject.index, dtype="str").mask(subject == YES, SUBJECT).mask(domain == YES, DOMAIN)
    text = text.mask((subject == YES) & (domain == YES), f"{SUBJECT};{DOMAIN}")
    return text.where((subject != "") | (domain != ""), "")


def _icp_number_owner(looked_up: pd.DataFrame, found: pd.DataFrame) -> Columns:
    """Whose the typed ICP number is: 本主体, another's name, or 无 where no entry bears it; whether that one is an
    individual, and which principal of the filing that individual is (无 for neither, blank where it is not told)."""
    pairs = Pairs.equal(looked_up, found, "subject_icp_number", "subject_icp_number")
    pairs = pairs.where(pairs.theirs("status") != CANCELLED)
    own = pairs.own()
    pairs = Pairs.of([pairs.where(own), pairs.where(~own)])
    kind = pairs.theirs("certificate_type")
    role = pd.Series(NONE, index=kind.index, dtype="str")
    for ours in reversed(ROLES):
        same, unknown = _same_person(pairs, ours, "principal")
        role = role.mask(unknown & (role == NONE), "").mask(same, ours)
    columns = {
        "icp_number_owner": pairs.label().where(~pairs.own(), OWN),
        "icp_number_owner_is_individual": yes(kind.isin(personal_types())).where(kind != "", ""),
        "icp_number_owner_role": role,
    }
    known = (looked_up["subject_icp_number"] != "") & (looked_up["certificate_number"] != "")
    return {name: pairs.first(values, NONE).where(known, "") for name, values in columns.items()}


def _mobile_users(looked_up: pd.DataFrame, found: pd.DataFrame, role: str) -> Columns:
    """Which other filed subject uses this role's mobile, for either of its roles, and whether by the same person.

    Of several users the one that speaks most against the filing is named: another person first.
    """
    labels, ranks, filings = [], [], []
    for theirs in ROLES:
        pairs = Pairs.equal(looked_up, found, f"{role}_mobile", f"{theirs}_mobile")
        pairs = pairs.where((pairs.theirs("status") != CANCELLED) & ~pairs.own())
        same, unknown = _same_person(pairs, role, theirs)
        labels.append(pairs.label())
        ranks.append(np.where(same, 2, np.where(unknown, 1, 0)))
        filings.append(pairs.filing)
    users = pd.DataFrame(
        {"filing": np.concatenate(filings), "rank": np.concatenate(ranks), "label": pd.concat(labels).to_numpy()}
    )
    users = users.sort_values(["filing", "rank", "label"]).drop_duplicates("filing")
    known = looked_up[f"{role}_mobile"] != ""
    columns = {}
    verdict = users["rank"].map({0: NO, 1: "", 2: YES})
    for name, values in (("used_by", users["label"]), ("same_person", verdict)):
        column = np.full(len(looked_up), NONE, dtype=object)
        column[users["filing"].to_numpy()] = values.to_numpy(dtype=object)
        columns[f"{role}_mobile_{name}"] = pd.Series(column, dtype="str").where(known, "")
    return columns
