"""Reason 2: the site's name.

``form`` its characters and length, ``words`` words nobody or few may use, ``subject`` its relation to the
subject, ``individuals`` what holds for sites of persons only.
"""
