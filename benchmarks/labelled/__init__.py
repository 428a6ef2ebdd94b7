"""A labelled set: invented filings that are faultless, or hold one known defect each, and what the rules say of them.

The labels come from the published requirements and not from the rules' code, so that the two can
contradict each other. ``python -m benchmarks.labelled --rows 20000`` prints recall and false alarms.
"""
