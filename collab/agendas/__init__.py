"""Agenda items and their topics, charts and predictions; who may read an item; carry-over.

Uses meetings and protocols. It must never know where an item comes from or what results from it.
"""
