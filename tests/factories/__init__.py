"""Rows that tests start from, made by plain functions."""
