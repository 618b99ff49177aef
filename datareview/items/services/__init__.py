"""Writes of the assessments area."""
