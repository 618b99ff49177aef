"""Light and dark colors: what they are, and which of them a page has."""
