"""A member's settings: those of the manifest whose approval holds.

On which day a case is judged, and what a call sets itself, only the module says: whoever read either a second time would sometimes read it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from .case import with_first
from .decision import NotApplied
from .errors import Fault, SettingRefused

Way = tuple[bool, ...]
"""Which settings are in force."""


def london(at: datetime) -> date:
    """The day in London, by the summer time that has held since 1996: from the last Sunday of March to that of October, 01:00 UTC."""
    utc = at.astimezone(timezone.utc)

    def change(month: int) -> datetime:
        last = datetime(utc.year, month, 31, 1, tzinfo=timezone.utc)
        return last - timedelta(days=last.isoweekday() % 7)

    return (utc + timedelta(hours=1)).date() if change(3) <= utc < change(10) else utc.date()


@dataclass(frozen=True)
class Differs:
    """A member's setting."""

    parameter: str
    value: Any
    begin: date
    end: date | None

    def holds(self, day: date | None) -> bool:
        return day is not None and self.begin <= day and (self.end is None or day <= self.end)

    def first(self, settings: bytes) -> bytes:
        """The settings of a call with this one before them."""
        return with_first(settings, {self.parameter: self.value})


@dataclass(frozen=True)
class Own:
    """What a member has set, and a call does not set itself."""

    given: bytes
    differs: tuple[Differs, ...]

    def ways(self) -> Iterator[Way]:
        """What may be in force, on one day or another: all of it first, and at last none."""
        ends = (day for one in self.differs for day in (one.begin, one.end) if day)
        yield from dict.fromkeys([(True,) * len(self.differs), *map(self._on, ends), self._on(None)])

    def at(self, as_of: datetime | None) -> Way:
        """What is in force at the instant of a decision; without one nothing is."""
        return self._on(None if as_of is None else london(as_of))

    def _on(self, day: date | None) -> Way:
        return tuple(one.holds(day) for one in self.differs)

    def settings(self, way: Way) -> bytes:
        return with_first(self.given, {one.parameter: one.value for one, holds in zip(self.differs, way) if holds})

    def not_applied(self, way: Way) -> tuple[NotApplied, ...]:
        return tuple(NotApplied(one.parameter, one.begin, one.end) for one, holds in zip(self.differs, way) if not holds)


def differs_of(manifest: Mapping[str, Any], code: str) -> list[Differs]:
    """What a member has set otherwise than the group."""
    members = manifest["logic"]["members"]
    found = next((member for member in members if member["code"] == code), None)
    if found is None:
        known = ", ".join(member["code"] for member in members)
        raise SettingRefused([Fault("member", "", f"one of {known}" if known else "no member: the rule knows none")])
    day = date.fromisoformat
    return [
        Differs(of["parameter"], of["value"], day(of["approved_on"]), day(of["until"]) if of.get("until") else None)
        for of in found["differs"]
    ]
