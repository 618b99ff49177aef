"""Check-in cards: points for each period of a day, and their share as the measure of the plan.

Uses plans, changes of measure and scores by hand. It must never write a score before the day is checked out.
"""
