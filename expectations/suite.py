"""Great Expectations: a real suite per rejection reason, run over the filings; row results from its own metrics.

The whole catalogue is one custom expectation, ``expect_filing_to_pass_rule``, told apart by its rule
id. Its condition comes from a table metric that judges each rule once per batch, so a million filings
cost little more than the bare masks; the outcomes GX computed are handed out by the expectation
itself and compared with the counts GX reports. GX results never hold a cell: the expectation is hung
on the row number.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import great_expectations as gx
import pandas as pd
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.core import ExpectationSuite, ExpectationValidationResult
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.data_context import EphemeralDataContext
from great_expectations.data_context.types.base import ProgressBarsConfig
from great_expectations.execution_engine import PandasExecutionEngine, pandas_execution_engine
from great_expectations.expectations.expectation import ColumnMapExpectation
from great_expectations.expectations.metrics import column_condition_partial
from great_expectations.expectations.metrics.map_metric_provider import ColumnMapMetricProvider
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider
from great_expectations.validator.metric_configuration import MetricConfiguration

from expectations import findings as words
from expectations.catalogue import catalogue, of_reason
from expectations.data_docs import stand_alone
from expectations.reasons import REASONS, Reason
from expectations.rows import Filings
from expectations.rule import Outcome, Rule

# GX hashes every frame it is given, which costs more than all rules together and identifies
# nothing we use. The constant is not public: a test fails if it goes away.
pandas_execution_engine.HASH_THRESHOLD = -1

# GX tells of each context it makes, by a logger that has a level of its own; the log is for people.
logging.getLogger("great_expectations").setLevel(logging.ERROR)
logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.NOTSET)

_TABLE_METRIC = "filing.outcomes"
_ROW_METRIC = "filing.rule"


class RuleError(RuntimeError):
    """A rule broke or was not judged: our fault, never a filer's."""


@dataclass
class _Judgement:
    """The filings under judgement, and the outcomes GX has computed so far."""

    filings: Filings
    outcomes: dict[str, Outcome]

    def outcome(self, rule: str) -> Outcome:
        if rule not in self.outcomes:
            self.outcomes[rule] = catalogue()[rule].outcome(self.filings)
        return self.outcomes[rule]


# A context variable, not a global: each Prefect task judges in its own.
_CURRENT: ContextVar[_Judgement] = ContextVar("judgement")


class FilingOutcomes(TableMetricProvider):
    """The judgement of the whole batch, once; rules ask it for their rows."""

    metric_name = _TABLE_METRIC

    @metric_value(engine=PandasExecutionEngine)
    def _pandas(
        cls: Any, execution_engine: PandasExecutionEngine, metric_domain_kwargs: dict[str, Any], **_: object
    ) -> _Judgement:
        records = execution_engine.get_domain_records({"batch_id": metric_domain_kwargs.get("batch_id")})
        judgement = _CURRENT.get()
        if len(records) != len(judgement.filings):
            raise RuleError("GX was given other filings than those under judgement")
        return judgement


class FilingRule(ColumnMapMetricProvider):
    """The rows that pass one rule, as the row condition of the expectation."""

    condition_metric_name = _ROW_METRIC
    condition_value_keys = ("rule_id",)
    filter_column_isnull = False

    @column_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls: Any, column: pd.Series, rule_id: str, _metrics: dict[str, Any], **_: object) -> pd.Series:
        return pd.Series(~_metrics[_TABLE_METRIC].outcome(rule_id).failing, index=column.index)

    @classmethod
    def _get_evaluation_dependencies(cls, metric: MetricConfiguration, **rest: Any) -> dict[str, MetricConfiguration]:
        needed: dict[str, MetricConfiguration] = super()._get_evaluation_dependencies(metric=metric, **rest)
        if metric.metric_name.endswith(".condition"):
            batch = {"batch_id": metric.metric_domain_kwargs.get("batch_id")}
            needed[_TABLE_METRIC] = MetricConfiguration(_TABLE_METRIC, batch, {})
        return needed


class ExpectFilingToPassRule(ColumnMapExpectation):
    """Expect every filing to pass one rule of the catalogue."""

    map_metric: ClassVar[str] = _ROW_METRIC
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "rule_id")
    rule_id: str
    _built: Any = PrivateAttr(None)

    @property
    def configuration(self) -> Any:
        """GX asks for this about ninety times per expectation and run, and builds it anew each time."""
        if self._built is None:
            self._built = super().configuration
        return self._built


def suite(reason: Reason, language: str = "zh") -> ExpectationSuite:
    """The expectation suite of one rejection reason."""
    return ExpectationSuite(
        name=f"reason_{reason.number:02d}_{reason.room}",
        expectations=[_expectation(rule, language) for rule in of_reason(reason.number)],
        meta={"reason": reason.number, "zh": reason.zh, "en": reason.en},
    )


