"""Database rows as data frames (`scope`), and trends as rows (`writing`). No other module converts them."""
