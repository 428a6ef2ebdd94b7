"""The main job step by step, beside the ways one would otherwise take, in one run.

    python -m benchmarks.pipeline --rows 100000

Reading against pandas + openpyxl; judging against the bare masks and against Great Expectations as its
tutorials show it; the report against openpyxl's load, mark and save.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.measure import Cost, measure
from data.synthetic.filings import write_workbook

AS_OF = date(2026, 1, 15)


def read(path: Path) -> Any:
    from flows.steps.workbook import Limits, read

    return read(path, path.name, Limits())


def read_with_openpyxl(path: Path) -> None:
    import pandas as pd

    pd.read_excel(path, dtype=str, engine="openpyxl", keep_default_na=False)


def filings(path: Path) -> Any:
    """Fresh filings, with everything imported and nothing derived yet."""
    import expectations.suite
    from expectations.catalogue import catalogue
    from expectations.reference import Reference
    from expectations.rows import Basis, Filings

    catalogue()
    assert expectations.suite
    reading = read(path)
    return Filings(reading.filings.to_pandas(), reading.typed.to_pandas(), Basis(AS_OF, Reference(AS_OF)))


def judge(rows: Any) -> Any:
    from expectations.suite import judge

    return judge(rows)


def bare_masks(rows: Any) -> None:
    """The same rules, findings and verdicts, without Great Expectations."""
    from expectations import findings
    from expectations.catalogue import catalogue

    outcomes = {rule.id: rule.outcome(rows) for rule in catalogue().values()}
    findings.all_findings(rows, outcomes)
    findings.verdicts(rows, outcomes)


def tutorial(rows: Any) -> None:
    """COMPLETE results with index columns, the frame hashed: the documented way to rows."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.execution_engine import pandas_execution_engine

    from expectations import suite
    from expectations.reasons import REASONS

    pandas_execution_engine.HASH_THRESHOLD = 1e9
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("filings").add_dataframe_asset("filings")
    batch = asset.add_batch_definition_whole_dataframe("all")
    wanted = {"result_format": "COMPLETE", "unexpected_index_column_names": ["workbook", "sheet", "row"]}
    with suite.current(rows):
        for reason in REASONS:
            rules = context.suites.add(suite.suite(reason))
            name = f"reason {reason.number}"
            definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=rules))
            definition.run(batch_parameters={"dataframe": rows.frame}, result_format=wanted)


def judged(path: Path) -> Any:
    from flows.run import run
    from flows.runners import InTurn
    from flows.settings import Settings

    out = path.parent / f"{path.stem}-out"
    run([path], Settings(out=out, as_of=AS_OF), InTurn())
    return path, out


def whole(path: Path) -> None:
    judged(path)


def report_input(path: Path) -> Any:
    import pandas as pd

    from flows.steps.report.facts import ReportFacts
    from flows.steps.staging import stage

    _, out = judged(path)
    found, verdicts = pd.read_parquet(out / "findings.parquet"), pd.read_parquet(out / "verdicts.parquet")
    reading = stage(read(path), Path(tempfile.mkdtemp(dir=path.parent)) / "staged").reading()
    return reading, found, verdicts, path.with_suffix(".report.xlsx"), ReportFacts(as_of=AS_OF)


def report(prepared: Any) -> None:
    from flows.steps.report.write import write

    write(*prepared)


def report_with_openpyxl(prepared: Any) -> None:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    reading, found, verdicts, target, _ = prepared
    book = openpyxl.load_workbook(reading.path)
    fill = PatternFill("solid", fgColor="FFC7CE")
    for sheet in reading.sheets:
        page = book[sheet.name]
        for row, columns, message in zip(found["row"], found["columns"], found["message"], strict=True):
            for key in columns.split(";"):
                if key in sheet.columns:
                    cell = page.cell(row, sheet.columns[key] + 1)
                    cell.fill, cell.comment = fill, Comment(message, "icp-preflight")
        for row, verdict in zip(verdicts["row"], verdicts["verdict"], strict=True):
            page.cell(row, sheet.last_column + 2, verdict)
    book.save(target.with_suffix(".openpyxl.xlsx"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--defects", type=float, default=0.1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "filings.xlsx"
        write_workbook(path, options.rows, options.defects)
        print(f"{options.rows} filings × 72 columns, {options.defects:.0%} with defects")
        ours = show("read", measure(read, path))
        show("  pandas + openpyxl", measure(read_with_openpyxl, path), ours)
        bare = show("bare masks, findings, verdicts", measure(bare_masks, path, prepare=filings))
        show("judge (Great Expectations)", measure(judge, path, prepare=filings), bare)
        show("  the tutorials' way", measure(tutorial, path, prepare=filings), bare)
        ours = show("report", measure(report, path, prepare=report_input))
        show("  openpyxl load-mark-save", measure(report_with_openpyxl, path, prepare=report_input), ours)
        show("the whole check, imports included", measure(whole, path))


def show(name: str, cost: Cost, beside: Cost | None = None) -> Cost:
    ratio = f"  × {cost.cpu / beside.cpu:.2f} cpu, × {cost.peak / beside.peak:.2f} memory" if beside else ""
    print(f"{name:34}{cost}{ratio}", flush=True)
    return cost


if __name__ == "__main__":
    main()
