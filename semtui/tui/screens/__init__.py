"""Pages and dialogs.

Pages and dialogs that are not on the first screen are imported where they are opened: together they take 50 to 80 ms to
load, which the first frame does not wait for.
"""
