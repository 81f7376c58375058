"""What the actions on a row are called in the menu, by what the row is."""

from __future__ import annotations

_OF_ANY = {
    "details": "Show everything about {}",
    "copy": "Copy {}: name, id, JSON or a command",
    "what_can": "Show everything {} can do, and why",
    "what_if": "Choose a change of {}, and see what it would do",
    "mark": "Mark or unmark {}",
}
_OF_KIND = {
    "person": {
        "edit": "Change the role of {}",
        "delete": "Remove {}",
        "offboard": "Offboard {}: plan what becomes of all they leave",
    },
    "account": {
        "edit": "Edit {}",
        "regenerate": "Regenerate the API token of {}",
        "switch": "Deactivate {}",
        "rotate": "Rotate {}: a twin takes over, without an outage",
        "delete": "Delete {}",
    },
    "group": {"edit": "Edit {}", "delete": "Delete {}", "remove_role": "Remove the role of {}; the group is kept"},
    "role": {
        "edit": "Edit {}",
        "delete": "Delete {}",
        "holders": "Show who holds {}, and why",
        "what_can": "Show everything {} permits, on projects too",
    },
    "project": {"people": "Show the people of {}"},
}
_MANY_AT_ONCE = ("person", "account", "group")
_OF_MARKED = {
    "edit": "Give {} a role",
    "switch": "Deactivate or reactivate {}",
    "delete": "Delete or remove {}",
}


def action_words(method: str, kind: str, name: str, *, inactive: bool = False) -> str:
    """What the action `method` on a row of this kind and name is called; empty where it has no words of its own."""
    if method == "switch" and inactive:
        return f"Reactivate {name}"
    words = _OF_KIND.get(kind, {}).get(method) or _OF_ANY.get(method, "")
    return words.replace("{}", name)


def marked_action_words(method: str, kind: str, rows: str) -> str:
    """What the action `method` on all marked rows, as in `3 marked rows`, is called where the row under the cursor is
    of this kind; empty where it does nothing to all of them."""
    return _OF_MARKED.get(method, "").replace("{}", rows) if kind in _MANY_AT_ONCE else ""