def _expectation(rule: Rule, language: str) -> ExpectFilingToPassRule:
    return ExpectFilingToPassRule(
        column="row",
        rule_id=rule.id,
        severity="critical" if rule.severity == "error" else "warning",
        description=f"{rule.id} {rule.title(language)}",
        notes=rule.why,
        meta={
            "rule": rule.id, "name": rule.name, "zh": rule.title.zh, "en": rule.title.en,
            "owner": rule.owner, "source": rule.source,
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """What was found: ``findings``, one row per filing × rule that fails, with the filing's ``position`` and
    :data:`expectations.findings.FINDING_COLUMNS`; ``verdicts``, one row per filing, in their order, with ``verdict``
    and ``reason_0`` … ``reason_10``."""

    findings: pd.DataFrame
    verdicts: pd.DataFrame


def judge(filings: Filings, data_docs: Path | None = None) -> Judgement:
    """Run every suite over ``filings``.

    Args:
        filings: must hold the integer column ``row``.
        data_docs: a folder to build Data Docs in; they hold row numbers, never a cell.

    Raises:
        RuleError: a rule broke, or was not judged, or GX counted other rows than the rule marked.
    """
    outcomes = evaluate(filings, data_docs)
    return Judgement(words.all_findings(filings, outcomes), words.verdicts(filings, outcomes))


def evaluate(filings: Filings, data_docs: Path | None = None) -> dict[str, Outcome]:
    """The outcome of every rule, in the order of the ids, as computed by GX. See :func:`judge`."""
    with current(filings) as judgement:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        batches = context.data_sources.add_pandas("filings").add_dataframe_asset("filings")
        batch = batches.add_batch_definition_whole_dataframe("all")
        suites = [suite(reason, filings.basis.language) for reason in REASONS if of_reason(reason.number)]
        for result in _run(context, batch, suites, filings.frame, data_docs):
            _check(result, judgement)
        missing = catalogue().keys() - judgement.outcomes.keys()
        if missing:
            raise RuleError(f"not judged: {', '.join(sorted(missing))}")
        return dict(sorted(judgement.outcomes.items()))


def _run(
    context: EphemeralDataContext,
    batch: BatchDefinition,
    suites: Sequence[ExpectationSuite],
    frame: pd.DataFrame,
    data_docs: Path | None,
) -> Iterator[ExpectationValidationResult]:
    if data_docs is not None:
        context.add_data_docs_site(
            "site",
            {
                "class_name": "SiteBuilder",
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": {
                    "class_name": "TupleFilesystemStoreBackend",
                    "base_directory": str(data_docs.resolve()),
                },
            },
        )
    definitions = [
        context.validation_definitions.add(
            gx.ValidationDefinition(name=wanted.name, data=batch, suite=context.suites.add(wanted))
        )
        for wanted in suites
    ]
    told = []
    for definition, wanted in zip(definitions, suites, strict=True):
        result = definition.run(batch_parameters={"dataframe": frame}, result_format="BASIC")
        yield from result.results
        failed = sum(not one.success for one in result.results)
        told.append((wanted.name, f"{wanted.meta['zh']} {wanted.meta['en']}", len(result.results), failed))
    if data_docs is not None:
        shutil.rmtree(data_docs / "validations", ignore_errors=True)  # those of an earlier run
        context.build_data_docs(site_names=["site"])  # GX names another, in a folder that it leaves behind
        stand_alone(data_docs, data_docs.name, told)


def _check(result: ExpectationValidationResult, judgement: _Judgement) -> None:
    """A crash shows in GX as a mere failure without rows: here it is an error."""
    rule = result.expectation_config.kwargs["rule_id"]
    if rule not in judgement.outcomes or "unexpected_count" not in result.result:
        causes = [info.get("exception_message") for info in _exceptions(result)]
        raise RuleError(f"{rule} broke: {'; '.join(filter(None, causes)) or 'no result'}")
    counted, marked = result.result["unexpected_count"], int(judgement.outcomes[rule].failing.sum())
    if counted != marked:
        raise RuleError(f"{rule}: GX counts {counted} filings, the rule marks {marked}")


def _exceptions(result: ExpectationValidationResult) -> list[dict[str, str]]:
    info = result.exception_info or {}
    return [entry for entry in info.values() if isinstance(entry, dict)] or [info]


@contextmanager
def current(filings: Filings) -> Iterator[_Judgement]:
    """What GX runs meanwhile judges these filings: its metrics are given rows and no more."""
    judgement = _Judgement(filings, {})
    token = _CURRENT.set(judgement)
    try:
        yield judgement
    finally:
        _CURRENT.reset(token)
