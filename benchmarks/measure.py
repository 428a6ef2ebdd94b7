"""Seconds of CPU and peak memory of a piece of work, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any


@dataclass(frozen=True)
class Cost:
    """CPU seconds of the work itself, wall seconds, and the process's peak memory in MiB."""

    cpu: float
    wall: float
    peak: int

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
    before, start = _cpu(), time.perf_counter()
    work(*arguments)
    cost = Cost(_cpu() - before, time.perf_counter() - start, _peak())
    sender.send(cost)


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _peak() -> int:
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return max(usage.ru_maxrss for usage in usages) // 1024
