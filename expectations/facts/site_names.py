"""Words in site names: which of them a filing's subject may not use, and how certainly.

``reference/name_terms.csv`` has a row per word: its ``kind``; whom it ``applies_to`` (all, non_state,
organisation, individual, each with ``:浙江|河南`` for some provinces only); where it ``stands`` (head,
end, anywhere) to have its ``severity``, and what it is ``elsewhere``; what it becomes where the subject's
``own_name`` holds it (``passes``, ``warning``); the phrases it may be part of (``unless``). A province's own
words for individuals are a policy of provinces.csv.

One word has one cause: of words that overlap (论坛 is a generic word, one that needs an approval, and
in the lists of provinces) the strongest counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from expectations.facts.people import per_value
from expectations.reference import Reference
from expectations.rows import Case, Filings, derived

KINDS = (
    "sensitive", "head", "government", "preapproval", "organisation", "personal", "finance", "field", "industry",
)  # fmt: skip
"""From the gravest to the least. Among words that overlap the surer counts, then the longer, then the graver."""

STATE_BODIES = ("政府机关", "国防机构")

ALLOWED_ENDINGS = "site_name_individual_allowed_suffixes"
FORBIDDEN_WORDS = "site_name_individual_forbidden_terms"

ERROR, WARNING, PASSES = "error", "warning", "passes"


class Term(NamedTuple):
    """A row of the table; see the module."""

    word: str
    kind: str
    audience: str
    provinces: frozenset[str]
    stands: str
    severity: str
    elsewhere: str
    own_name: str
    unless: tuple[str, ...]


class Claim(NamedTuple):
    """Who names a site."""

    name: str
    subject: str
    nature: str
    individual: bool
    province: str
    national: bool
    approved: bool


class Hit(NamedTuple):
    """A word found, and the place where it stands."""

    severity: str
    kind: str
    word: str
    start: int
    end: int

    @property
    def strength(self) -> tuple[bool, int, int]:
        return (self.severity != ERROR, self.start - self.end, KINDS.index(self.kind))


def terms(reference: Reference, *kinds: str) -> list[Term]:
    """The words of some kinds; a row of the user's that leaves cells out warns wherever the word stands."""
    found = []
    for row in reference.table("name_terms"):
        if row["kind"] in kinds:
            audience, _, provinces = row["applies_to"].partition(":")
            cells = (row.get(column) or "" for column in ("stands", "severity", "elsewhere", "own_name", "unless"))
            stands, severity, elsewhere, own_name, unless = cells
            found.append(
                Term(
                    word=row["term"].casefold(),
                    kind=row["kind"],
                    audience=audience,
                    provinces=frozenset(filter(None, provinces.split("|"))),
                    stands=stands or "anywhere",
                    severity=severity or WARNING,
                    elsewhere=elsewhere,
                    own_name=own_name,
                    unless=tuple(filter(None, unless.split("|"))),
                )
            )
    return found


def words(reference: Reference, kind: str) -> frozenset[str]:
    """The words of one kind."""
    return frozenset(term.word for term in terms(reference, kind))


@derived("site_name.hits")
def _hits(rows: Filings) -> pd.Series:
    """The words that count in each name, ``kind severity word;…``."""
    reference = rows.basis.reference
    everyone = terms(reference, *KINDS)
    persons = [term for term in everyone if term.audience != "organisation"]
    units = [term for term in everyone if term.audience != "individual"]
    provincial = {
        name: [_of_a_province(word) for word in filter(None, row[FORBIDDEN_WORDS].split(";"))]
        for name, row in reference.provinces.items()
        if row.get(FORBIDDEN_WORDS)
    }
    individual, result = rows["is_individual"], rows.constant("")
    here = _holding(rows["site_name"], ~individual, units) | _holding(rows["site_name"], individual, persons)
    for name, own in provincial.items():
        here |= _holding(rows["site_name"], individual & (rows["province"] == name), own)
    if not here.any():
        return result
    claims = _claims(rows)[here]
    codes = claims.groupby(list(claims), sort=False).ngroup().to_numpy()
    answers = []
    for row in claims.drop_duplicates().itertuples(index=False):
        claim = Claim(*row)
        wanted = persons + provincial.get(claim.province, []) if claim.individual else units
        ending = _allowed_ending(reference, claim)
        answers.append(";".join(f"{hit.kind} {hit.severity} {hit.word}" for hit in _judge(claim, wanted, ending)))
    result[here] = pd.array(answers, dtype="str").take(codes)
    return result


def _claims(rows: Filings) -> pd.DataFrame:
    """See :class:`Claim`. Approvals concern words that need one."""
    return pd.DataFrame(
        {
            "name": rows["site_name"].str.lower(),
            "subject": rows["subject_name"].str.lower(),
            "nature": rows["subject_nature"],
            "individual": rows["is_individual"],
            "province": rows["province"],
            "national": rows["subject_certificate_number"].str.contains("^[0-9A-Z]{2}100000").astype(bool),
            "approved": rows["ticked_approvals"] != "",
        }
    )


