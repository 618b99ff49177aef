"""Scores of plans entered by hand; of two on one day, both are kept and one counts.

Uses plans, scores and runs of trends. It must never judge a plan.
"""
