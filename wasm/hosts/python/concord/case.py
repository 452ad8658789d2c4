"""A case as JSON: numbers exactly, times as a case has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Union

Case = Union[Mapping[str, Any], str, bytes]
"""A case, or its text as JSON."""


class _Decimals(Exception):
    """There are decimals, which `json` cannot write as they are."""


def text_of(case: Case) -> bytes:
    """The text of a case. One that is a text already goes in as it stands."""
    if isinstance(case, bytes):
        return case
    if isinstance(case, str):
        return case.encode("utf-8", "surrogatepass")
    try:
        return json.dumps(case, default=_other).encode()
    except _Decimals:
        return _write(case).encode()


def judged_at(text: bytes, as_of: datetime | str) -> bytes:
    """The same case with `as_of`, put before whatever else it says, so that saying it twice is seen."""
    head, brace, rest = text.partition(b"{")
    if not brace or head.strip(b" \t\r\n"):
        return text
    comma = b"" if rest.lstrip(b" \t\r\n").startswith(b"}") else b","
    at = as_of if isinstance(as_of, str) else as_of.isoformat()
    return head + b'{"as_of":' + json.dumps(at).encode() + comma + rest


def _other(value: Any) -> Any:
    """What `json` does not know, in terms that it knows."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat(timespec="auto" if value.second or value.microsecond else "minutes")
    if isinstance(value, timedelta):
        whole, parts = divmod(abs(value) // timedelta(microseconds=1), 1_000_000)
        fraction = f".{parts:06}".rstrip("0") if parts else ""
        return f"{'-' if value < timedelta() else ''}PT{whole}{fraction}S"
    if isinstance(value, Decimal):
        raise _Decimals
    if isinstance(value, Mapping):
        return dict(value)
    if hasattr(value, "item"):  # a number of NumPy
        return value.item()
    raise TypeError(f"a case has nothing that is a {type(value).__name__}")


def _write(value: Any) -> str:
    """As `json.dumps`, with decimals digit by digit."""
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else "NaN"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(key))}:{_write(of)}" for key, of in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_write, value)) + "]"
    return json.dumps(value, default=_other)
