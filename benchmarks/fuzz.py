"""Workbooks mutated at random, for as long as one likes: each is read or refused, and no row number is wrong.

    python -m benchmarks.fuzz [--seconds 600] [--seed 1]

Three kinds of mutation: of the package's bytes, of the XML of its parts, and of single cells. The last
leave every cell where it is, so the row of each filing is known beforehand (its domain says it).
"""

from __future__ import annotations

import argparse
import io
import random
import re
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from flows.steps.workbook import Limits, Reading, Refused, isolation, read_isolated, refusals
from tests import made

LIMITS = Limits(seconds=60, megabytes=2048)
FOLDER = Path(__file__).resolve().parents[1] / "tests" / "files"
SHEET = "xl/worksheets/sheet1.xml"


def seeds(folder: Path) -> list[bytes]:
    """Workbooks of every format; the domain of each filing names its row."""
    rows = [made.HEADERS, *(made.values(number, domain=f"row{number + 1}.cn") for number in range(1, 30))]
    texts = [["" if value is None else str(value) for value in row] for row in rows]
    found = [
        made.book(folder / "seed.xlsx", *rows),
        made.written(folder / "raw.xlsx", "".join(made.row(number, row) for number, row in enumerate(texts, 1))),
        made.binary(folder / "seed.xlsb", texts),
        made.opendocument(folder / "seed.ods", [made.opendocument_row(row) for row in texts]),
        FOLDER / "filings.xls",
    ]
    return [path.read_bytes() for path in found] + ["\n".join(map(",".join, texts)).encode("gb18030")]


def _bytes(data: bytes, chance: random.Random) -> bytes:
    """Bits turned, stretches lost, doubled or overwritten."""
    mutated = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        place = chance.randrange(max(1, len(mutated)))
        length = min(chance.choice((1, 2, 4, 50, 500)), len(mutated) - place)
        action = chance.randrange(4)
        if action == 0 and mutated:
            mutated[place] ^= 1 << chance.randrange(8)
        elif action == 1:
            del mutated[place : place + length]
        elif action == 2:
            mutated[place:place] = mutated[place : place + length]
        else:
            mutated[place : place + length] = bytes(chance.choice((0, 255, 65)) for _ in range(length))
    return bytes(mutated[: chance.randrange(len(mutated) + 1)] if chance.random() < 0.1 else mutated)


_EXTREMES = (
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1048577",
    b"XFD1048576",
    b"",
    b"e",
    b"s",
    b"str",
    b"1e308",
    b"&#0;",
    b"\xff",
)


def _markup(data: bytes, chance: random.Random) -> bytes:
    """One part's values, tags and stretches changed; parts left out or exchanged."""
    parts = _parts(data)
    if not parts:
        return _bytes(data, chance)
    name = chance.choice(sorted(parts))
    text = parts[name]
    action = chance.randrange(6)
    if action == 0:
        del parts[name]
    elif action == 1:
        parts[name] = parts[chance.choice(sorted(parts))]
    elif action == 2:
        parts[name] = _bytes(text, chance)
    else:
        pattern = (rb'"[^"<>]*"', rb">[^<>]+<", rb"<[^<>]*>")[action - 3]
        found = list(re.finditer(pattern, text))
        for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 3, 20)))), key=lambda m: -m.start()):
            edges = (match[0][:1], match[0][-1:]) if action < 5 else (b"", b"")
            value = chance.choice(_EXTREMES) if action < 5 else chance.choice((b"", match[0] * 2, b"<x>", b"</row>"))
            text = text[: match.start()] + edges[0] + value + edges[1] + text[match.end() :]
        parts[name] = text
    return _packed(parts)


def _cells(data: bytes, chance: random.Random) -> bytes:
    """Cells in other guises, that stand where they stood."""
    parts = _parts(data)
    if SHEET not in parts:
        return data
    text = parts[SHEET].decode()
    for change in chance.sample(_GUISES, chance.randrange(1, len(_GUISES))):
        text = change(text, chance)
    parts[SHEET] = text.encode()
    return _packed(parts)


def _some(pattern: str, share: float, put: Callable[[re.Match[str]], str]) -> Callable[[str, random.Random], str]:
    def change(text: str, chance: random.Random) -> str:
        return re.sub(pattern, lambda match: put(match) if chance.random() < share else match[0], text)

    return change


def _shuffled(text: str, chance: random.Random) -> str:
    rows = re.findall(r"<row .*?</row>", text, re.DOTALL)
    if not rows:
        return text
    begin, end = text.index(rows[0]), text.index(rows[-1]) + len(rows[-1])
    chance.shuffle(rows)
    return text[:begin] + "".join(rows) + text[end:]


