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
        _hold_to_layout(layout)
        return Schema(*(tuple(layout[part]) for part in ("facts", "events", "parameters", "answers")))


def _hold_to_layout(layout: Mapping[str, Any]) -> None:
    """Refuses, with whatever error comes of it, what does not say where columns and answers lie: a table relies on it."""
    outputs = [{1, 2, 4, 8}.intersection([of["bytes"]]).pop() for of in layout["outputs"]]
    places = (layout["columns"], layout["columns_events"], layout["columns_out"], layout["record_out"], len(layout["event_field_bytes"]))
    if min(places) < 0 or max(places) > _MOST or layout["record_out"] < 1:
        raise ValueError
    for of in layout["facts"]:
        {1, 2, 4, 8}.intersection([of["bytes"]]).pop()
        _ = of["name"], of["type"]["kind"], int(of["from"]), int(of["to"]), of["may_be_none"]
    for of in layout["answers"]:
        _ = [outputs[of[part]] for part in (("output",) if "output" in of else ("verdict", "trigger", "due", "done"))], of["name"]
    _ = [of["name"] for of in (*layout["events"], *layout["parameters"])], list(layout["verdicts"])


_MOST = 1 << 24
