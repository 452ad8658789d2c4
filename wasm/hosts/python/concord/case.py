"""A case as JSON: numbers exactly, times as a case has them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Union

Case = Union[Mapping[str, Any], str, bytes]
"""A case, or its text as JSON."""


NOTHING = "[[]]"
"""What stands for a value that JSON has none for: the module takes it nowhere, and says what belongs in its place."""


MARK = b"\xef\xbb\xbf"
"""What some programs write before a text in UTF-8."""
BLANKS = b" \t\r\n"
LONGEST = 400
"""Digits before or behind the point that are written out; with more of them, a number has an exponent."""


class _Decimals(Exception):
    """There are decimals, which `json` cannot write as they are."""


def text_of(case: Case) -> bytes:
    """The text of a case. One that is a text already goes in as it stands."""
    if isinstance(case, bytes):
        return case
    if isinstance(case, str):
        return case.encode("utf-8", "surrogatepass")
    try:
        text = json.dumps(case, default=_other, allow_nan=False)
    except (_Decimals, ValueError):  # decimals, or a number that is none
        return _write(case).encode()
    return (_write(case) if "\\ud" in text else text).encode()  # half of a character is written so, as is a whole one beyond the first 65,536


def judged_at(text: bytes, as_of: datetime | str) -> bytes:
    """The same case with `as_of`: an instant to the millisecond, what is finer is cut off."""
    if isinstance(as_of, datetime):
        as_of = as_of.replace(microsecond=as_of.microsecond // 1_000 * 1_000)
    return with_first(text, {"as_of": as_of})


def with_first(text: bytes, entries: Mapping[str, Any]) -> bytes:
    """The text of an object with these entries put before whatever else it says, so that saying one twice is seen. What is no object stays as it is."""
    head, brace, rest = text.partition(b"{")
    if not entries or not brace or head.removeprefix(MARK).strip(BLANKS):
        return text
    comma = b"" if rest.lstrip(BLANKS).startswith(b"}") else b","
    return head + brace + _write(entries)[1:-1].encode() + comma + rest


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
    if hasattr(value, "item"):
        return _of_numpy(value)
    raise TypeError(f"a case has nothing that is a {type(value).__name__}")


def _of_numpy(value: Any) -> Any:
    """A value of NumPy in terms of Python. A time that is none, or that Python does not hold exactly, is no number, and not missing."""
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "f":  # by its shortest text, which is not that of the same number with more digits
        return Decimal(str(value))
    if kind not in ("m", "M"):
        return value.item()
    unit = value.dtype.str.partition("[")[2].rstrip("]")  # months have no length, and are no days
    if unit in ("", "Y", "M"):
        return Decimal("nan")
    held = value if kind == "M" and unit == "D" else value.astype(f"{kind}8[us]")
    return held.item() if held == value else Decimal("nan")


def _write(value: Any) -> str:
    """As `json.dumps`, with decimals digit by digit; what is no number and no text is nothing, where it stands."""
    if isinstance(value, Decimal):
        if not value.is_finite():
            return NOTHING
        exponent = value.as_tuple().exponent
        return format(value, "f" if isinstance(exponent, int) and abs(exponent) <= LONGEST else "E")
    if isinstance(value, float):
        return json.dumps(value) if math.isfinite(value) else NOTHING
    if isinstance(value, str):
        return json.dumps(value) if _whole(value) == value else NOTHING
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(_whole(_key(key)))}:{_write(of)}" for key, of in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_write, value)) + "]"
    if isinstance(value, int) and not isinstance(value, bool):
        return _digits(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return _write(_other(value))


def _digits(value: int) -> str:
    """A whole number, however long: Python itself writes no more than some thousand digits."""
    try:
        return json.dumps(value)
    except ValueError:
        return str(Decimal(value))


def _key(key: Any) -> str:
    """A key as `json.dumps` has it."""
    return key if isinstance(key, str) else str(next(iter(json.loads(json.dumps({key: 0})))))


def _whole(text: str) -> str:
    """The text, with a mark in the place of each half of a character, which no UTF-8 has."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
