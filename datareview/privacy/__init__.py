"""Aliases, the projector, disclosures and safe CSV.

Uses records. It must never let a name past it.
"""
