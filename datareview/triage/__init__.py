"""The triage list of candidates, and decisions about them.

Uses flags, figures and plans. It must never define cut points.
"""
