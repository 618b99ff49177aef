"""Uploaded tables: CSV and spreadsheet files, read into rows of text with limits, in a process of their own.

Uses the errors of lib. It must never know settings, the database, or what a file is about.
"""
