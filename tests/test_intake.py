"""Which files are taken in: every file met is told."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from flows.steps import intake
from flows.steps.intake import find
from tests import made


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    (folder / "浙江" / "杭州").mkdir(parents=True)
    return folder


def old(path: Path) -> Path:
    """A file that was written long ago."""
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def told(paths: list[Path], out: Path | None = None) -> dict[str, str]:
    return {found.workbook: found.status if found.words is None else found.words.en for found in find(paths, out)}


def test_workbooks_of_a_folder_and_all_below_in_order(inbox: Path) -> None:
    for name in ("b.xlsx", "a.csv", "浙江/c.xls", "浙江/杭州/d.ods", "A.XLSB"):
        (inbox / name).write_bytes(b"x")
        old(inbox / name)
    found = find([inbox])
    assert [one.workbook for one in found] == ["A.XLSB", "a.csv", "b.xlsx", "浙江/c.xls", "浙江/杭州/d.ods"]
    assert {one.status for one in found} == {"workbook"}
    assert all(one.path.is_file() for one in found)


def test_what_is_left_out_and_why(inbox: Path) -> None:
    for name in ("~$a.xlsx", ".~lock.a.ods#", ".hidden.xlsx", "a.xlsx.part", "b.tmp", "README.txt"):
        (inbox / name).write_text("x", encoding="utf-8")
    (inbox / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (inbox / ".git").mkdir()
    (inbox / ".git" / "x.xlsx").write_bytes(b"x")
    assert told([inbox]) == {
        "~$a.xlsx": "a lock file of an open workbook",
        ".~lock.a.ods#": "a lock file of an open workbook",
        ".hidden.xlsx": "a hidden file",
        "a.xlsx.part": "an unfinished download",
        "b.tmp": "an unfinished download",
        "README.txt": "a text file, no workbook",
        "photo.jpg": "not a spreadsheet: this is a picture",
        ".git": "a hidden file",
    }


def test_a_workbook_without_a_suffix_is_one(inbox: Path) -> None:
    old(made.good(inbox / "upload.dat"))
    assert told([inbox]) == {"upload.dat": "workbook"}


def test_pipes_sockets_and_links(inbox: Path, tmp_path: Path) -> None:
    outside = old(made.good(tmp_path / "outside.xlsx"))
    inside = old(made.good(inbox / "in.xlsx"))
    os.mkfifo(inbox / "pipe.xlsx")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(inbox)  # a socket's path must be short
        try:
            server.bind("s.xlsx")
        finally:
            os.chdir(here)
    (inbox / "link-out.xlsx").symlink_to(outside)
    (inbox / "link-in.xlsx").symlink_to(inside)
    (inbox / "link-none.xlsx").symlink_to(tmp_path / "none")
    (inbox / "link-self.xlsx").symlink_to(inbox / "link-self.xlsx")
    (inbox / "link-folder").symlink_to(tmp_path)
    (inbox / "link-loop").symlink_to(inbox)
    assert told([inbox]) == {
        "in.xlsx": "workbook",
        "link-folder": "a link that leads out of the folder",
        "link-in.xlsx": "the same file is in the list already",
        "link-loop": "the same file is in the list already",
        "link-none.xlsx": "a link to nothing",
        "link-out.xlsx": "a link that leads out of the folder",
        "link-self.xlsx": "a link to nothing",
        "pipe.xlsx": "not an ordinary file (a pipe, socket or device)",
        "s.xlsx": "not an ordinary file (a pipe, socket or device)",
    }


def test_missing_paths_and_named_files(inbox: Path) -> None:
    named = old(made.good(inbox / "浙江" / "a.dat"))
    os.mkfifo(inbox / "pipe")
    found = find([inbox / "none.xlsx", named, inbox / "pipe"])
    assert [(one.workbook, one.status) for one in found] == [
        ("none.xlsx", "refused"),
        ("a.dat", "workbook"),
        ("pipe", "skipped"),
    ]
    assert found[0].words is not None
    assert found[0].words.zh == "文件或文件夹不存在"


def test_a_growing_file_is_left_for_later(inbox: Path) -> None:
    (inbox / "done.xlsx").write_bytes(b"x")
    path = inbox / "growing.xlsx"
    stop = threading.Event()

    def grow() -> None:
        with path.open("ab") as file:
            while not stop.is_set():
                file.write(b"x")
                file.flush()
                time.sleep(0.01)

    writer = threading.Thread(target=grow)
    path.touch()
    writer.start()
    try:
        assert told([inbox]) == {
            "done.xlsx": "workbook",
            "growing.xlsx": "still being written: to be checked next time",
        }
    finally:
        stop.set()
        writer.join()


def test_one_file_by_two_paths_is_read_once(inbox: Path) -> None:
    path = old(made.good(inbox / "a.xlsx"))
    assert [one.status for one in find([inbox, path])] == ["workbook", "skipped"]


def test_two_folders_with_files_of_one_name(tmp_path: Path) -> None:
    for name in ("x/in", "y/in", "z/in"):
        (tmp_path / name).mkdir(parents=True)
        old(made.good(tmp_path / name / "a.xlsx"))
    found = find([tmp_path / "x/in", tmp_path / "y/in", tmp_path / "z/in"])
    assert [one.workbook for one in found] == ["a.xlsx", "in/a.xlsx", "3-in/a.xlsx"]


def test_our_own_output_is_not_read(inbox: Path) -> None:
    (inbox / "reports").mkdir()
    old(made.good(inbox / "reports" / "a.report.xlsx"))
    old(made.good(inbox / "a.xlsx"))
    assert told([inbox], inbox / "reports") == {"a.xlsx": "workbook"}


def test_names_that_are_no_text(inbox: Path) -> None:
    path = os.fsencode(inbox) + b"/\xff\xfe.xlsx"
    with open(path, "wb") as file:  # noqa: PTH123 - the name cannot be a Path literal
        file.write(b"x")
    (found,) = find([inbox])
    found.workbook.encode()
    assert found.path.is_file()


def test_waiting_is_for_fresh_files_alone(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old(made.good(inbox / "a.xlsx"))
    monkeypatch.setattr(intake.time, "sleep", lambda _: pytest.fail("waited"))
    assert told([inbox]) == {"a.xlsx": "workbook"}
