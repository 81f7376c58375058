"""Questions about access, answered from the lists: who can do what, why, and what has changed.

Pure: lists or texts in, answers out. Nothing here knows Textual, asks Semaphore, opens a file, or words a sentence for
people to read. Every answer is yes, no or unknown, and an unknown has a reason.
"""
