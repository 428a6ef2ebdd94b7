"""Measurements, not tests: machines are noisy, so everything is a ratio taken side by side in one run."""
