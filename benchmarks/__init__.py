"""Benchmarks behind the figures in the README, and the peers they are compared with."""
