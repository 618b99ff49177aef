"""Uploaded tables: CSV and spreadsheet files, read into rows of text within limits, in a separate process.

Uses the errors of lib. It must never know settings, the database, or what a file is about.
"""
