"""The command line: arguments, starting, stopping in order, and commands that need no screen."""
