"""Who else gives the same mobile: over all filings of a run, whatever workbooks they stand in.

Only numbers that meet more than one subject or person are looked at closely. Uses of a number that say
the same (same subject, same person) count as one; each is compared with at most some :data:`COMPARED`
others of its number, so that a number in fifty thousand filings costs fifty thousand steps, not their
square (see :func:`_turns`).

A ledger column holds a line per relation found, read by :func:`marks` and :func:`others`; it names the
other filings by workbook, sheet, row and subject, in file order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from expectations.facts.filing_types import CLOSING
from expectations.facts.people import DIFFERENT, same_person
from expectations.facts.phones import CONTACT_ONE, EMERGENCY, is_mobile
from expectations.filing import INDIVIDUAL
from expectations.rows import across

COMPARED = 32
"""Most uses of one number that any use is compared with."""
NAMED = 5
"""Most other filings a finding names."""

NOTHING, OTHER_PERSON, SAME_PERSON, OWN_FILING, WITHIN_SUBJECT, OTHER_SUBJECT = range(6)
RELATIONS = ("", "other_person", "same_person", "own_filing", "within_subject", "other_subject")
"""What two uses of a number are to each other: other people under other subjects; one person (or not
told apart) under other subjects; the same, where one of the subjects is that individual; other people
under one subject; for emergency numbers just another subject."""

_SUBJECT = ("filing_type", "subject_nature", "subject_certificate_number", "subject_name")
_PERSON = ("principal_name", "principal_certificate_number", "site_principal_name", "site_principal_certificate_number")

Relate = Callable[[pd.DataFrame, np.ndarray, np.ndarray], np.ndarray]
Pairs = tuple[np.ndarray, np.ndarray]


@across("ledger.contact_mobiles", reads=(*_SUBJECT, *_PERSON, *CONTACT_ONE))
def _contact_mobiles(entries: pd.DataFrame) -> pd.Series:
    """Filings whose contact 1, of either principal, another filing also gives."""
    return _marked(entries, CONTACT_ONE, _uses_by_people(entries), _between_people)


@across("ledger.emergency_mobiles", reads=(*_SUBJECT, *EMERGENCY))
def _emergency_mobiles(entries: pd.DataFrame) -> pd.Series:
    """Filings whose emergency number a filing of another subject also gives as such."""
    nobody = pd.Series("", index=entries.index, dtype="str")
    uses = [_use(entries, column, nobody, nobody) for column in EMERGENCY]
    return _marked(entries, EMERGENCY, uses, _between_subjects)


# ── reading a ledger column ──────────────────────────────────────────────────────────────────────


def marks(ledger: pd.Series, relation: int, column: str) -> pd.Series:
    """Whether each filing's ``column`` stands in ``relation`` to another filing."""
    return ledger.str.contains(_mark(relation, column), regex=False).astype(bool)


class Others(NamedTuple):
    """The other filings a mark names, and how many filings of the run give the number."""

    text: pd.Series
    count: pd.Series


def others(ledger: pd.Series, relation: int) -> Others:
    """What the ledger says of ``relation``; each distinct text is read once."""
    codes, texts = pd.factorize(ledger)
    head = f"\t{RELATIONS[relation]}:"
    lines = [next((line for line in text.split("\n") if line.startswith(head)), "\t\t") for text in texts]
    found = pd.DataFrame([line.rsplit("\t", 2)[1:] for line in lines], columns=["count", "text"], dtype="str")
    spread = found.take(codes).set_axis(ledger.index)
    return Others(spread["text"], spread["count"])


def _mark(relation: int, column: str) -> str:
    return f"\t{RELATIONS[relation]}:{column}\t"


# ── who uses a number ────────────────────────────────────────────────────────────────────────────


def _use(entries: pd.DataFrame, column: str, name: pd.Series, number: pd.Series) -> pd.DataFrame:
    """Uses of mobiles in ``column``; without its subject's number a filing cannot be compared, and
    one that is being closed gives its number free."""
    subject = entries["subject_certificate_number"]
    told = (is_mobile(entries[column]) & (subject != "") & ~entries["filing_type"].isin(CLOSING)).to_numpy(dtype=bool)
    use = {"mobile": entries[column], "name": name, "number": number, "subject": subject}
    uses = pd.DataFrame({key: series[told] for key, series in use.items()}).reset_index(drop=True)
    return uses.assign(filing=np.flatnonzero(told), column=column)


def _uses_by_people(entries: pd.DataFrame) -> list[pd.DataFrame]:
    """Contact 1 of both principals; an individual's filing may leave them to be the subject itself."""
    individual = entries["subject_nature"] == INDIVIDUAL
    uses = []
    for column, name, number in zip(CONTACT_ONE, _PERSON[::2], _PERSON[1::2], strict=True):
        unnamed = individual & (entries[name] == "") & (entries[number] == "")
        names = entries[name].where(~unnamed, entries["subject_name"])
        numbers = entries[number].where(~unnamed, entries["subject_certificate_number"])
        uses.append(_use(entries, column, names, numbers))
    return uses


