"""What an answer is: one of four, and none has a value that stands for the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar, Union

Json = Mapping[str, Any]
Native = Union[int, Decimal, bool, str, timedelta, datetime, date, time]
"""Whole numbers, exact decimals, yes/no, choices and codes, lengths of time, instants (in UTC), dates, times of day."""
V = TypeVar("V", covariant=True)


@dataclass(frozen=True)
class Need:
    """Something that is missing and would settle an answer."""

    kind: str
    """`fact`, `field`, `time`, `events`, `parameter` or `decision`."""
    text: str
    fact: str | None = None
    event: str | None = None
    field: str | None = None
    parameter: str | None = None
    answer: str | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Possible(Generic[V]):
    """What an answer that is not known may still be: one of `values`, or from one to another; or none."""

    or_none: bool
    from_: V | None = None
    to: V | None = None
    values: tuple[V, ...] | None = None


@dataclass(frozen=True)
class _Answered:
    text: str
    """The answer in words."""
    because: tuple[str, ...]
    """Why, a sentence each; empty unless asked for with `explain`."""
    source: str | None


@dataclass(frozen=True)
class Value(_Answered, Generic[V]):
    """A value."""

    value: V


@dataclass(frozen=True)
class Nothing(_Answered):
    """Recorded as absent, or the rule gives no value."""


@dataclass(frozen=True)
class Unknown(_Answered, Generic[V]):
    """Not known: what is still possible, and what would settle it."""

    possible: Possible[V]
    needs: tuple[Need, ...]


@dataclass(frozen=True)
class Verdict(_Answered):
    """How an obligation was kept. Where `verdict` is `unknown`, `possible` and `needs` say more."""

    verdict: str
    """`not applicable`, `excused`, `met`, `late`, `missed`, `open` or `unknown`."""
    from_: datetime | None = None
    due: datetime | None = None
    due_on: date | None = None
    done: datetime | None = None
    late_by: timedelta | None = None
    late_by_days: int | None = None
    late_by_working_days: int | None = None
    excuse: str | None = None
    possible: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()


Answer = Union[Value[Native], Nothing, Unknown[Native], Verdict]

_DURATION = re.compile(r"(-?)PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?")


def duration(text: str) -> timedelta:
    """`PT82H0.001S`, as answers have lengths of time. What is millions of years away is `timedelta.max`, or `min`."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{text} is not a length of time")
    sign, hours, minutes, seconds, parts = found.groups(default="0")
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    try:
        length = timedelta(seconds=whole, milliseconds=int(parts.ljust(3, "0")))
    except OverflowError:
        return timedelta.min if sign == "-" else timedelta.max
    return -length if sign == "-" else length


def instant(text: str) -> datetime:
    """`2026-05-07T22:59:59.999Z`, as answers have instants."""
    return datetime.fromisoformat(_padded(text[:-1]) + "+00:00")


def clock(text: str) -> time:
    """`22:59:59.5`, as answers have times of day."""
    return time.fromisoformat(_padded(text))


def _padded(text: str) -> str:
    """With three digits after the point, where there is one: Python 3.10 reads no other number of them."""
    whole, point, parts = text.partition(".")
    return whole + point + parts.ljust(3, "0") if point else text


def same(value: Any) -> Any:
    """As JSON has it."""
    return value


def native(kind: Json) -> Callable[[Any], Native]:
    """How values of a type of the manifest are read from JSON."""
    if kind["kind"] == "number":
        return Decimal if kind["places"] else int
    return {"duration": duration, "instant": instant, "date": date.fromisoformat, "time_of_day": clock}.get(
        kind["kind"], same
    )


def needs(listed: list[Json]) -> tuple[Need, ...]:
    return tuple(Need(**{**need, "until": instant(need["until"])}) if "until" in need else Need(**need) for need in listed)


def answer(of: Json, read: Callable[[Any], Native]) -> Answer:
    """An answer of a record; `read` takes its values."""
    words: dict[str, Any] = {"text": of["text"], "because": tuple(of.get("because", ())), "source": of.get("source")}
    if of["kind"] == "value":
        return Value(**words, value=read(of["value"]))
    if of["kind"] == "none":
        return Nothing(**words)
    if of["kind"] == "unknown":
        possible = of["possible"]
        ends = {name: read(possible[key]) for key, name in (("from", "from_"), ("to", "to")) if key in possible}
        values = tuple(map(read, possible["values"])) if "values" in possible else None
        return Unknown(**words, possible=Possible(or_none=possible["or_none"], values=values, **ends), needs=needs(of["needs"]))
    return Verdict(
        **words,
        verdict=of["verdict"],
        from_=_if(of, "from", instant),
        due=_if(of, "due", instant),
        due_on=_if(of, "due_on", date.fromisoformat),
        done=_if(of, "done", instant),
        late_by=_if(of, "late_by", duration),
        late_by_days=of.get("late_by_days"),
        late_by_working_days=of.get("late_by_working_days"),
        excuse=of.get("excuse"),
        possible=tuple(of.get("possible", ())),
        needs=needs(of.get("needs", [])),
    )


def _if(of: Json, key: str, read: Callable[[str], Any]) -> Any:
    return read(of[key]) if key in of else None
