"""Reason 1: the domain's owner, and whether the domain passes verification.

``domain`` its form and suffix, ``site`` the home page and other filings of it, ``holder`` whom it belongs to,
``verification`` its real-name verification, ``registration`` its other dates and registrar.
"""
