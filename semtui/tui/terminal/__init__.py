"""Between Textual and the terminal: what is sent, and what is typed."""