def _of_a_province(word: str) -> Term:
    return Term(word.casefold(), "industry", "individual", frozenset(), "anywhere", WARNING, "", "", ())


def _holding(names: pd.Series, concerned: pd.Series, wanted: Iterable[Term]) -> pd.Series:
    """Which of the names concerned may hold one of the words."""
    pattern = "|".join(sorted({re.escape(term.word) for term in wanted}))
    return concerned & names.where(concerned, "").str.contains(f"(?i){pattern}").astype(bool)


def _allowed_ending(reference: Reference, claim: Claim) -> str | None:
    """The ending a province prescribes that the name has, ``""`` if it has none of them, None if none is prescribed."""
    if claim.individual and claim.province not in reference.provinces:
        # Nobody can tell whether the province prescribes the name's ending: none that does is held against it.
        every = [ending for row in reference.provinces.values() for ending in row[ALLOWED_ENDINGS].split(";") if ending]
        return next((ending for ending in every if claim.name.endswith(ending)), None)
    prescribed = reference.provinces.get(claim.province, {}).get(ALLOWED_ENDINGS, "")
    if not (claim.individual and prescribed):
        return None
    return next((ending for ending in prescribed.split(";") if claim.name.endswith(ending)), "")


def _judge(claim: Claim, wanted: Iterable[Term], ending: str | None) -> list[Hit]:
    """The hits of one name: the strongest first, none of them overlapping another."""
    # Where a province prescribes the ending, it may hold what is forbidden elsewhere; a name without it
    # has to be made anew, whatever else it holds.
    name = claim.name.removesuffix(ending) if ending else claim.name
    own = ("sensitive", "head", "government") if ending == "" else KINDS
    held = [term for term in wanted if term.word in name and term.kind in own and _concerns(term, claim)]
    found = sorted((hit for term in held for hit in _of(term, name, claim)), key=lambda hit: hit.strength)
    kept: list[Hit] = []
    for hit in found:
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return list({(hit.kind, hit.word): hit for hit in reversed(kept)}.values())[::-1]


def _of(term: Term, name: str, claim: Claim) -> Iterator[Hit]:
    excused = [match.span() for phrase in term.unless for match in re.finditer(re.escape(phrase), name)]
    for match in re.finditer(re.escape(term.word), name):
        start, end = match.span()
        if any(first <= start and end <= last for first, last in excused):
            continue
        severity = _severity(term, claim, _stands(term, name, start, end))
        if severity in (ERROR, WARNING):
            yield Hit(severity, term.kind, term.word, start, end)


def _concerns(term: Term, claim: Claim) -> bool:
    if term.provinces and claim.province not in term.provinces:
        return False
    if claim.approved and term.kind in ("preapproval", "field", "finance"):
        return False
    return {
        "all": True,
        "non_state": claim.nature not in STATE_BODIES,
        "individual": claim.individual,
        "organisation": not claim.individual,
    }.get(term.audience, False)


def _stands(term: Term, name: str, start: int, end: int) -> bool:
    return {"head": start == 0, "end": end == len(name)}.get(term.stands, True)


def _severity(term: Term, claim: Claim, in_place: bool) -> str:
    severity = term.severity if in_place else term.elsewhere
    if claim.individual or severity == "":
        return severity
    holds = claim.subject.startswith if term.stands == "head" and in_place else claim.subject.__contains__
    if holds(term.word) or (term.kind == "head" and claim.national):
        # A word that is elsewhere only doubtful is no question in a unit's registered name.
        return (term.own_name or severity) if in_place else PASSES
    return severity


def found(rows: Filings, kind: str, severity: str = "") -> pd.Series:
    """The words of ``kind`` that count in each name, of one severity or any, joined by ``、``."""

    def pick(hits: str) -> str:
        parts = (hit.split(" ", 2) for hit in hits.split(";") if hit)
        return "、".join(word for of, grade, word in parts if of == kind and severity in ("", grade))

    return per_value(rows["site_name.hits"], pick)


def named_forum(rows: Filings) -> pd.Series:
    """The word that makes a name that of a forum beyond doubt, ``""`` for none."""

    def pick(hits: str) -> str:
        certain = (hit.split(" ", 2)[2] for hit in hits.split(";") if f" {ERROR} " in hit)
        return next((word for word in certain if word.startswith(("论坛", "bbs"))), "")

    return per_value(rows["site_name.hits"], pick)


def only_doubtful(kind: str) -> Case:
    """Names whose words of ``kind`` are no more than doubtful."""
    return Case("字词存疑", "words in doubt", lambda rows: found(rows, kind, ERROR) == "")
