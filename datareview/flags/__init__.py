"""Rules, flags and candidates: who is raised for triage, and why.

Uses trends, records and the kernel. It must never read demographics.
"""
