"""The desk: everything that waits for a coordinator or a specialist, worked through line by line.

Uses the triage list, plans, groups and their sessions. It must never decide what is urgent: flags and verdicts do.
"""
