"""Gaps between groups that a school records: the share at or above benchmark, released once a window.

Uses comparisons and records. It must never know who is in a group beyond counting, nor change what was released.
"""
