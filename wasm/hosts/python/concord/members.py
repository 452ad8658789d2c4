"""A member's settings: those of the manifest whose approval holds."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from .decision import NotApplied
from .errors import Fault, SettingRefused


def london(at: datetime) -> date:
    """The day in London, by the summer time that has held since 1996: from the last Sunday of March to that of October, 01:00 UTC."""
    utc = at.astimezone(timezone.utc)

    def change(month: int) -> datetime:
        last = datetime(utc.year, month, 31, 1, tzinfo=timezone.utc)
        return last - timedelta(days=last.isoweekday() % 7)

    return (utc + timedelta(hours=1)).date() if change(3) <= utc < change(10) else utc.date()


def of_member(manifest: Mapping[str, Any], code: str, day: date | None) -> tuple[dict[str, Any], tuple[NotApplied, ...]]:
    """What is in force for a member on a day, and what is not; without a day nothing is."""
    members = manifest["logic"]["members"]
    found = next((member for member in members if member["code"] == code), None)
    if found is None:
        known = ", ".join(member["code"] for member in members)
        raise SettingRefused([Fault("member", "", f"one of {known}" if known else "no member: the rule knows none")])
    settings, not_applied = {}, []
    for differs in found["differs"]:
        begin = date.fromisoformat(differs["approved_on"])
        end = date.fromisoformat(differs["until"]) if differs.get("until") else None
        if day is not None and begin <= day and (end is None or day <= end):
            settings[differs["parameter"]] = differs["value"]
        else:
            not_applied.append(NotApplied(differs["parameter"], begin, end))
    return settings, tuple(not_applied)


def day_of(text: bytes) -> date | None:
    """The day in London of a case's `as_of`, where it has one that can be read: the module refuses any other."""
    try:
        at = json.loads(text)["as_of"].replace("Z", "+00:00").replace("z", "+00:00")
        return london(datetime.fromisoformat(re.sub(r"(\.\d{3})0+", r"\1", at)))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
