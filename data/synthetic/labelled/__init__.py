"""Labelled filings: faultless ones of all provinces and natures, near misses, and known defects of each reason.

The labels come from the published requirements and not from the rules' code, so that the two can
contradict each other.
"""
