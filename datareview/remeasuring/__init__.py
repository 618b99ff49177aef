"""The measure of a running plan changes: what measured it before is kept with its aim line, and judged by itself.

Uses plans, groups and their progress. It must never compare values of two measures with each other.
"""
