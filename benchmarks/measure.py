"""Seconds of CPU and peak memory of a piece of work, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cost:
    """CPU and wall seconds of the work itself; the process's peak memory in MiB, and how much of it the work added."""

    cpu: float
    wall: float
    peak: int
    added: int = 0

    def __str__(self) -> str:
        return f"{self.cpu:8.2f} s cpu {self.wall:8.2f} s wall {self.peak:6d} MiB"


def measure(work: Callable[..., Any], *arguments: Any, prepare: Callable[..., Any] | None = None) -> Cost:
    """The cost of ``work(*arguments)``, or of ``work(prepare(*arguments))`` without the preparing."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(sender, work, arguments, prepare))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    finally:
        process.join()


def _child(sender: Connection, work: Callable[..., Any], arguments: tuple[Any, ...], prepare: Any) -> None:
    if prepare is not None:
        arguments = (prepare(*arguments),)
    ready, held = _peak(), _held()
    before, start = _cpu(), time.perf_counter()
    work(*arguments)
    cost = Cost(_cpu() - before, time.perf_counter() - start, max(ready, _peak()), _peak() - held)
    sender.send(cost)


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _peak() -> int:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return max(usage.ru_maxrss for usage in usages) // 1024


def _held() -> int:
    """Memory in use now; from here on the peak counts anew (on Linux)."""
    status = Path("/proc/self/status")
    if not status.exists():
        return _peak()
    Path("/proc/self/clear_refs").write_text("5")
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS")) // 1024
