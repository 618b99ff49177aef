"""Frames of scores and attendance, trends and forecasts.

Uses records and the kernel. It must never know about rules or flags.
"""
