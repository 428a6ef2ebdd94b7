"""One night at a time, and what is written down of each: a small file when it begins, and again when it ends."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from expectations.words import Words
from flows.settings import now
from flows.steps import durable
from flows.steps.faults import cause

LOCK, _FOLDER = "night.lock", "nights"
_KEPT = 400
_TRIES, _PAUSE = 4, 0.1


class BadNight(ValueError):  # noqa: N818 - what somebody has to see to, not a fault of ours
    """The night cannot be done now, in words that say why."""

    def __init__(self, words: Words) -> None:
        super().__init__(f"{words.zh} / {words.en}")
        self.words = words


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """One night at a time: the system gives the lock back however its holder ends.

    Raises:
        BadNight: another night is at work.
    """
    path = data / LOCK
    with path.open("a+") as file:
        for turn in range(_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if turn + 1 == _TRIES:
                    raise BadNight(
                        Words(
                            f"{path}: 另一个夜间任务正在运行，本次退出",
                            f"{path}: another night is at work, this one leaves",
                        )
                    ) from error
                time.sleep(_PAUSE)  # who asks whether a night is at work holds it for a moment
        yield


def at_work(data: Path) -> bool:
    """Whether a night is going on."""
    try:
        with (data / LOCK).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def entry(data: Path, day: date) -> Iterator[dict[str, Any]]:
    """The entry of a night that judges as of ``day``, to be filled in; why it failed is added where it does.

    A night does not fail for its entry, and one that is killed leaves an entry without an end.
    """
    start, began = time.perf_counter(), now()
    about: dict[str, Any] = {"began": began.isoformat(timespec="seconds"), "day": day.isoformat()}
    path = data / _FOLDER / f"{began:%Y-%m-%dT%H%M%S.%f}.json"
    _write(path, about)
    try:
        yield about
    except Exception as error:
        about["cause"] = list(cause(error))
        raise
    finally:
        if "cause" in about or "exit" in about:
            about["seconds"] = round(time.perf_counter() - start, 1)
            _write(path, about)
            _prune(path.parent)


def entries(data: Path) -> Iterator[dict[str, Any]]:
    """The nights, the newest first; one that is damaged is left out."""
    for path in sorted((data / _FOLDER).glob("*.json"), reverse=True):
        with suppress(OSError, ValueError):
            yield durable.read_json(path)


def _write(path: Path, about: dict[str, Any]) -> None:
    try:
        durable.write_json(path, about)
    except OSError:
        with suppress(OSError):
            path.with_name(path.name + durable.ASIDE).unlink()


def _prune(folder: Path) -> None:
    for path in sorted(folder.glob("*"), reverse=True)[_KEPT:]:
        with suppress(OSError):
            path.unlink()
