"""The week of those who deliver plans: who meets when, where a seat is free, who waits for one, and what a move would cost.

Uses groups, plans, candidates, bells and duties. It must never change a group: its own page does.
"""
