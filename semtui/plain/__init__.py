"""Line mode, `semtui --plain`: the jobs of the screen as numbered menus and plain lines.

Nothing is drawn and nothing moves: lines are added at the end, and a question waits with the cursor behind it. So it
can be followed with a screen reader or a braille line, on a terminal that knows nothing, and driven by a script.
"""