_ROW, _CELL = r'<row r="([0-9]+)"', r'<c r="((?!A1"|AB)[A-Z]+[0-9]+)"[^>]*>(?:(?!</c>).)*</c>'
_GUISES = [
    _some(_ROW, 0.2, lambda match: match[0] + ' hidden="1" customHeight="1"'),
    _some(_ROW, 0.5, lambda match: match[0] + ' spans="1:3" ht="15"'),
    _some(r"</row>", 0.3, lambda _: "</row>\n"),
    _some(r'<c r="(E[0-9]+)"[^>]*>(?:(?!</c>).)*</c>', 0.3, lambda m: f'<c r="{m[1]}" t="e"><v>#N/A</v></c>'),
    _some(r'<c r="(F[0-9]+)"[^>]*>(?:(?!</c>).)*</c>', 0.3, lambda m: f'<c r="{m[1]}"><f>A1</f></c>'),
    _some(r'<c r="(G[0-9]+)"[^>]*>(?:(?!</c>).)*</c>', 0.3, lambda m: f'<c r="{m[1]}"><v>3.3E+17</v></c>'),
    _some(r'<c r="(H[0-9]+)"[^>]*>(?:(?!</c>).)*</c>', 0.5, lambda m: f'<c r="{m[1]}" s="0"/>'),
    _some(r"<sheetData>", 0.5, lambda _: '<dimension ref="B2"/><sheetData>'),
    _some(r"<sheetData>", 0.2, lambda _: "<!-- x --><sheetData>"),
    _some(r"</sheetData>", 0.5, lambda _: '<row r="90"><c r="B90" s="0"/></row><row r="91"/></sheetData>'),
    _some(r'<c r="([A-Z]+[0-9]+)" t="inlineStr">', 0.1, lambda match: f'<c t="inlineStr" r="{match[1]}">'),
    _shuffled,
]  # fmt: skip


def _parts(data: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError):
        return {}


def _packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return target.getvalue()


KINDS: dict[str, Callable[[bytes, random.Random], bytes]] = {"bytes": _bytes, "markup": _markup, "cells": _cells}


def complaint(reading: Reading | Refused, kind: str, original: bool) -> str:
    """What is wrong with an outcome; empty if nothing."""
    if isinstance(reading, Refused):
        if " @ " in reading.detail:
            return f"a fault of ours: {reading.detail}"
        if kind == "cells" and original:
            return f"a good workbook was refused: {reading.words.en} {reading.detail}"
        return ""
    if kind != "cells":
        return ""
    rows, domains = reading.filings["row"].to_pylist(), reading.filings["domain"].to_pylist()
    wrong = [(row, domain) for row, domain in zip(rows, domains, strict=True) if domain != f"row{row}.cn"]
    if wrong:
        return f"rows are not where they stand: {wrong[:3]}"
    return "" if sorted(rows) == list(range(2, 31)) else f"filings were lost: {sorted(set(range(2, 31)) - set(rows))}"


def run(seconds: float, seed: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """Mutate and read for so many seconds; how often each outcome came, and what was wrong."""
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    wrong: list[str] = []
    originals = seeds(folder)
    packages = originals[:2]
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        number += 1
        kind = chance.choice(tuple(KINDS))
        data = KINDS[kind](chance.choice(packages if kind == "cells" else originals), chance)
        path = folder / f"{seed}-{number}.xlsx"
        path.write_bytes(data)
        outcome: Reading | Refused
        started = time.monotonic()
        try:
            outcome = read_isolated(path, path.name, LIMITS)
        except Refused as refused:
            outcome = refused
        outcomes[f"{kind}: {outcome.words.en[:60] if isinstance(outcome, Refused) else 'read'}"] += 1
        said = complaint(outcome, kind, original=True)
        if not said and isinstance(outcome, Refused) and outcome.words == refusals.TOO_LONG:
            said = "it hung"
        if not said and time.monotonic() - started > LIMITS.patience(len(data)) + 5:
            said = "it took longer than it may"
        if said:
            wrong.append(f"{path.name} ({kind}): {said}")
        else:
            path.unlink()
    isolation.stop_children()
    return outcomes, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for workbooks that went wrong")
    arguments = parser.parse_args()
    folder = arguments.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    outcomes, wrong = run(arguments.seconds, arguments.seed, folder)
    for outcome, count in outcomes.most_common():
        print(f"{count:7} {outcome}")
    print(f"{len(wrong)} went wrong" + "".join(f"\n  {line}" for line in wrong))


if __name__ == "__main__":
    main()
