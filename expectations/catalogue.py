"""All rules, found by walking the rooms of the reasons: there is no list to append to."""

from __future__ import annotations

import hashlib
import linecache
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import CodeType, ModuleType

from expectations.reasons import REASONS, Reason
from expectations.rule import Rule

_ROOT = Path(__file__).parent


def rooms(reason: Reason) -> Iterator[ModuleType]:
    """The module of a reason's rules, or its parts where it is a package."""
    room = import_module(f"expectations.reasons.{reason.room}")
    yield room
    for part in sorted(entry.name for entry in pkgutil.iter_modules(getattr(room, "__path__", ()))):
        yield import_module(f"{room.__name__}.{part}")


@cache
def catalogue() -> dict[str, Rule]:
    """Every rule by its id, in the order of the ids.

    Raises:
        ValueError: two rules share an id, or a rule lives in another reason's room.
    """
    found: dict[str, Rule] = {}
    for reason in REASONS:
        for rule in (thing for room in rooms(reason) for thing in vars(room).values()):
            if not isinstance(rule, Rule) or found.get(rule.id) is rule:
                continue
            if rule.id in found:
                raise ValueError(f"two rules are {rule.id}: {found[rule.id].name}, {rule.name}")
            if rule.reason != reason.number:
                raise ValueError(f"{rule.id} stands in the room of reason {reason.number}")
            found[rule.id] = rule
    return dict(sorted(found.items()))


def of_reason(number: int) -> tuple[Rule, ...]:
    """The rules of one reason."""
    return tuple(rule for rule in catalogue().values() if rule.reason == number)


@cache
def _modules() -> dict[str, str]:
    """The text of every module here, by its place."""
    return {path.relative_to(_ROOT).as_posix(): path.read_text("utf-8") for path in sorted(_ROOT.rglob("*.py"))}


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


@cache
def fingerprint() -> str:
    """Changes whenever the code or words verdicts rest on do; part of every summary."""
    return _digest(repr(_modules()))


@cache
def _declarations() -> dict[str, list[tuple[str, str]]]:
    """The place and text of each rule's functions: its predicate under its declaration, and its details."""
    return {
        name: [_source(function.__code__) for function in (rule.predicate, *rule.explained_by)]
        for name, rule in catalogue().items()
    }


def _source(code: CodeType) -> tuple[str, str]:
    # As inspect.getsource says it, which reads every token for it: a tenth of a run over a few filings.
    lines = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 : _last_line(code)]
    return Path(code.co_filename).relative_to(_ROOT).as_posix(), "".join(lines)


def _last_line(code: CodeType) -> int:
    within = [_last_line(part) for part in code.co_consts if isinstance(part, CodeType)]
    return max([end for _, end, _, _ in code.co_positions() if end] + within)


@cache
def fingerprints() -> dict[str, str]:
    """Of each rule by its id; changes with its own declaration."""
    return {name: _digest(*(text for _, text in declared)) for name, declared in _declarations().items()}


@cache
def shared_fingerprint() -> str:
    """Changes with the code outside of the declarations."""
    return _digest(repr(_undeclared()))


def _undeclared() -> dict[str, str]:
    """The text of every module but for what declares rules."""
    shared = dict(_modules())
    for declared in _declarations().values():
        for place, text in declared:
            shared[place] = shared[place].replace(text, "", 1)
    return shared
