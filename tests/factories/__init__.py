"""Plain functions that create the rows that tests start from."""
