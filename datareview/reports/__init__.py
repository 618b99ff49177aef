"""The trend report, on a page and as PDF.

Uses trends, flags and plans. It must never name a student whom its reader may not see.
"""
