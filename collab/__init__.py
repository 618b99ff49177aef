"""What the team does together, and the composition root of the product."""
