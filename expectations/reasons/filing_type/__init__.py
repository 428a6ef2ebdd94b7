"""Reason 10: the filing type, and everything else the facts on file decide.

``on_file`` the decision table against the register, ``subject`` the filing against what the register has of
its subject, ``icp_number`` the numbers' forms, ``order`` sites and service codes of one order, ``batch`` filings
of one batch that contradict each other.
"""
