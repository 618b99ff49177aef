"""Provenance: where each value of a student comes from, and what stood there before.

Uses imports, disputes and results. It must never show a file to those who may not see it, nor change a value.
"""
