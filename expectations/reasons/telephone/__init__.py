"""Reason 7: telephone numbers that no reviewer can reach, or that the form does not take.

``mobiles`` contact 1 and the emergency number, ``second_phones`` contact 2, ``landlines`` their area codes.
"""
