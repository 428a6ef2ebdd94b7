"""The README in both languages: its commands parse, its figures are those of the samples, both say the same."""

import argparse
import json
import re
import shlex
from collections import defaultdict
from pathlib import Path

import pytest

from flows.cli import main
from flows.options import parser
from flows.outcome import Outcome
from flows.settings import Settings
from flows.show import print_outcome

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")


def blocks(name: str, kind: str) -> list[str]:
    """The fenced blocks of a page, marked ``kind``."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", (ROOT / name).read_text(encoding="utf-8"), re.M | re.S)
    return [block for marked, block in found if marked == kind]


def commands(name: str) -> list[str]:
    return [
        shlex.join(shlex.split(command, comments=True))
        for block in blocks(name, "sh")
        for line in block.splitlines()
        for command in line.split(" && ")
    ]


@pytest.mark.parametrize("name", READMES)
def test_every_command_of_ours_is_one(name):
    ours = [shlex.split(command)[1:] for command in commands(name) if command.startswith("icp-preflight ")]
    assert len(ours) > 6
    for arguments in ours:
        assert isinstance(parser(defaultdict(lambda: print)).parse_args(arguments), argparse.Namespace)


def test_both_languages_name_the_same_commands():
    def untranslated(command: str) -> list[str]:
        """Without the files that a command of ours is given."""
        words = command.split()
        return words if words[0] != "icp-preflight" else [words[1], *(word for word in words if word[:2] == "--")]

    one, other = ([untranslated(command) for command in commands(name)] for name in READMES)
    assert one == other


def test_both_languages_show_what_the_samples_give(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(ROOT)
    command = next(command for command in commands(READMES[0]) if command.startswith("icp-preflight check"))
    assert main([*shlex.split(command)[1:], "--out", str(tmp_path), "--quiet"]) == 1
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    capsys.readouterr()
    print_outcome(Outcome(summary, []), Settings())
    shown = capsys.readouterr().out
    assert [blocks(name, "")[0] for name in READMES] == [shown, shown]
