"""Defects of the authenticity statement (reason 8), listed by a province or required everywhere, with near misses."""

from __future__ import annotations

from data.synthetic.labelled import places as demand
from data.synthetic.labelled.clean import Filing
from data.synthetic.labelled.defects import Defect, defects, drop, new, put
from data.synthetic.labelled.places import PROVINCES


def _stated(filing: Filing) -> bool:
    return new(filing) and filing.get("statement_signed") == "是"


_LISTED = sorted(demand.STATEMENT_LISTED)
STATEMENT: list[Defect] = [
    *defects(
        8,
        (
            "no statement",
            drop(
                "attachment_statement",
                "statement_signed",
                "statement_sealed",
                "statement_province",
                "statement_domain_line",
            ),
        ),
        provinces=_LISTED,
        fits=_stated,
    ),
    *defects(
        8,
        ("another province's form", lambda f, w, r: f.update(statement_province=w.people.elsewhere(r.place).province)),
        fits=_stated,
        provinces=_LISTED,
    ),
    *defects(8, ("not signed", put(statement_signed="否")), fits=_stated, provinces=_LISTED),
    *defects(8, ("not sealed", put(statement_sealed="否")), fits=_stated, provinces=_LISTED, individual=False),
    *defects(8, ("a form without picture", drop("attachment_statement")), fits=_stated, provinces=_LISTED),
    *defects(
        None,
        ("near: a person's form without seal", lambda f, w, r: None),
        fits=_stated,
        individual=True,
        provinces=_LISTED,
    ),
    *defects(
        None,
        ("near: the province in full", lambda f, w, r: f.update(statement_province=r.place.full)),
        fits=_stated,
        provinces=_LISTED,
    ),
]
REQUIRED_STATEMENT: list[Defect] = [
    *defects(
        8,
        (
            "required: none",
            drop(
                "attachment_statement",
                "statement_signed",
                "statement_sealed",
                "statement_province",
                "statement_domain_line",
                "statement_fingerprinted",
            ),
        ),
        fits=_stated,
        provinces=PROVINCES,
    ),
    *defects(
        8,
        (
            "required: another province's form",
            lambda f, w, r: f.update(statement_province=w.people.elsewhere(r.place).province),
        ),
        fits=_stated,
    ),
    *defects(8, ("required: not signed", put(statement_signed="否")), fits=_stated),
    *defects(8, ("required: not sealed", put(statement_sealed="否")), fits=_stated, individual=False),
    *defects(
        8,
        ("required: no fingerprint", put(statement_fingerprinted="否")),
        fits=_stated,
        individual=True,
        provinces=sorted(demand.FINGERPRINT),
    ),
    *defects(
        8,
        ("required: Beijing without registrar", put(statement_domain_line="{domain}")),
        ("required: Beijing without domain", put(statement_domain_line="阿里云")),
        ("required: Beijing's other domain", put(statement_domain_line="another-sample.com 阿里云")),
        fits=_stated,
        provinces=("北京",),
    ),
    *defects(None, ("required near: as it should be", lambda f, w, r: None), fits=_stated),
]
"""Judged where the access provider still collects the statement everywhere."""
