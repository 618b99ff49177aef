"""Create the demo district, mostly through the product's services.

Uses every area. It must never be used by one.
"""
