"""Who a rule is, and what it takes and gives: its manifest, in part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Info:
    """Who a rule is."""

    package: str
    version: str
    title: str
    owner: str | None
    status: str
    """`draft` or `approved`."""
    unverified: bool
    """Whether any figure in it is still to be checked against its source."""
    fingerprint: str
    """Of the logic: two modules that have the same give the same answers."""
    sha256: str
    """Of the module."""
    sources: tuple[str, ...]
    members: tuple[str, ...]
    """The codes of the members that it knows."""

    @staticmethod
    def read(manifest: Mapping[str, Any], sha256: str) -> Info:
        logic = manifest["logic"]
        return Info(
            **{name: logic[name] for name in ("package", "version", "title", "status", "unverified", "fingerprint")},
            owner=logic.get("owner"),
            sha256=sha256,
            sources=tuple(logic["sources"]),
            members=tuple(member["code"] for member in logic["members"]),
        )


@dataclass(frozen=True)
class Schema:
    """What a case may hold and an answer may be, as `layout` of the manifest has them: integers there are values at the declared places."""

    facts: tuple[Mapping[str, Any], ...]
    events: tuple[Mapping[str, Any], ...]
    parameters: tuple[Mapping[str, Any], ...]
    answers: tuple[Mapping[str, Any], ...]

    @staticmethod
    def read(manifest: Mapping[str, Any]) -> Schema:
        layout = manifest["layout"]
        return Schema(*(tuple(layout[part]) for part in ("facts", "events", "parameters", "answers")))
