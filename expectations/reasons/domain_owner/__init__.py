"""Reason 1: the domain's owner, and whether the domain passes verification.

``domain`` the name itself and its suffix, ``holder`` whom it belongs to, ``registration`` its dates and registrar.
"""
