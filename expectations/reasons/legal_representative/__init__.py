"""Reason 6: who may be principal, and whether the people named are real.

``roles`` who must be whom, by province; ``individuals`` an individual is all roles at once; ``names`` real
names, foreign nationals, and a filing's people as one picture.
"""
