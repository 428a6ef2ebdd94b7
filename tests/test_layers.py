"""Imports run downward only, and the heavy libraries stay in their rooms."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted([*ROOT.glob("expectations/**/*.py"), *ROOT.glob("flows/**/*.py")])
ROOMS = {"great_expectations": "expectations/suite.py", "prefect": "flows/check.py"}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_downward_only(path: Path):
    names, own = imported(path), name_of(path)
    if own.startswith("expectations/"):
        assert not {name for name in names if name.split(".")[0] in ("flows", "prefect", "openpyxl", "fastexcel")}
    if own.startswith(("expectations/facts/", "expectations/cells/", "expectations/reference/")):
        assert not {name for name in names if name.startswith(("expectations.reasons", "expectations.rule"))}
    if own.startswith("expectations/reasons/") and own.count("/") > 1:
        room = f"expectations.reasons.{path.relative_to(ROOT).parts[2].removesuffix('.py')}"
        rooms = {name for name in names if name.startswith("expectations.reasons.") and not name.startswith(room)}
        assert not rooms | {name for name in names if name.startswith("expectations.suite")}
    if own.startswith("flows/steps/"):
        assert not {
            name
            for name in names
            if name.startswith("flows.") and not name.startswith(("flows.steps", "flows.settings"))
        }
        assert not {name for name in names if name.split(".")[0] == "prefect"}
    if own.startswith("flows/steps/workbook/"):
        assert not {name for name in names if name.startswith("flows.steps.report")}, "the reader knows no report"
    for library, room in ROOMS.items():
        if any(name.split(".")[0] == library for name in names):
            assert own == room or own.startswith("flows/nightly"), f"{library} belongs in {room}"


def test_help_needs_neither_gx_nor_prefect_nor_pandas():
    code = (
        "import sys, flows.cli\n"
        "try: flows.cli.main(['check', '--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'great_expectations', 'prefect', 'pandas', 'pyarrow'} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603
    assert done.stderr.strip() == "[]"
    assert "--register" in done.stdout


def test_rules_stay_in_rooms_of_a_readable_size():
    assert {
        name_of(path): lines for path in MODULES if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    } == {}
