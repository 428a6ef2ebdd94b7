"""Rule → count over the sample workbooks: a rule that changes shows in review as changed numbers.

After an intended change: ``python -m tests.test_corpus`` writes the counts again.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from data.synthetic.samples import DATA, REGISTER, samples
from expectations.catalogue import catalogue
from expectations.reasons import REASONS

CORPUS = Path(__file__).with_name("corpus.json")


def counts(out: Path) -> dict[str, dict[str, int]]:
    from flows.cli import main

    folders = [str(DATA / "samples"), "--register", str(DATA / "register" / REGISTER), "--out", str(out)]
    assert main(["check", *folders, "--as-of", "2026-01-15", "--quiet"]) == 1
    found = pd.read_parquet(out / "findings.parquet")
    return {
        workbook: {rule: int(count) for rule, count in sorted(rules["rule"].value_counts().items())}
        for workbook, rules in found.groupby("workbook")
    }


def test_samples_give_the_counts_on_record(tmp_path):
    assert counts(tmp_path) == json.loads(CORPUS.read_text(encoding="utf-8"))


def test_samples_show_every_reason():
    rules = {rule for counted in json.loads(CORPUS.read_text(encoding="utf-8")).values() for rule in counted}
    assert {catalogue()[rule].reason for rule in rules} == {reason.number for reason in REASONS}


def test_samples_are_what_the_generator_makes(tmp_path):
    samples(tmp_path, tmp_path)
    kept = [*(DATA / "samples").iterdir(), *(DATA / "register").iterdir()]
    assert digests(tmp_path.iterdir()) == digests(kept), "python -m data.synthetic.samples"


def digests(paths: Iterable[Path]) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


if __name__ == "__main__":
    import tempfile

    sys.path.insert(0, str(DATA.parent))
    with tempfile.TemporaryDirectory() as folder:
        CORPUS.write_text(json.dumps(counts(Path(folder)), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
