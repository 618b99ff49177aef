"""Trend runs: the pipeline from records to flags, run nightly and on request.

Uses trends and flags. It must never know about pages.
"""
