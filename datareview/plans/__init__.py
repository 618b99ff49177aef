"""Intervention plans: who may see a plan, its values, and how one is started from the data.

Uses records, strategies, figures and flags. It must never know how a plan is judged, or about meetings.
"""
