"""Recipes: what a school's files of each form taught Collab, so that the next one needs no matching.

It owns the stored recipes, the pages to see, change and forget them, and which recipe a new file's columns have. It uses
recognition (fields, codes) and never knows a file or its rows.
"""
