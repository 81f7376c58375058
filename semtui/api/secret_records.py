"""Records of secrets as the APIs send them, turned into what the model reads. Values become digests here."""

from __future__ import annotations

from collections.abc import Callable


def of_gateway(record: object) -> object:
    """A record of v1beta or v1. What is no record is left as it is, for the reader to refuse."""
    if not isinstance(record, dict) or not isinstance(record.get("metadata"), dict):
        return record
    metadata, data, config = record["metadata"], record.get("data"), record.get("org_config")
    shown = metadata.get("content_included") is True
    return {
        "id": metadata.get("id"),
        "name": metadata.get("name"),
        "project_id": metadata.get("project_id_or_name"),
        "created_at": metadata.get("create_time"),
        "updated_at": metadata.get("update_time"),
        "used_at": metadata.get("checkout_at"),
        "values_sent": shown,
        **_entries(data, lambda value: _digest(value) if shown else ""),
        "policy": _policy(config, "projects_access"),
    }


def of_v2(record: object) -> object:
    """A record of v2."""
    if not isinstance(record, dict) or not isinstance(record.get("metadata"), dict):
        return record
    metadata, spec = record["metadata"], record.get("spec")
    spec = spec if isinstance(spec, dict) else {}
    return {
        "id": metadata.get("id"),
        "name": metadata.get("name"),
        "project_id": metadata.get("project_id"),
        "org_id": metadata.get("org_id"),
        "description": spec.get("description"),
        "created_at": metadata.get("created_at"),
        "updated_at": metadata.get("updated_at"),
        "used_at": metadata.get("last_used_at"),
        **_entries(spec.get("data"), lambda value: value),
        "policy": _policy(spec.get("access_config"), "project_access"),
    }


def _entries(data: object, digest: Callable[[object], object]) -> dict[str, object]:
    """The entries of both kinds; one that is no object is left as it is."""
    lists = data if isinstance(data, dict) else {}
    found: dict[str, object] = {}
    for key, name, value in (("env_vars", "name", "value"), ("files", "path", "content")):
        entries = lists.get(key)
        found[key] = (
            [
                {"name": entry.get(name), "digest": digest(entry.get(value))} if isinstance(entry, dict) else None
                for entry in entries
            ]
            if isinstance(entries, list)
            else entries
        )
    return found


def _digest(value: object) -> object:
    from semtui.api.secret_models import digest_of

    return digest_of(value) if isinstance(value, str) else value


def _policy(config: object, access: str) -> object:
    if not isinstance(config, dict) or access not in config:
        return None
    word = config.get(access)
    return {
        # v2 calls selected projects otherwise than everybody else (API.md#secrets-v2).
        "projects_access": "ALLOWED" if word == "SELECTED" else word,
        "project_ids": config.get("project_ids"),
        "debug": not str(config.get("debug_access", "")).endswith("NO"),
        "attach": not str(config.get("attach_access", "")).endswith("NO"),
    }
