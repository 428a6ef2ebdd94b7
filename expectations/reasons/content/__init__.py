"""Reason 4: what the site is about, and the approvals that have to come first.

``approvals`` the classes ticked or called for, ``words`` what names and descriptions give away, ``individuals``
what a person may file.
"""