def _shared(uses: pd.DataFrame, entries: pd.DataFrame) -> pd.DataFrame:
    """The uses of numbers that meet more than one subject or person, in file order.

    Uses that say the same of a number share a ``party``; ``group`` tells the numbers apart.
    """
    groups, mobiles = pd.factorize(uses["mobile"])
    first = np.empty(len(mobiles), dtype=np.int64)
    first[groups[::-1]] = np.arange(len(uses))[::-1]
    several = np.zeros(len(mobiles), dtype=bool)
    for key in ("subject", "name", "number"):
        differs = (uses[key] != uses[key].take(first[groups]).set_axis(uses.index)).to_numpy(dtype=bool)
        several[groups[differs]] = True
    shared = uses[several[groups]].assign(group=groups[several[groups]])
    of = entries.iloc[shared["filing"]].set_axis(shared.index)
    shared["individual"] = of["subject_nature"] == INDIVIDUAL
    shared["subject_name"] = of["subject_name"]
    for key in ("workbook", "sheet"):
        shared[key] = pd.factorize(of[key], sort=True)[0]
    shared["row"] = pd.to_numeric(of["row"])
    shared = shared.sort_values(["group", "workbook", "sheet", "row", "column"], ignore_index=True)
    told_apart = ["group", "subject", "individual", "subject_name", "name", "number"]
    return shared.assign(party=shared.groupby(told_apart, sort=False, observed=True).ngroup())


def _marked(entries: pd.DataFrame, columns: tuple[str, ...], uses: list[pd.DataFrame], relate: Relate) -> pd.Series:
    """The ledger column of these uses: a line per relation of each filing."""
    lines = np.full(len(entries), "", dtype=object)
    shared = _shared(pd.concat(uses, ignore_index=True), entries)
    if not shared.empty:
        parties = shared.drop_duplicates("party", ignore_index=True)  # numbered in the order met
        labels = _labels(entries.iloc[parties["filing"]])
        filings = shared.groupby("group")["filing"].nunique()
        shared["count"] = shared["group"].map(filings).astype("str")
        for relation, named in _compare(parties, relate).items():
            standing = np.flatnonzero(named[:, 0] >= 0)
            texts = pd.Series(_texts(named[standing], labels), index=standing)
            concerned = shared[shared["party"].isin(standing)]
            found = _lines(concerned.assign(text=concerned["party"].map(texts)), relation, columns)
            lines[found.index] += found.to_numpy(dtype=object)
    return pd.Series(lines, index=entries.index, dtype="str")


# ── comparing ────────────────────────────────────────────────────────────────────────────────────


