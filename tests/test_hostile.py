"""A folder of good workbooks among hostile files: the good ones are read, every other has its line."""

from __future__ import annotations

import os
import resource
import signal
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.steps.intake import find
from flows.steps.workbook import Limits, Refused, isolation, read, read_isolated, refusals
from tests import made

HEAD = ("主办单位名称", "主办单位证件号码", "主体负责人联系方式1", "网站名称", "域名")
ONE = ("杭州样例有限公司", "91330000MA0000007W", "13805710001", "晨光样例", "a-sample.cn")
DATA = made.row(1, HEAD) + made.row(2, ONE)

Maker = Callable[[Path], object]
HOSTILE: dict[str, Maker] = {}


def hostile(name: str) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        HOSTILE[name] = maker
        return maker

    return keep


def raw(name: str, content: bytes) -> None:
    HOSTILE[name] = lambda path: path.write_bytes(content)


def xlsx(name: str, change: Callable[[dict[str, str]], object], data: str = DATA) -> None:
    def make(path: Path) -> None:
        members = made.parts(made.sheet(data))
        change(members)
        made.package(path, members)

    HOSTILE[name] = make


def stored(path: Path, name: str, head: bytes, piece: bytes, times: int, tail: bytes) -> None:
    """A package with one more member: ``piece`` many times over, deflated without ever being laid out."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = packer.compress(head) + packer.flush(zlib.Z_FULL_FLUSH)
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = block.compress(piece) + block.flush(zlib.Z_FULL_FLUSH)
    crc = zlib.crc32(head)
    for _ in range(times):
        crc = zlib.crc32(piece, crc)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream += packed * times + last.compress(tail) + last.flush()
    size = len(head) + len(piece) * times + len(tail)
    made.package(path, {key: text for key, text in made.parts(made.sheet(DATA)).items() if key != name})
    with zipfile.ZipFile(path, "a") as package:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.CRC, entry.compress_size, entry.file_size = zlib.crc32(tail, crc), len(stream), size
        entry.header_offset = package.start_dir
        assert package.fp is not None
        package.fp.seek(package.start_dir)
        package.fp.write(entry.FileHeader(False) + stream)
        package.start_dir = package.fp.tell()
        package.filelist.append(entry)
        package.NameToInfo[name] = entry
        package._didModify = True


SHEET = "xl/worksheets/sheet1.xml"
OPEN, CLOSE = made.sheet("|").encode().split(b"|")
ROWS = made.row(1, HEAD).encode()


@hostile("bomb-sheet.xlsx")
def _(path: Path) -> None:
    stored(path, SHEET, OPEN + ROWS, b" " * (1 << 24), 64, CLOSE)


@hostile("bomb-strings.xlsx")
def _(path: Path) -> None:
    stored(path, "xl/sharedStrings.xml", b"<sst><si><t>", b"A" * (1 << 24), 64, b"</t></si></sst>")


@hostile("bomb-repeated-row.xlsx")
def _(path: Path) -> None:
    stored(path, SHEET, OPEN + ROWS, made.row(2, ONE).encode() * 20_000, 200, CLOSE)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
for part in (SHEET, "xl/workbook.xml", "[Content_Types].xml"):
    xlsx(
        f"laughs-{part[-9:-4]}.xlsx",
        lambda members, part=part: members.update(
            {part: LAUGHS + members[part].partition("?>\n")[2] or LAUGHS + members[part]}
        ),
    )
xlsx(
    "laughs-strings.xlsx",
    lambda members: members.update({"xl/sharedStrings.xml": LAUGHS + "<sst><si><t>&b;</t></si></sst>"}),
)
xlsx(
    "laughs-utf16.xlsx",
    lambda members: members.update({SHEET: (LAUGHS + members[SHEET].partition("?>\n")[2]).encode("utf-16")}),
)
xlsx(
    "external-entity.xlsx",
    lambda members: members.update(
        {"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>'}
    ),
)
xlsx("far-corner.xlsx", len, made.row(1, HEAD) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
xlsx("far-cell-in-first-row.xlsx", len, made.row(1, HEAD).replace("</row>", '<c r="XFD1048576"><v>1</v></c></row>'))
xlsx("beyond-the-corner.xlsx", len, '<row r="99999999"><c r="ZZZZZZ99999999"><v>1</v></c></row>')
xlsx("huge-numbers.xlsx", len, f'<row r="{"9" * 400}"><c r="A{"9" * 400}"><v>1</v></c></row>')
xlsx(
    "blank-styled-rows.xlsx",
    len,
    "".join(f'<row r="{n}" s="1" customFormat="1"><c r="A{n}" s="1"/></row>' for n in range(1, 300_001)),
)
xlsx("sixteen-thousand-columns.xlsx", len, "".join(made.row(n, ["x"] * 16_000) for n in range(1, 4)))
xlsx("deep.xlsx", lambda members: members.update({SHEET: "<a>" * 300_000}))
xlsx("missing-sheet.xlsx", lambda members: members.pop(SHEET))
xlsx("missing-workbook.xlsx", lambda members: members.pop("xl/workbook.xml"))
xlsx("no-strings.xlsx", len, '<row r="1"><c r="A1" t="s"><v>4294967296</v></c></row>')
xlsx("broken-off.xlsx", lambda members: members.update({SHEET: members[SHEET].partition("</sheetData>")[0]}))
xlsx("many-parts.xlsx", lambda members: members.update({f"xl/media/{n}.bin": "" for n in range(6000)}))
xlsx(
    "merges.xlsx",
    lambda members: members.update(
        {SHEET: made.sheet(DATA, after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 300_001 + "</mergeCells>")}
    ),
)
xlsx(
    "sheet-is-workbook.xlsx",
    lambda members: members.update(
        {
            "xl/_rels/workbook.xml.rels": members["xl/_rels/workbook.xml.rels"].replace(
                "worksheets/sheet1.xml", "workbook.xml"
            )
        }
    ),
)


@hostile("two-parts-of-one-name.xlsx")
def _(path: Path) -> None:
    made.package(path, made.parts(made.sheet(DATA)))
    with zipfile.ZipFile(path, "a") as package, pytest.warns(UserWarning):
        package.writestr(SHEET, made.sheet(made.row(1, HEAD)))


@hostile("outward-paths.xlsx")
def _(path: Path) -> None:
    made.package(path, {"../../../../evil.xml": "x", "/etc/evil": "x", "xl/workbook.xml": "<workbook/>"})


for share in (0.1, 0.5, 0.9, 0.99):

    @hostile(f"truncated-{share}.xlsx")
    def _(path: Path, share: float = share) -> None:
        made.good(path, 50)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


@hostile("corrupt-data.xlsx")
def _(path: Path) -> None:
    made.good(path, 200)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as package:
        start = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    data[start : start + 400] = bytes(400)
    path.write_bytes(data)


@hostile("repeated.ods")
def _(path: Path) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    made.opendocument(path, [f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'])


@hostile("truncated.xlsb")
def _(path: Path) -> None:
    made.binary(path, [HEAD, ONE])
    with zipfile.ZipFile(path) as package:
        members = {name: package.read(name) for name in package.namelist()}
    made.package(path, {**members, "xl/worksheets/sheet1.bin": members["xl/worksheets/sheet1.bin"][:60]})


def ole(loop: int) -> bytes:
    """An OLE file whose table of sectors leads back to ``loop``."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0) + struct.pack(
        "<109I", 0, *[0xFFFFFFFF] * 108
    )
    table = struct.pack("<128I", 0xFFFFFFFD, loop, *[0xFFFFFFFF] * 126)

    def entry(name: str, kind: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16le")
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    return header + table + entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("Workbook", 2, 1, 1 << 31) + bytes(256)


raw("ole-loop.xls", ole(1))
raw("ole-garbage.xls", ole(0xFFFFFFFE) + os.urandom(0) + bytes(range(256)) * 40)
raw(
    "encrypted.xlsx",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16le") + bytes(96),
)
raw("empty.xlsx", b"")
raw("zeros.xlsx", bytes(10_000))
raw("page.xls", b"<html><table><tr><td>1</td></tr></table></html>")
raw("one-line.csv", b"," * 200_000_00)
raw("quotes.csv", '主办单位名称,域名\n"'.encode() + b"x," * 2_000_000)
raw("program.xlsx", b"MZ" + bytes(1000))


@hostile("pipe.xlsx")
def _(path: Path) -> None:
    os.mkfifo(path)


@hostile("link-out.xlsx")
def _(path: Path) -> None:
    path.symlink_to(made.good(path.parent.parent / "outside.xlsx"))


@hostile("link-to-itself.xlsx")
def _(path: Path) -> None:
    path.symlink_to(path)


@hostile("~$lock.xlsx")
def _(path: Path) -> None:
    path.write_bytes(b"x")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made_in: Path = tmp_path_factory.mktemp("hostile") / "inbox"
    made_in.mkdir()
    for name, make in HOSTILE.items():
        make(made_in / name)
    for number in range(20):
        made.good(made_in / f"good-{number:02d}.xlsx", number + 1)
    return made_in


def test_twenty_good_ones_among_the_hostile(folder: Path) -> None:
    assert len(HOSTILE) >= 40
    before = set(folder.parent.rglob("*"))
    outcome: dict[str, int | Refused] = {}
    detail = {}
    for found in find([folder]):
        if found.status != "workbook":
            assert found.words is not None
            outcome[found.workbook] = Refused(found.words)
            continue
        try:
            outcome[found.workbook] = read_isolated(found.path, found.workbook).filings.num_rows
        except Refused as refused:
            outcome[found.workbook] = refused
            detail[found.workbook] = (refused.words.zh, refused.detail)
    judged = {name: rows for name, rows in outcome.items() if not isinstance(rows, Refused)}
    assert judged == {f"good-{number:02d}.xlsx": number + 1 for number in range(20)}
    assert set(outcome) - set(judged) == set(HOSTILE)
    for refused in outcome.values():
        assert isinstance(refused, int) or (refused.words.zh and refused.words.en)
    isolation.stop_children()
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss + resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert peak < 3 * 1024 * 1024
    assert set(folder.parent.rglob("*")) == before
    # A refusal has a reason of its own; the reader itself failed on hardly any.
    assert [name for name, (words, _) in detail.items() if words == refusals.CRASHED.zh] == []


# isolation


@pytest.fixture
def fresh() -> Iterator[None]:
    isolation.stop_children()
    yield
    isolation.stop_children()


def test_isolated_and_in_process_readings_are_the_same(tmp_path: Path, fresh: None) -> None:
    path = made.book(
        tmp_path / "a.xlsx",
        HEAD,
        ONE,
        (),
        ("乙公司", 330000198501010016, "+86 138 0571 0002", "乙", "B.cn"),
        ("注：谢谢",),
    )
    here, there = read(path, "甲/a.xlsx"), read_isolated(path, "甲/a.xlsx")
    assert here.filings.equals(there.filings)
    assert here.typed.equals(there.typed)
    assert (here.sheets, here.skipped, here.notes, here.path) == (there.sheets, there.skipped, there.notes, there.path)


def test_a_child_is_used_again(tmp_path: Path, fresh: None) -> None:
    path = made.good(tmp_path / "a.xlsx")
    read_isolated(path, "a")
    (child,) = isolation._children._idle
    with pytest.raises(Refused):
        read_isolated(tmp_path / "none.xlsx", "none")
    read_isolated(path, "a")
    assert isolation._children._idle == [child]


def test_threads_read_side_by_side(tmp_path: Path, fresh: None) -> None:
    paths = [made.good(tmp_path / f"{number}.xlsx", number) for number in range(1, 9)]
    rows: dict[int, int] = {}
    threads = [
        threading.Thread(
            target=lambda path=path: rows.update({int(path.stem): read_isolated(path, path.name).filings.num_rows})
        )
        for path in paths
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows == {number: number for number in range(1, 9)}


def test_a_child_killed_while_idle_costs_nobody(tmp_path: Path, fresh: None) -> None:
    path = made.good(tmp_path / "a.xlsx")
    read_isolated(path, "a")
    (child,) = isolation._children._idle
    child.process.kill()
    child.process.wait()
    assert read_isolated(path, "a").filings.num_rows == 2


def test_a_reader_that_hangs_is_given_up(tmp_path: Path, fresh: None) -> None:
    path = made.good(tmp_path / "a.xlsx")
    isolation.start_child()
    (child,) = isolation._children._idle
    child.wait_ready()
    child.process.send_signal(signal.SIGSTOP)
    with pytest.raises(Refused) as caught:
        read_isolated(path, "a", Limits(seconds=1))
    assert caught.value.words == refusals.TOO_LONG
    assert child.process.poll() is not None
    assert read_isolated(path, "a").filings.num_rows == 2


@pytest.mark.parametrize(
    ("end", "words"), [(signal.SIGABRT, refusals.CRASHED), (signal.SIGKILL, refusals.TOO_MUCH_MEMORY)]
)
def test_a_reader_that_dies_is_a_refusal(tmp_path: Path, fresh: None, end: signal.Signals, words: object) -> None:
    path = made.good(tmp_path / "a.xlsx")
    isolation.start_child()
    (child,) = isolation._children._idle
    child.wait_ready()
    child.process.send_signal(signal.SIGSTOP)
    threading.Timer(0.2, lambda: (child.process.send_signal(end), child.process.send_signal(signal.SIGCONT))).start()
    with pytest.raises(Refused) as caught:
        read_isolated(path, "a")
    assert caught.value.words == words


def test_memory_is_limited(tmp_path: Path, fresh: None) -> None:
    data = made.row(1, HEAD) + "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 200_000))
    path = made.written(tmp_path / "a.xlsx", data.replace("</row>", '<c r="ZZ2"><v>1</v></c></row>', 2))
    with pytest.raises(Refused) as caught:
        read_isolated(path, "a", Limits(megabytes=100))
    assert caught.value.words == refusals.TOO_MUCH_MEMORY


@pytest.mark.parametrize(
    ("limits", "text"),
    [(Limits(cells=100), "列"), (Limits(expanded=1000), "解压后"), (Limits(entries=3), "部件")],
)
def test_limits_are_settings(tmp_path: Path, limits: Limits, text: str) -> None:
    with pytest.raises(Refused) as caught:
        read(made.good(tmp_path / "a.xlsx", 50), "a", limits)
    assert text in caught.value.words.zh


def test_sockets_are_closed(tmp_path: Path, fresh: None) -> None:
    path = made.good(tmp_path / "a.xlsx")
    for _ in range(3):
        read_isolated(path, "a")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        read_isolated(path, "a")
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
