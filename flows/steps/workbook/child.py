"""The process that reads workbooks for another: one after the other, under limits, until its socket closes."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from flows.steps.workbook import refusals
from flows.steps.workbook.model import MIB, Limits, Reading, Refused
from flows.steps.workbook.reading import read

_WORKBOOKS = 200
"""A child ends after so many: what readers leak stays small."""
_LARGE = 1024 * MIB
"""A child that grew beyond this ends: memory is given back."""


def main(descriptor: int) -> None:
    """Serve requests on the socket ``descriptor``."""
    pa.set_cpu_count(1)
    _no_core_dumps()
    with socket.socket(fileno=descriptor) as channel:
        channel.sendall(b"R")
        requests = channel.makefile("rb")
        for number, line in enumerate(requests, start=1):
            if _serve(channel, json.loads(line), number >= _WORKBOOKS):
                break


def _no_core_dumps() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_memory(path: Path, limits: Limits) -> None:
    """No more address space than a file of this size can need, and never more than the limit."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        taken = pages * resource.getpagesize()
        allowed = min(limits.megabytes * MIB, 1024 * MIB + 50 * path.stat().st_size)
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = taken + allowed
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


def _serve(channel: socket.socket, request: dict[str, Any], last: bool) -> bool:
    """Answer one request; True if the child is to end now."""
    path, limits = Path(os.fsdecode(bytes.fromhex(request["path"]))), Limits(**request["limits"])
    _limit_memory(path, limits)
    try:
        reading = read(path, request["workbook"], limits)
        answer, tables = _answer(reading), _stored(reading)
    except Refused as refused:
        answer, tables = {"words": refused.words, "detail": refused.detail}, None
    except MemoryError:
        answer, tables, last = {"words": refusals.TOO_MUCH_MEMORY, "detail": "MemoryError"}, None, True
    except BaseException as error:
        # A panic of a native reader is no Exception; this file's reader is at its end either way.
        answer, tables, last = {"words": refusals.CRASHED, "detail": _place(error)}, None, True
    last = last or _size() > _LARGE
    body = json.dumps({**answer, "last": last}).encode()
    head = len(body).to_bytes(8, "big")
    if tables is None:
        channel.sendall(head + body)
    else:
        socket.send_fds(channel, [head], [tables])
        os.close(tables)
        channel.sendall(body)
    return last


def _place(error: BaseException) -> str:
    """Kind of an error and, if it is one of ours and no native reader's panic, its place; its text may quote a cell."""
    if not isinstance(error, Exception):
        return type(error).__name__
    trace = error.__traceback__
    place = ""
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} @ {place}"


def _size() -> int:
    # What getrusage calls the most of a process begins with that of its parent.
    with contextlib.suppress(OSError), Path("/proc/self/status").open(encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    scale = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale


def _answer(reading: Reading) -> dict[str, Any]:
    return {
        "workbook": reading.workbook,
        "format": reading.format,
        "sheets": [asdict(sheet) for sheet in reading.sheets],
        "skipped": reading.skipped,
        "notes": reading.notes,
        "typed": reading.typed.column_names,
    }


def _stored(reading: Reading) -> int:
    """The tables in an anonymous file; columns typed as they are in canonical form stand there once."""
    table = reading.filings
    for key in reading.typed.column_names:
        if not reading.typed[key].equals(reading.filings[key]):
            table = table.append_column(f"typed:{key}", reading.typed[key])
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("filings")
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    with os.fdopen(os.dup(descriptor), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return descriptor
