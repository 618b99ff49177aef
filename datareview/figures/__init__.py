"""Charts of stored data.

Uses charts, records and trends. It must never write to the database.
"""
