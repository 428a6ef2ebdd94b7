"""Pages made from the declarations: RULES.md and the suites as JSON.

``python -m expectations.page`` writes them again; with ``--check`` it only says whether they are current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from expectations import specimen
from expectations.catalogue import catalogue, of_reason
from expectations.filing import COLUMNS
from expectations.findings import explain
from expectations.reasons import REASONS
from expectations.rule import OWNERS, Rule
from expectations.words import SEVERITIES, Words


def page() -> str:
    """Every rule by reason, in Chinese and English, with its ground."""
    lines = [
        "# 规则 / Rules",
        "",
        "由规则声明生成，请勿手改：`python -m expectations.page`。 "
        "Made from the declarations, not by hand: `python -m expectations.page`.",
        "",
        f"共 {len(catalogue())} 条规则。错误 = 事实已足以驳回；提醒 = 审核人员可能有不同看法。 "
        f"{len(catalogue())} rules. An error is settled by the facts; a warning is what a reviewer may see otherwise.",
        "",
    ]
    for reason in REASONS:
        lines += [f"## {reason.number} {reason.zh} / {reason.en}", ""]
        for rule in of_reason(reason.number):
            lines += [_entry(rule), ""]
    return "\n".join(lines).rstrip() + "\n"


def _entry(rule: Rule) -> str:
    columns = "、".join(f"{COLUMNS[key].zh} ({COLUMNS[key].en})" for key in rule.columns[:6])
    more = f" … {len(rule.columns)}" if len(rule.columns) > 6 else ""
    softened = f"；{rule.warning_if.zh}时为提醒 / a warning for {rule.warning_if.en}" if rule.warning_if else ""
    return "\n".join(
        [
            f"### {rule.id} {rule.title.zh} / {rule.title.en}",
            "",
            f"`{rule.name}` · {SEVERITIES[rule.severity].zh} / {rule.severity}{softened} · "
            f"{rule.case.zh} / {rule.case.en} · {OWNERS[rule.owner].zh} / {OWNERS[rule.owner].en}",
            "",
            f"- 单元格 / Cells: {columns}{more}",
            f"- 处理 / Fix: {rule.fix.zh} / {rule.fix.en}",
            f"- 依据 / Source: {rule.source}",
            f"- Why: {rule.why}",
        ]
    )


def rule_in_full(rule: Rule, language: str) -> str:
    """One rule as plain text for a terminal."""
    labels = Words("、", ", ")(language).join(COLUMNS[key].label(language) for key in rule.columns)
    message, fix = _as_found(rule, language)
    lines = [
        f"{rule.id}  {rule.title(language)}",
        f"  {SEVERITIES[rule.severity](language)} · {Words(rule.case.zh, rule.case.en)(language)}",
        f"  {Words('单元格', 'cells')(language)}: {labels}",
        f"  {_label(rule.message, Words('说明', 'says'))(language)}: {message}",
        f"  {_label(rule.fix, Words('处理', 'fix'))(language)}: {fix}",
        f"  {Words('责任方', 'owner')(language)}: {OWNERS[rule.owner](language)}",
        f"  {Words('依据', 'source')(language)}: {rule.source}",
    ]
    if language == "en":  # the code says why in English alone
        lines.append(f"  {rule.why}")
    return "\n".join(lines)


def _as_found(rule: Rule, language: str) -> tuple[str, str]:
    """Message and fix as they read for the first filing that the rule is shown to reject."""
    if not rule.message.placeholders | rule.fix.placeholders:
        return rule.message(language), rule.fix(language)
    frame, (judged,) = specimen.batch(rule.bad[:1])
    filings = specimen.filings(frame, language=language)
    found = explain(rule, filings, rule.outcome(filings)).set_index("position").loc[judged]
    return str(found["message"]), str(found["fix"])


def _label(words: Words, label: Words) -> Words:
    """The label of a text that speaks of one filing."""
    return Words(f"{label.zh}（举例）", f"{label.en}, for example") if words.placeholders else label


def pages() -> dict[Path, str]:
    """Every generated file, as it should be, by its path from the root of the repository."""
    from expectations.suite import suite

    found = {Path("RULES.md"): page()}
    for reason in REASONS:
        content = suite(reason).to_json_dict()
        content["meta"].pop("great_expectations_version")  # an update of GX changes no suite
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        found[Path(f"expectations/suites/{content['name']}.json")] = text
    return found


def stale(root: Path) -> list[Path]:
    """The generated files that are not what the declarations say."""
    return [
        path
        for path, content in pages().items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != content
    ]


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        outdated = stale(Path())
        for path in outdated:
            print(f"{path} is not current: run python -m expectations.page", file=sys.stderr)
        return 1 if outdated else 0
    for path, content in pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
