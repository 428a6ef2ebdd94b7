"""When and where filings are judged: the command line, the night, Prefect, and the settings of all of them.

:func:`flows.run.run` checks named files, :func:`flows.night.night` an inbox; :mod:`flows.check` and
:mod:`flows.nightly` are the same as Prefect flows, :mod:`flows.cli` as commands. The steps between reading and
reporting are plain functions in :mod:`flows.steps` and know nothing of Prefect.
"""
