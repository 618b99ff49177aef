"""Loading: apply a checked file, and undo it.

Uses imports, trends and runs. It must never leave a part of a file, nor keep others from writing for long.
"""
