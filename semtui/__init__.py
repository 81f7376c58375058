"""semtui: Semaphore's People page in a terminal."""

__version__ = "0.1.0"
