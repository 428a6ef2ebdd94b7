"""What a right filing is, without clock, network or workbook.

- :mod:`expectations.filing`: the filing sheet, its columns and choices; :mod:`expectations.cells`: the canonical
  form of a cell.
- :mod:`expectations.rule`: how a rule is declared; :mod:`expectations.reasons`: the rules, a room for each reason;
  :mod:`expectations.facts`: what rules ask of a filing; :mod:`expectations.catalogue`: all rules by their ids.
- :mod:`expectations.reference`: the tables they are judged by, as in force on one day.
- :mod:`expectations.suite`: the rules as Great Expectations suites. To judge::

    filings = Filings(frame, typed, Basis(as_of, Reference(as_of)))  # of expectations.rows
    judgement = suite.judge(filings)  # .findings, .verdicts: pandas frames
"""
