"""Progress of plans: the caseload, sessions, scores entered by hand, progress against the goal, and reviews.

Uses plans, records and the trends' statistics. It must never know about meetings.
"""
