"""What every app uses: the clock, errors, documents, streams, the queue, tables, template tags.

Uses nothing of the product. It must never know a school, but through what it is given.
"""
