"""Reason 0: the sheet itself.

``cells`` what must be filled and what a cell may hold, ``numbers`` the numbers of certificates, ``names`` how one
name is written in several cells.
"""
