"""The columns that each tab can be sorted by; the first is the usual one."""

SORTS = {
    "all": ("kind", "name", "role", "state", "created"),
    "person": ("name", "role", "source", "groups"),
    "account": ("name", "role", "state", "age", "creator", "created"),
    "group": ("name", "role", "members"),
    "roles": ("web", "name", "permissions", "people", "accounts", "groups"),
    "projects": ("name", "people", "owner"),
}
