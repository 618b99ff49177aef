"""Shared library of all apps: clock, errors, documents, streams, the task queue, template tags.

Uses nothing else of the product. It must never import a model of another area.
"""
