"""Invented filings, registers, pictures and histories, from a seed. Nobody lives in them."""
