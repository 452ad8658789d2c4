"""Columns that come out: what is known of an answer in each row, and what a null in it means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from mmap import mmap
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from .codes import Codes
from .facts import EXACT
from .settings import integer

if TYPE_CHECKING:
    from ..info import Schema
    from .batches import Batches
    from .facts import Ints

KINDS = ["value", "none", "unknown", "broken"]
VALUE, NONE, UNKNOWN, BROKEN = range(4)
INSTANT = {"kind": "instant"}
SETS = ("enum", "verdict")
SHORTEST, LONGEST = (ends // timedelta(milliseconds=1) for ends in (timedelta.min, timedelta.max))
"""What is further away is so long here, as in other answers: Python has nothing for it."""
RANGES = ("number", "duration", "instant", "date", "time_of_day")
PARTS = {"from": "trigger", "due": "due", "done": "done"}


def wanted_columns(schema: Schema, manifest: Mapping[str, Any], want: Sequence[str], codes: Codes) -> list[Wanted]:
    """What is asked for, by the names of answers and of the instants of obligations."""
    answers = {of["name"]: of for of in schema.answers}
    verdict = {"kind": "verdict", "variants": manifest["layout"]["verdicts"]}
    wanted = []
    for name in dict.fromkeys([want] if isinstance(want, str) else want):
        answer, _, part = name.rpartition(".")
        if name in answers:
            of = answers[name]
            output, kind = (of["output"], of["type"]) if "output" in of else (of["verdict"], verdict)
            answer, part = name, ""
        elif part in PARTS and answer in answers and "verdict" in answers[answer]:
            output, kind = answers[answer][PARTS[part]], INSTANT
        else:
            raise KeyError(name)
        wanted.append(Wanted((name, answer, part), output, kind, manifest["layout"]["outputs"][output]["bytes"], codes))
    return wanted


class Wanted:
    """One answer of all rows."""

    def __init__(self, names: tuple[str, str, str], output: int, kind: Mapping[str, Any], width: int, codes: Codes) -> None:
        self._name, self._answer, self._part = names
        self._output, self._kind, self._codes = output, kind, codes
        self._is_part = kind is INSTANT
        self._none = np.iinfo(f"i{width}").min
        wide = kind["kind"] in ("number", "instant", "duration", "code", "nhs_number")
        self._dtype = np.dtype("i8" if wide else "i4" if kind["kind"] in ("date", "time_of_day") else "i1")
        self.outputs = [output]

    def prepare(self, rows: int) -> None:
        """Room for so many rows."""
        self._values: Ints = np.empty(rows, dtype=self._dtype)
        self._kinds: Ints = np.zeros(rows, dtype=np.int8)  # each `VALUE`
        self._absent = False
        self._ends: list[tuple[Ints, Ints, Ints]] = []
        self._asked: dict[int, tuple[int, int] | None] = {}

    def take(self, batches: Batches, start: int, stop: int) -> None:
        """What came out for these rows."""
        low = batches.low[self._output][: stop - start]
        np.copyto(self._values[start:stop], low, casting="unsafe")
        if len(low) and low.min() == self._none:
            self._kinds[start:stop][low == self._none] = NONE
            self._absent = True
        records = batches.records
        if len(records):
            self._incomplete(records, start)

    def _incomplete(self, records: Ints, start: int) -> None:
        """The rows in which something is missing, of which a record says what is possible."""
        rows = records["row"].astype(np.int64) + start
        low, high, presence = (records[part][:, self._output] for part in ("low", "high", "presence"))
        one = (high & (high - 1)) == 0 if self._kind["kind"] in SETS else low == high
        known = (presence == 1) & one
        kinds = np.where(presence == 2, NONE, np.where(known, VALUE, UNKNOWN)).astype(np.int8)
        kinds[(records["status"] & 2) != 0] = BROKEN
        self._kinds[rows] = kinds
        self._absent = True
        self._values[rows] = np.where(known, low, 0)
        if self._kind["kind"] in RANGES:
            open_ = (kinds == UNKNOWN) & (presence & 1 == 1)
            self._ends.append((rows[open_], low[open_].copy(), high[open_].copy()))

    def put(self, row: int, answers: Mapping[str, Any] | None) -> None:
        """What a record says of a row that was asked about as a case; without one the row is broken."""
        self._asked[row] = None
        kind, value = (BROKEN, None) if answers is None else self._said(answers[self._answer], row)
        self._kinds[row] = kind
        self._values[row] = 0 if value is None else integer(self._kind, value, self._codes)
        self._absent |= kind != VALUE

    def _said(self, of: Mapping[str, Any], row: int) -> tuple[int, Any]:
        """Whether it is known, and its value. Of an instant of an obligation a record says its value alone."""
        open_ = of.get("verdict") == "unknown" or of.get("kind") == "unknown"
        if self._part:
            return (VALUE, of[self._part]) if self._part in of else (UNKNOWN if open_ else NONE, None)
        if "from" in of.get("possible", ()) and self._kind["kind"] in RANGES:
            possible = of["possible"]
            self._asked[row] = integer(self._kind, possible["from"], self._codes), integer(self._kind, possible["to"], self._codes)
        if open_:
            return UNKNOWN, None
        if "verdict" in of:
            return VALUE, of["verdict"]
        return (VALUE, of["value"]) if of["kind"] == "value" else (NONE, None)

    def unknown(self) -> int:
        """In how many rows it is not known; parts of an obligation do not count."""
        return int(np.count_nonzero(self._kinds == UNKNOWN)) if self._absent and not self._is_part else 0

    def columns(self) -> dict[str, pa.Array]:
        """The columns, by name."""
        absent = self._kinds != VALUE if self._absent else None
        kinds = pa.DictionaryArray.from_arrays(pa.array(self._kinds), KINDS, safe=False)
        found = {self._name: self._shown(self._values, absent), f"{self._name}.kind": kinds}
        if self._kind["kind"] in RANGES:
            found |= {f"{self._name}.{end}": self._end(place) for place, end in enumerate(("from", "to"), 1)}
        return found

    def _end(self, place: int) -> pa.Array:
        if not self._ends and not any(self._asked.values()):
            nothing = pa.py_buffer(mmap(-1, 8 * len(self._values) + 8))  # zeros, which take no memory
            return pa.Array.from_buffers(self._shown(self._values[:0], None).type, len(self._values), [nothing, nothing])
        values = np.zeros(len(self._values), dtype=np.int64)
        absent = np.ones(len(values), dtype=bool)
        for ends in self._ends:
            values[ends[0]], absent[ends[0]] = ends[place], False
        for row, asked in self._asked.items():
            values[row], absent[row] = (0, True) if asked is None else (asked[place - 1], False)
        return self._shown(values, absent)

    def _shown(self, values: Ints, absent: Ints | None) -> pa.Array:
        kind = self._kind["kind"]
        if kind == "number" and self._kind["places"]:
            return pa.array(_nearest(values, self._kind["places"]), mask=absent)
        if kind == "number":
            return pa.array(values, mask=absent)
        if kind == "yes_no":
            return pa.array(values == 1, mask=absent)
        if "variants" in self._kind:
            places = values if absent is None else np.where(absent, 0, values)
            return pa.DictionaryArray.from_arrays(pa.array(places, mask=absent), self._kind["variants"], safe=False)
        if kind == "date":
            return pa.array(values.astype(np.int32, copy=False), mask=absent).view(pa.date32())
        if kind == "time_of_day":
            return pa.array(values.astype(np.int32, copy=False), mask=absent).view(pa.time32("ms"))
        if kind == "instant":
            return pa.array(values, mask=absent).view(pa.timestamp("ms", "UTC"))
        if kind == "duration":
            return pa.array(np.clip(values, SHORTEST, LONGEST), mask=absent).view(pa.duration("ms"))
        there = np.zeros(len(values), dtype=bool) if absent is None else absent
        return pa.array([None if gone else self._codes.text(int(value)) for value, gone in zip(values, there)], pa.string())


def _nearest(values: Ints, places: int) -> Ints:
    """Decimals as numbers in binary, each the one nearest to it: past those that are told apart as whole numbers, Python divides exactly."""
    near: Ints = values / 10.0**places
    for row in np.flatnonzero((values > EXACT) | (values < -EXACT)):
        near[row] = int(values[row]) / 10**places
    return near
