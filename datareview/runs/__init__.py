"""Trend runs: the nightly pipeline from records to flags.

Uses trends and flags. It must never know a page.
"""
