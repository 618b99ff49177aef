"""What is said of a file in words: what its codes mean, which of the school's measures it names, how it is read.

Uses recognition and the school's measures. It must never know a stored file or form.
"""
