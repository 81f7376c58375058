"""What semtui asks of the operating system: private files, processes, memory, the terminal, logs and crash reports.

Must not know Semaphore or the screen.
"""
