"""The steps of a run as plain functions: find, read, join, judge, compare, report, record.

What they give to each other lies on disk beside a workbook (:class:`flows.steps.staging.Staged`), so that a step may be
called in another process or on another machine.
"""
