"""Models as words: pure functions from what is known to what is said about it.

Both front ends take their words from here. Must not know Textual, or how words are drawn or printed.
"""
