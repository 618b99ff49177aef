"""Shared library of all apps: clock, errors, documents, streams, the task queue, tables, template tags.

Uses nothing else of the product. It must never import a model of another area.
"""
