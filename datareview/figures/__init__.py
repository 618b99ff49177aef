"""Charts made from the record.

Uses charts, records and trends. It must never write.
"""
