"""Makes the demo's district, through the services that a school uses.

Uses every area. It must never be used by one.
"""
