"""A filing's people as one picture: what is said of one person in two places must agree, and two people
must not share what is personal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from expectations.facts.certificates import fault
from expectations.facts.people import (
    DIFFERENT,
    PRINCIPAL,
    REPRESENTATIVE,
    SAME,
    SITE_PRINCIPAL,
    Role,
    names,
    per_value,
    relation,
    script,
)
from expectations.filing import SEPARATOR, choices
from expectations.rows import Filings
from expectations.words import Words

PEOPLE = tuple(key for role in (REPRESENTATIVE, PRINCIPAL, SITE_PRINCIPAL) for key in role if key)
"""The columns compared."""


class Contradiction(NamedTuple):
    """Two cells or more that cannot both be right (``certain``), or hardly."""

    words: Words
    certain: bool
    columns: tuple[str, ...]
    rows: pd.Series


_FORMS = {True: "^1[3-9][0-9]{9}(?:;|$)", False: "^[^@;]+@[^@;]+[.][a-z]+"}
"""Of a cell that begins with a mobile, and of one with an e-mail address."""

_ONE_NUMBER = Words("证件号码相同而姓名不同", "one certificate number under two names")
_ONE_NUMBER_TWO_SCRIPTS = Words("证件号码相同而姓名写法不同", "one certificate number, the name in two scripts")
_TWO_TYPES = Words("证件号码相同而证件类型不同", "one certificate number under two types")
_NAMESAKES = Words("姓名相同而证件号码不同", "one name with two certificate numbers")
_TWO_MOBILES = Words("同一人的手机号不一致", "one person with two mobiles")
_TWO_EMAILS = Words("同一人的电子邮箱不一致", "one person with two e-mail addresses")
_ONE_EMAIL = Words("不同的人使用同一电子邮箱", "two people with one e-mail address")


def contradictions(rows: Filings) -> Iterator[Contradiction]:
    """Every contradiction between the people of each filing, pair by pair.

    An individual's cells are copies of one another: who differs there is another rule's to say.
    """
    organisation = ~rows["is_individual"]
    for one, other in ((PRINCIPAL, SITE_PRINCIPAL), (PRINCIPAL, REPRESENTATIVE), (SITE_PRINCIPAL, REPRESENTATIVE)):
        yield from _identities(rows, one, other, organisation)
    yield from _contacts(rows)


def _identities(rows: Filings, one: Role, other: Role, judged: pd.Series) -> Iterator[Contradiction]:
    name, other_name = names(rows[one.name]), names(rows[other.name])
    number, other_number = rows[one.number], rows[other.number]
    named = judged & (name != "") & (other_name != "")
    for key in (one.name, other.name):  # what is no name is found as such
        named &= rows[f"names.fault:{key}"] != "unreal"
    one_number = judged & (number != "") & (number == other_number)
    two_names = named & one_number & (name != other_name)
    if two_names.any():
        scripts = per_value(rows[one.name], script) == per_value(rows[other.name], script)
        columns = (one.name, other.name, one.number, other.number)
        yield Contradiction(_ONE_NUMBER, True, columns, two_names & scripts)
        yield Contradiction(_ONE_NUMBER_TWO_SCRIPTS, False, columns, two_names & ~scripts)
    if one.type and other.type:
        kind, other_kind = rows[one.type], rows[other.type]
        listed = [choice.value for choice in choices()[one.type]]
        two_types = one_number & kind.isin(listed) & other_kind.isin(listed) & (kind != other_kind)
        yield Contradiction(_TWO_TYPES, True, (one.type, other.type), two_types)
    namesakes = named & (name == other_name) & (number != "") & (other_number != "") & (number != other_number)
    # A number out of order is found by itself: that it differs is the same slip.
    namesakes &= (fault(rows, one.number) == "") & (fault(rows, other.number) == "")
    if other is REPRESENTATIVE:  # where it matters, this person was refused as not being the representative
        refused = "principal_refused_by" if one is PRINCIPAL else "site_principal_refused_by"
        namesakes &= ~((rows[refused] != "") & (relation(rows, one, other) == DIFFERENT))
    yield Contradiction(_NAMESAKES, False, (one.number, other.number), namesakes)


def _contacts(rows: Filings) -> Iterator[Contradiction]:
    one, other = PRINCIPAL, SITE_PRINCIPAL
    are = rows["principals_are"]
    for columns, words in (((one.mobile, other.mobile), _TWO_MOBILES), ((one.email, other.email), _TWO_EMAILS)):
        mine, theirs = (rows[column] for column in columns)
        differ = (are == SAME) & (mine != theirs)
        for column in columns:  # what is no mobile or no address is found as such
            differ &= rows[column].str.contains(_FORMS[column.endswith("_mobile")]).astype(bool)
        yield Contradiction(words, False, columns, differ & ~_shared(mine, theirs, differ))
    shared = (are == DIFFERENT) & ~rows["is_individual"] & (rows[one.email] != "")
    yield Contradiction(_ONE_EMAIL, False, (one.email, other.email), shared & (rows[one.email] == rows[other.email]))


def _shared(mine: pd.Series, theirs: pd.Series, asked: pd.Series) -> pd.Series:
    """Whether cells of several values have one in common; only the rows asked for."""
    pairs = (mine[asked] + "\n" + theirs[asked]).drop_duplicates()
    common = {}
    for pair in pairs:
        left, _, right = pair.partition("\n")
        common[pair] = not set(left.split(SEPARATOR)).isdisjoint(right.split(SEPARATOR))
    return (mine + "\n" + theirs).map(common).eq(True)


def certain(rows: Filings) -> pd.Series:
    """Filings whose cells cannot all be right."""
    found = rows.constant(False)
    for contradiction in contradictions(rows):
        if contradiction.certain:
            found |= contradiction.rows
    return found


def cells(rows: Filings) -> pd.DataFrame:
    """The cells of :data:`PEOPLE` that take part in a contradiction."""
    found = {key: rows.constant(False) for key in PEOPLE}
    for contradiction in contradictions(rows):
        for key in contradiction.columns:
            found[key] = found[key] | contradiction.rows
    return pd.DataFrame(found, index=rows.index)


def in_words(rows: Filings) -> pd.Series:
    """What contradicts what, all of it in one sentence."""
    separator = "；" if rows.basis.language == "zh" else "; "
    said: dict[Words, pd.Series] = {}
    for contradiction in contradictions(rows):
        said[contradiction.words] = said.get(contradiction.words, rows.constant(False)) | contradiction.rows
    texts = rows.constant("")
    for words, mask in said.items():
        texts = texts.where(~mask, texts + separator + words(rows.basis.language))
    return texts.str.removeprefix(separator)
