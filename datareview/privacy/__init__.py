"""Aliases, projector mode, the disclosure log and safe CSV.

Uses records. It must never leak a hidden name.
"""
