"""Reason 3: filing in a province the subject does not belong to.

``addresses`` of units, ``individuals`` whose identity card is of another province, ``numbers`` that were
given out elsewhere, ``contact`` the contact address itself, ``region`` the city and county stated,
``age`` how old people must be in the province.
"""
