"""Published frameworks of standards, as files in the CASE format: read, compared with the school's, applied, undone.

Uses records (the standards). It must never know what refers to a standard, which only decides whether one can go again.
"""
