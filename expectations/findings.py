"""From outcomes to findings and verdicts: the words, joined column by column, never row by row."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from expectations.catalogue import catalogue
from expectations.filing import COLUMNS
from expectations.reasons import REASONS
from expectations.rows import Filings
from expectations.rule import Outcome, Rule, Words

FINDING_COLUMNS = (
    "reason", "rule", "severity", "columns", "value", "expected", "message", "fix", "owner", "source",
)  # fmt: skip
STATES = ("pass", "unchecked", "warning", "error")
"""Of a filing under one reason, from best to worst."""

_TEXT = pa.large_string()
_SERIAL = r"^[0-9]{5}(?:\.[0-9]+)?$"


def explain(rule: Rule, filings: Filings, outcome: Outcome) -> pd.DataFrame:
    """One row per filing that fails ``rule``: its position in ``filings`` and :data:`FINDING_COLUMNS`."""
    positions = np.flatnonzero(outcome.failing)
    part = filings.where(outcome.failing)
    language = filings.basis.language
    details = {name: _text(series) for name, series in rule.explain(part).items()}
    cells = outcome.cells or dict.fromkeys(rule.columns, outcome.failing)
    at_fault = {key: mask[positions] for key, mask in cells.items() if mask.any()}
    typed = {key: _text(part.typed(key)) for key in at_fault}
    label = {key: COLUMNS[key].label(language) if key in COLUMNS else key for key in at_fault}
    quoted = {
        key: _join([pa.scalar(f"{label[key]}「", _TEXT), _shown(part, key), pa.scalar("」", _TEXT)], len(positions))
        for key in at_fault
    }
    details["cells"] = _list(quoted, at_fault, "、" if language == "zh" else ", ", len(positions))
    details["labels"] = _list(
        {key: _constant(text, len(positions)) for key, text in label.items()},
        at_fault,
        "、" if language == "zh" else ", ",
        len(positions),
    )
    severity = np.where(outcome.softened[positions], "warning", rule.severity)
    return pd.DataFrame(
        {
            "position": positions,
            "reason": np.int8(rule.reason),
            "rule": rule.id,
            "severity": severity,
            "columns": _series(
                _list({key: _constant(key, len(positions)) for key in at_fault}, at_fault, ";", len(positions))
            ),
            # Blank cells leave nothing between the separators.
            "value": _series(pc.utf8_trim(_list(typed, at_fault, "；", len(positions)), "；")),
            "expected": _series(details.get("expected", _constant("", len(positions)))),
            "message": _series(_fill(rule.message, part, details)),
            "fix": _series(_fill(rule.fix, part, details)),
            "owner": rule.owner,
            "source": rule.source,
        }
    )


def all_findings(filings: Filings, outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """Every finding, in the order of the filings and of the rules."""
    parts = [
        explain(catalogue()[rule], filings, outcome) for rule, outcome in outcomes.items() if outcome.failing.any()
    ]
    if not parts:
        kinds = dict.fromkeys(FINDING_COLUMNS, "str") | {"reason": "int8"}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in ({"position": "int64"} | kinds).items()})
    findings = pd.concat(parts, ignore_index=True)
    return findings.sort_values(["position", "rule"], kind="stable", ignore_index=True)


def verdicts(filings: Filings, outcomes: Mapping[str, Outcome]) -> pd.DataFrame:
    """One row per filing: ``verdict`` and the state of each reason, ``reason_0`` … ``reason_10``.

    A reason no rule could judge is ``unchecked``, never a silent pass.
    """
    size = len(filings)
    states = {}
    for reason in REASONS:
        state = np.zeros(size, dtype=np.int8)
        rules = [rule for rule in outcomes if catalogue()[rule].reason == reason.number]
        if not rules:
            state[:] = STATES.index("unchecked")
        for rule in rules:
            outcome = outcomes[rule]
            state[outcome.unchecked & (state < 1)] = 1
            worst = STATES.index(catalogue()[rule].severity)
            np.maximum(
                state, np.where(outcome.failing, np.where(outcome.softened, 2, worst), 0), out=state, casting="unsafe"
            )
        states[f"reason_{reason.number}"] = state
    worst_of_all = np.maximum.reduce(list(states.values())) if size else np.empty(0, np.int8)
    names = np.array(STATES, dtype=object)
    return pd.DataFrame(
        {
            "verdict": pd.Series(
                np.array(["ready", "ready", "review", "rejected"], dtype=object)[worst_of_all], dtype="str"
            ),
            **{name: pd.Series(names[state], dtype="str") for name, state in states.items()},
        }
    )


def _fill(words: Words, part: Filings, details: Mapping[str, pa.Array]) -> pa.Array:
    pieces: list[pa.Array | pa.Scalar] = []
    for literal, name, _, _ in Formatter().parse(words(part.basis.language)):
        if literal:
            pieces.append(pa.scalar(literal, _TEXT))
        if name:
            pieces.append(details[name] if name in details else _shown(part, name))
    return _join(pieces, len(part))


def _shown(part: Filings, key: str) -> pa.Array:
    """A cell as the sender typed it, with the day where a date stands there as Excel's number of it."""
    typed = _text(part.typed(key))
    if key not in COLUMNS or COLUMNS[key].kind != "date":
        return typed
    day = _text(part[key])
    serial = pc.and_(pc.match_substring_regex(typed, _SERIAL), pc.not_equal(day, typed))
    if not pc.any(serial).as_py():
        return typed
    before, after = ("（即 ", "）") if part.basis.language == "zh" else (" (", ")")
    return pc.if_else(serial, _join([typed, pa.scalar(before, _TEXT), day, pa.scalar(after, _TEXT)], len(part)), typed)


def _join(pieces: list[pa.Array | pa.Scalar], size: int) -> pa.Array:
    if all(isinstance(piece, pa.Scalar) for piece in pieces):
        return _constant("".join(piece.as_py() for piece in pieces), size)
    return pc.binary_join_element_wise(*pieces, pa.scalar("", _TEXT))


def _list(texts: Mapping[str, pa.Array], present: Mapping[str, np.ndarray], separator: str, size: int) -> pa.Array:
    """The texts of the columns at fault, row by row, with a separator between."""
    if not texts:
        return _constant("", size)
    kept = [pc.if_else(pa.array(present[key]), text, pa.scalar(None, _TEXT)) for key, text in texts.items()]
    # A row without any would vanish from the result; a failing row has one at least.
    joined = pc.binary_join_element_wise(*kept, pa.scalar(separator, _TEXT), null_handling="skip")
    if len(joined) != size:
        raise ValueError("a finding names no column at fault")
    return joined


def _text(series: pd.Series) -> pa.Array:
    array = pa.array(series, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return pc.fill_null(array.cast(_TEXT), "")


def _constant(text: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, _TEXT), size)


def _series(array: pa.Array) -> pd.Series:
    return pd.Series(array.to_pandas(), dtype="str") if len(array) == 0 else pd.Series(pd.array(array, dtype="str"))
