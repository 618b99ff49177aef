"""The figures that README quotes, and the peers they are measured against."""
