"""Proposals from the data for a team's next meeting: a candidate, the review of a plan, a chart, or picked students.

Uses agendas and meetings, and the records that it proposes. It must never know what else waits in the team's queue.
"""
