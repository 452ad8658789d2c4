"""Types of the values of cases and answers, for the types that `concord bindings --lang python` prints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Optional, Union

YesNo = Optional[bool]
Number = Union[int, float, Decimal, str, Mapping[str, Any], None]
"""A number; `"<0.5"`; `{"from": 17, "to": 20}`; `{"value": 1.2, "unit": "mg/dL"}`; or nothing."""
Duration = Union[timedelta, str, Mapping[str, Any], None]
Instant = Union[datetime, str, Mapping[str, Any], None]
Date = Union[date, str, Mapping[str, Any], None]
Clock = Union[time, str, Mapping[str, Any], None]
Code = Optional[str]

WholeOut = int
NumberOut = Decimal
DurationOut = timedelta
InstantOut = datetime
DateOut = date
ClockOut = time
