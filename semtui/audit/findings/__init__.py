"""What may be wrong with who has access: the rules, what they find, and the waivers that accept some of it."""
