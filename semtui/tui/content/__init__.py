"""What each page shows, and which actions its rows allow.

Must not know Textual: tests check it without a screen.
"""
