"""The notebooks run from top to bottom: on ninety days, on one run, and on nothing."""

from pathlib import Path

import pytest

from data.synthetic.filings import filings, plant, write
from data.synthetic.history import invent
from flows.cli import main

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
NAMES = ("failure_trends", "explore_a_run")


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Path:
    """A history of ninety nights, and the reports of a run."""
    folder = tmp_path_factory.mktemp("lived")
    invent(folder / "history", nights=90, filings=80)
    rows = filings(40, seed=9)
    plant(rows, 0.5, seed=9)
    rows[0] |= {"site_name": "123", "principal_email": ""}
    write(rows, folder / "a.xlsx")
    main(["check", str(folder / "a.xlsx"), "--out", str(folder / "out"), "--as-of", "2026-01-15", "--quiet"])
    return folder


def run(name: str, folder: Path, monkeypatch) -> list[tuple[str, str]]:
    """Run a notebook; the outputs as (kind, text)."""
    monkeypatch.setenv("ICP_PREFLIGHT_HISTORY", str(folder / "history"))
    monkeypatch.setenv("ICP_PREFLIGHT_OUT", str(folder / "out"))
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOKS.parent))
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    done = nbclient.NotebookClient(
        book, timeout=300, kernel_name="python3", resources={"metadata": {"path": NOTEBOOKS}}
    ).execute()
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    kinds: list[tuple[str, str]] = [("text", one.text) for one in outputs if one.output_type == "stream"]
    for one in outputs:
        kinds += [(kind, "".join(text)) for kind, text in getattr(one, "data", {}).items()]
    return kinds


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", NAMES)
def test_runs_on_a_lived_history(name, lived, monkeypatch):
    found = run(name, lived, monkeypatch)
    pictures = [text for kind, text in found if kind == "image/svg+xml"]
    tables = [text for kind, text in found if kind == "text/html"]
    assert len(pictures) == {"failure_trends": 11, "explore_a_run": 3}[name] and len(tables) >= 5
    assert not [text for text in pictures if "还没有记录" in text]
    assert any("联系电话" in text for text in pictures)
    assert "示例路" not in "".join(text for _, text in found)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("name", NAMES)
def test_says_that_there_is_nothing_yet(name, tmp_path, monkeypatch):
    found = run(name, tmp_path, monkeypatch)
    assert "没有" in next(text for kind, text in found if kind == "text")
    pictures = [text for kind, text in found if kind == "image/svg+xml"]
    assert pictures and all("还没有记录" in text for text in pictures)


@pytest.mark.parametrize("name", NAMES)
def test_outputs_are_stripped(name):
    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    nbformat.validate(book)
    for cell in book.cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None
    assert set(book.metadata) <= {"kernelspec", "language_info"}