def _between_people(parties: pd.DataFrame, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    a, b = parties.iloc[one].reset_index(drop=True), parties.iloc[other].reset_index(drop=True)
    different = same_person(a["name"], a["number"], b["name"], b["number"]) == DIFFERENT
    same_subject = _same_subject(a, b)
    own = _is_subject(a) | _is_subject(b)
    return np.select(
        [same_subject & different, same_subject, different, own],
        [WITHIN_SUBJECT, NOTHING, OTHER_PERSON, OWN_FILING],
        SAME_PERSON,
    )


def _between_subjects(parties: pd.DataFrame, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    a, b = parties.iloc[one].reset_index(drop=True), parties.iloc[other].reset_index(drop=True)
    return np.where(_same_subject(a, b), NOTHING, OTHER_SUBJECT)


def _same_subject(a: pd.DataFrame, b: pd.DataFrame) -> pd.Series:
    """One certificate number, or one organisation's name: it may file under an old and a new certificate."""
    same_name = (a["subject_name"] == b["subject_name"]) & (a["subject_name"] != "")
    return (a["subject"] == b["subject"]) | (same_name & ~a["individual"] & ~b["individual"])


def _is_subject(party: pd.DataFrame) -> pd.Series:
    """Whether the person is the individual who files."""
    by_name = (party["number"] == "") & (party["name"] == party["subject_name"])
    return party["individual"] & ((party["number"] == party["subject"]) | by_name)


def _compare(parties: pd.DataFrame, relate: Relate) -> dict[int, np.ndarray]:
    """By relation, the first :data:`NAMED` parties each party stands in it to, and one more where there are more.

    -1 stands for none. ``parties`` are sorted by group.
    """
    named: dict[int, np.ndarray] = {}
    filled: dict[int, np.ndarray] = {}
    for turns in _in_portions(_turns(parties)):
        one, other = (np.concatenate(side) for side in zip(*turns, strict=True))
        relations = relate(parties, one, other)
        # A party meets one other in a turn, so that within a turn no slot is written twice.
        for at in np.split(np.arange(len(one)), np.cumsum([len(side) for side, _ in turns])[:-1]):
            for relation in np.unique(relations[at][relations[at] != NOTHING]):
                slots = named.setdefault(int(relation), np.full((len(parties), NAMED + 1), -1, dtype=np.int32))
                used = filled.setdefault(int(relation), np.zeros(len(parties), dtype=np.int8))
                hit = at[(relations[at] == relation) & (used[one[at]] <= NAMED)]
                slots[one[hit], used[one[hit]]] = other[hit]
                used[one[hit]] += 1
    return dict(sorted(named.items()))


def _in_portions(turns: Iterator[Pairs], pairs: int = 1_000_000) -> Iterator[list[Pairs]]:
    """Turns together, as many as make about a million pairs: comparing few at a time wastes the effort."""
    portion: list[Pairs] = []
    for turn in turns:
        portion.append(turn)
        if sum(len(one) for one, _ in portion) >= pairs:
            yield portion
            portion = []
    if portion:
        yield portion


def _turns(parties: pd.DataFrame) -> Iterator[Pairs]:
    """Whom each party is compared with, turn by turn, as two arrays of positions: each party with at most one.

    In a group of up to :data:`COMPARED` that is everybody. In a larger one it is two uses, under two
    subjects, of each of the first people, and two each of its own person and of its own subject. So a
    use by another person under another subject is missed only where the subject itself gives the
    number to more people than are compared.
    """
    group = pd.factorize(parties["group"])[0]
    large = np.bincount(group)[group] > COMPARED
    person = parties.groupby(["group", "name", "number"], sort=False).ngroup().to_numpy()
    subject = parties.groupby(["group", "subject"], sort=False).ngroup().to_numpy()
    new = ~parties.duplicated(["group", "subject", "name", "number"]).to_numpy(dtype=bool)
    first_of_person, first_of_subject = _first_two(person, new), _first_two(subject, new)
    early = person - pd.Series(person).groupby(group).transform("min").to_numpy() < COMPARED // 2
    chosen = ~large | (early & np.isin(np.arange(len(parties)), first_of_person))
    others = np.flatnonzero(chosen)
    how_many = np.bincount(group[others])
    start = np.cumsum(how_many) - how_many
    for turn in range(how_many.max()):
        one = np.flatnonzero(how_many[group] > turn)
        other = others[start[group[one]] + turn]
        yield one[one != other], other[one != other]
    for other in (*first_of_person[person].T, *first_of_subject[subject].T):
        one = np.flatnonzero(large & (other >= 0) & ~chosen[other] & (other != np.arange(len(parties))))
        if len(one):
            yield one, other[one]


def _first_two(kind: np.ndarray, new: np.ndarray) -> np.ndarray:
    """The first two positions of each kind among those that are ``new``; -1 for none."""
    positions = np.flatnonzero(new)
    rank = pd.Series(kind[positions]).groupby(kind[positions]).cumcount().to_numpy()
    first = np.full((kind.max() + 1, 2), -1)
    for place in (0, 1):
        first[kind[positions[rank == place]], place] = positions[rank == place]
    return first


# ── telling ──────────────────────────────────────────────────────────────────────────────────────


def _labels(filings: pd.DataFrame) -> pa.Array:
    """Where each filing stands: 批次二.xlsx › 备案 › 7 · 某某公司."""
    parts = [_arrow(filings[key].astype("str")) for key in ("workbook", "sheet", "row", "subject_name")]
    apart = [pa.scalar(text, pa.large_string()) for text in (" › ", " › ", " · ")]
    pieces = [piece for pair in zip(parts, [*apart, None], strict=True) for piece in pair if piece is not None]
    label = pc.binary_join_element_wise(*pieces, pa.scalar("", pa.large_string()))
    return pc.replace_substring_regex(label, "[\t\r\n]", " ")


def _arrow(series: pd.Series) -> pa.Array:
    array = pa.array(series, from_pandas=True).cast(pa.large_string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _texts(named: np.ndarray, labels: pa.Array) -> np.ndarray:
    """The labels of the parties named, one at least, joined; … where there are more."""
    columns = [pc.take(labels, pa.array(slot, mask=slot < 0)) for slot in np.ascontiguousarray(named[:, :NAMED].T)]
    text = pa.large_string()
    more = pc.if_else(pa.array(named[:, NAMED] >= 0), pa.scalar("…", text), pa.scalar(None, text))
    joined = pc.binary_join_element_wise(*columns, more, pa.scalar("；", text), null_handling="skip")
    return joined.to_numpy(zero_copy_only=False)


def _lines(uses: pd.DataFrame, relation: int, columns: tuple[str, ...]) -> pd.Series:
    """One line per filing: a mark per column, how many filings give the number, which others; index: filings."""
    first, second = (uses[uses["column"] == column].set_index("filing") for column in columns)
    filings = first.index.union(second.index)
    of = [part.reindex(filings) for part in (first, second)]
    has = [part["text"].notna() for part in of]
    marks = pd.Series("", index=filings)
    for column, present in zip(columns, has, strict=True):
        marks += np.where(present, _mark(relation, column), "")
    text = of[0]["text"].where(has[0], of[1]["text"])
    both = has[0] & has[1] & (of[0]["mobile"] != of[1]["mobile"])
    text = text.where(~both, text + "；" + of[1]["text"].fillna(""))
    return marks + of[0]["count"].where(has[0], of[1]["count"]) + "\t" + text + "\n"
