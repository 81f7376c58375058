"""Semaphore's palette: dark, light, and for terminals with 16 colors of their own.

The colors of Owner and Admin are those of the web page's labels (`API.md#web-page`); Member, which most hold, is plain.
"""

from textual.theme import Theme

DARK = Theme(
    name="semtui-dark",
    dark=True,
    primary="#6fc7a4",
    secondary="#8ab4f0",
    accent="#6fc7a4",
    foreground="#dde1e0",
    background="#14181a",
    surface="#1b2023",
    panel="#242b2f",
    success="#7cc58a",
    warning="#e6b455",
    error="#f08a80",
    variables={
        "muted": "#98a3a3",
        "faint": "#7f8b8c",
        "focused-field": "#2e383b",
        "role-owner": "#f08a80",
        "role-admin": "#8ab4f0",
        "role-other": "#6cc9d6",
        "block-cursor-background": "#263f37",
        "block-cursor-foreground": "#ffffff",
    },
)

LIGHT = Theme(
    name="semtui-light",
    dark=False,
    primary="#0b6e4f",
    secondary="#1c55a8",
    accent="#0b6e4f",
    foreground="#1d2426",
    background="#fbfbf9",
    surface="#f2f3f0",
    panel="#e6e9e5",
    success="#1d7034",
    warning="#8a5800",
    error="#b3261e",
    variables={
        "muted": "#566062",
        "faint": "#667073",
        "focused-field": "#ffffff",
        "role-owner": "#b3261e",
        "role-admin": "#1c55a8",
        "role-other": "#0b6a78",
        "block-cursor-background": "#cfe8dd",
        "block-cursor-foreground": "#10221b",
    },
)

SIXTEEN = Theme(
    name="semtui-16",
    ansi=True,
    dark=True,
    primary="ansi_green",
    secondary="ansi_cyan",
    accent="ansi_green",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables={
        "muted": "ansi_default",
        "faint": "ansi_default",
        "focused-field": "ansi_default",
        "role-owner": "ansi_red",
        "role-admin": "ansi_cyan",
        "role-other": "ansi_magenta",
        "block-cursor-background": "ansi_default",
        "block-cursor-foreground": "ansi_default",
        # Textual's lists (8.2.8) ignore “reverse”.
        "block-cursor-text-style": "bold underline",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-text-style": "underline",
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
    },
)
"""No shades and no background of our own, so that it suits light and dark terminals; the cursor is in reverse."""
