"""Settings that a process keeps for its requests.

Owns the number that changes with the settings. Uses what a request keeps. Knows none of the settings.
"""
