"""What migrations share: tables that nobody may change, and the first tables of a new database."""
