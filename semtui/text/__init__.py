"""Untrusted text made safe: names, descriptions and messages written by strangers.

Cleaning, escaping for the terminal, ASCII stand-ins, look-alike names, and the folding every search uses. Must not
know anything else of semtui.
"""
