"""What the commands that change something share: arguments, the open organization, carrying out, and the result.

Each command is a module of `cli` that names its actions; line mode and screen make the same changes by `changes`.
"""
