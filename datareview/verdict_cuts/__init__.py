"""The page on which a school sets the chances that decide about its plans' verdicts.

Uses verdicts and the progress of plans to show which verdicts would change. It must never know about reviews' outcomes.
"""
