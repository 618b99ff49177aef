"""Adopt and change rules, with a preview on current data.

Uses flags, trends and runs. It must never change a flag by hand.
"""
