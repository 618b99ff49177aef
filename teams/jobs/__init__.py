"""Work in the background: stored, sent, swept, told.

Uses lib, directory and access. It must never know what a job does.
"""
