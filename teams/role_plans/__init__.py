"""A change of role that is planned for a later day: made, canceled, and done on that day.

Uses people, access and the directory. It must never give a role before its day, or without the checks of a change of today.
"""
