"""Rules, flags and candidates: which students are raised for triage, and why.

Uses trends, records and the kernel. It must never read demographics.
"""
