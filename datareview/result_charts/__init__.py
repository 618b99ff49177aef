"""Charts to explore results: what was chosen in an item, the check before against this one, a class's checks of the year.

Uses results, charts and records. It must never draw what the page of results would not show.
"""
