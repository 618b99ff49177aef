"""The coordinator's list of candidates, and decisions about them.

Uses flags, figures and plans. It must never hold a cut point.
"""
