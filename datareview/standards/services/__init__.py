"""Writes of the standards area."""
