"""Reason 10: the filing type, and everything else the facts on file decide.

``on_file`` the decision table against the register, ``subject`` the filing against what the register has of
its subject, ``exchange`` a change filing that puts another subject in its place, ``access`` an access filing
against the record of its site, ``icp_number`` the numbers' forms, ``order`` sites and service codes of one order,
``same_domain`` and ``batch`` filings of one run that clash.
"""
