"""What the page of results shows to one reader."""
