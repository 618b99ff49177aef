"""Explore: the page on which people ask for comparisons, pick students from them, and save views.

Uses comparisons. It must never show a student whom its reader may not see.
"""
