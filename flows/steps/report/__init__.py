"""The report: findings written into the sender's own workbook, which comes back otherwise as it was.

    from flows.steps.report.facts import ReportFacts
    from flows.steps.report.write import target, write

    write(reading, findings, verdicts, target(reading, out), ReportFacts(as_of=...))

The reader needs :mod:`own`, and that at once, so nothing is imported here.
"""
