"""Team meetings and their follow-up, and the composition root of the product."""
