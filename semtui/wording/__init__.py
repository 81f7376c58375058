"""Models as words: pure functions that turn what is known into sentences.

Both front ends use it. Must not know Textual, or how the words are drawn or printed.
"""
