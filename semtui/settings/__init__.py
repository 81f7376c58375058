"""What the user has set: contexts of ~/.sem.yaml, semtui's own settings file, keys.

Reads files and the environment, and sends nothing.
"""
