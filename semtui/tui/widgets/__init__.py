"""Widgets of semtui's own. Must not know a screen."""
