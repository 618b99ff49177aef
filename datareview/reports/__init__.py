"""The trend report, on a page and as PDF.

Uses trends, flags and plans. It must never name a student to whom its reader has no right.
"""
