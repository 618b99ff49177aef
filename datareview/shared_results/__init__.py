"""The team's results that everyone who sees an assessment may see at once, as one value that can be kept.

Uses results and assessments. It must never know of meetings, which show and keep it.
"""
