"""What is found in a sheet's XML as bytes is what a parser finds; parts are unpacked whole or not at all."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from pathlib import Path

import pytest

from flows.steps.workbook import Limits, inflate, prescan
from flows.steps.workbook.elements import scan_elements
from flows.steps.workbook.scanned import Scan
from tests import made

ZEROS = {"7": 12}


def cell(place: str, chance: random.Random) -> str:
    """A cell as Excel or a program writes it."""
    style = chance.choice(("", ' s="1"', ' s="7"'))
    number = chance.choice(
        ("46027", "13805710001", "138057100011", "330000198501010016", "3.3E+17", "3.3E17", "1.38E+10", "4001234567",
         "123456789", "12345678", "0.123456789", "-123456789012", "1", "3.30001E+17", "57188880001", "1E-7")
    )  # fmt: skip
    return chance.choice(
        (
            f'<c r="{place}"{style}><v>{number}</v></c>',
            f'<c r="{place}"{style} t="n"><v>{number}</v></c>',
            f'<c r="{place}"{style} t="s"><v>{chance.randrange(10**8)}</v></c>',
            f'<c r="{place}"{style} t="str"><f>A1&amp;"x"</f><v>{number}</v></c>',
            f'<c r="{place}"{style}><f>B1*2</f><v>{number}</v></c>',
            f'<c r="{place}"{style}><f>B1*2</f><v></v></c>',
            f'<c r="{place}"{style}><f t="shared" si="0"/></c>',
            f'<c r="{place}"{style} t="str"><f>B1</f><v></v></c>',
            f'<c r="{place}"{style} t="e"><v>#REF!</v></c>',
            f'<c r="{place}"{style} t="e"><f>NA()</f><v>#N/A</v></c>',
            f'<c r="{place}"{style} t="b"><v>1</v></c>',
            f'<c r="{place}"{style} t="inlineStr"><is><t>#1 how 330000198501010016</t></is></c>',
            f'<c r="{place}"{style}/>',
        )
    )


def sheet(chance: random.Random) -> bytes:
    """A sheet as Excel writes it, of cells of all kinds."""
    rows = []
    for number in sorted(chance.sample(range(1, 400), chance.randrange(1, 60))):
        columns = sorted(chance.sample(range(800), chance.randrange(12)))
        attributes = chance.choice(("", ' spans="1:3"', ' hidden="1"', ' s="1" customFormat="1" ht="15" hidden="1"'))
        cells = "".join(cell(f"{made.letters(column)}{number}", chance) for column in columns)
        rows.append(f'<row r="{number}"{attributes}>{cells}</row>' if cells else f'<row r="{number}"{attributes}/>')
    return made.sheet(
        "".join(rows),
        before='<cols><col min="2" max="3" width="9" hidden="1"/><col min="9" max="9" width="9"/></cols>',
        after='<autoFilter ref="A1:B2"/><mergeCells count="1"><mergeCell ref="A3:B9"/></mergeCells>',
    ).encode()


def without_form(scan: Scan) -> dict[str, object]:
    """What both ways of scanning must agree in."""
    return {key: value for key, value in vars(scan).items() if key not in ("regular", "anchored", "rows")}


@pytest.mark.parametrize("seed", range(40))
def test_bytes_and_elements_tell_the_same(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(seed)
    content = sheet(chance)
    monkeypatch.setattr(prescan, "_PIECE", chance.choice((97, 1000, 1 << 18)))
    path = made.package(tmp_path / "a.xlsx", {"s.xml": content})
    with zipfile.ZipFile(path) as package:
        quick = prescan.scan(package, "s.xml", ZEROS, Limits())
    slow = scan_elements(io.BytesIO(content), ZEROS)
    assert quick.regular
    assert without_form(quick) == without_form(slow)


def unpacked(path: Path, size: int = 1000) -> bytes:
    with zipfile.ZipFile(path) as package:
        blocks = list(inflate.blocks(package, "part", size))
    assert all(0 < len(block) <= size for block in blocks)
    return b"".join(blocks)


@pytest.mark.parametrize("kind", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("length", [0, 1, 1000, 2_000_000])
def test_a_part_is_unpacked_in_blocks(tmp_path: Path, kind: int, length: int) -> None:
    content = random.Random(length).randbytes(length // 2) + bytes(length - length // 2)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", kind) as package:
        package.writestr("part", content)
    assert unpacked(tmp_path / "a.zip", 70_000) == content


@pytest.mark.parametrize(
    ("field", "offset"), [("checksum", 16), ("packed size", 20), ("unpacked size", 24), ("content", None)]
)
def test_a_part_that_differs_from_its_entry_is_broken(tmp_path: Path, field: str, offset: int | None) -> None:
    path = made.package(tmp_path / "a.zip", {"part": random.Random(1).randbytes(500) + bytes(5000)})
    data = bytearray(path.read_bytes())
    if offset is None:
        data[60:90] = bytes(30)
    else:
        place = data.find(b"PK\x01\x02") + offset
        data[place : place + 4] = struct.pack("<I", struct.unpack_from("<I", data, place)[0] - 3)
    path.write_bytes(data)
    with pytest.raises(zipfile.BadZipFile):
        unpacked(path)
