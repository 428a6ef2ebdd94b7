"""Rule → count over the sample workbooks: a rule that changes shows in review as changed numbers.

After an intended change: ``python -m tests.test_corpus`` writes the counts again.
"""

import json
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parent.parent
CORPUS = Path(__file__).with_name("corpus.json")


def counts(out: Path) -> dict[str, dict[str, int]]:
    from flows.cli import main

    assert main(["check", str(ROOT / "data" / "samples"), "--out", str(out), "--as-of", "2026-01-15", "--quiet"]) == 1
    found = pd.read_parquet(out / "findings.parquet")
    return {
        workbook: {rule: int(count) for rule, count in sorted(rules["rule"].value_counts().items())}
        for workbook, rules in found.groupby("workbook")
    }


def test_samples_give_the_counts_on_record(tmp_path):
    assert counts(tmp_path) == json.loads(CORPUS.read_text(encoding="utf-8"))


def test_samples_are_what_the_generator_makes(tmp_path):
    from data.synthetic.filings import samples

    samples(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in (ROOT / "data" / "samples").glob("*.xlsx")}


if __name__ == "__main__":
    import tempfile

    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as folder:
        CORPUS.write_text(json.dumps(counts(Path(folder)), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
