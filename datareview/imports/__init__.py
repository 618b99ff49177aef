"""Files of a school: matched, checked, applied and undone.

Uses records, trends and runs. It must never write half a file.
"""
