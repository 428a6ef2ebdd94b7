"""Reason 5: the certificates, the documents due, and the pictures of them.

``certificates`` their type, number and nature; ``validity`` how long they hold; ``due`` which documents a
province wants; ``images`` the attached files, really opened.
"""
