"""Incidents that people record on a student's page: record, change and remove them.

Uses records and runs. It must never know files, which bring incidents too.
"""
