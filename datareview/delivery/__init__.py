"""Groups that meet for an intervention: starting them, who comes and goes, their sessions and scores.

Uses plans, their sessions and scores. It must never judge a plan.
"""
