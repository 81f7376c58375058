"""The language of the search line: words and terms such as `role:admin age>180d`, found in the lists.

The same text means the same on the screen, in line mode, in `semtui export --filter` and in config.toml.
"""
