"""Settings as the integers that `configure` takes: the module for batches knows no JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..answers import clock, duration, instant
from ..case import Case, text_of
from .codes import Codes

if TYPE_CHECKING:
    from ..rule import Rule

EPOCH_AS_OF = b'{"as_of":"1970-01-01T00:00:00Z"}'


def configured(rule: Rule, settings: Case | None, codes: Codes) -> tuple[int | None, ...]:
    """A value for each parameter, or None for the group's. The module itself reads the settings, and refuses those outside the contract."""
    given: Any = {}
    if settings is not None:
        given = rule._evaluate(EPOCH_AS_OF, None, text_of(settings), False, None).settings
    return tuple(integer(of["type"], given[of["name"]], codes) if of["name"] in given else None for of in rule.schema.parameters)


def integer(kind: Any, value: Any, codes: Codes) -> int:
    """A value of a record as the integer that the module has for it."""
    from datetime import date, datetime, timedelta, timezone
    from decimal import Decimal

    name = kind["kind"]
    if name == "number":
        return int(Decimal(value).scaleb(kind["places"]))
    if name in ("enum", "verdict"):
        return int(kind["variants"].index(value))
    if name == "duration":
        return duration(value) // timedelta(milliseconds=1)
    if name == "date":
        return (date.fromisoformat(value) - date(1970, 1, 1)).days
    if name == "instant":
        return (instant(value) - datetime(1970, 1, 1, tzinfo=timezone.utc)) // timedelta(milliseconds=1)
    if name == "time_of_day":
        at = clock(value)
        return ((at.hour * 60 + at.minute) * 60 + at.second) * 1_000 + at.microsecond // 1_000
    if name == "code":
        number = codes.number(value)
        assert number is not None
        return number
    return int(value)
