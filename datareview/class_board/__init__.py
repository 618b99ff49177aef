"""A teacher's class at a glance, on a phone too: what is not handed in, and a note about a student in half a minute.

Uses records, sections and anecdotes. It must never rank students, nor count what a teacher writes.
"""
