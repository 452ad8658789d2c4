"""The module for batches in one instance: where its columns lie, and the calls."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import wasmtime

from ..calls import Function
from ..engine import started
from ..errors import LimitReached, RuleRefused
from .facts import Column, Ints

CHUNK = 32_768
PAGE = 65_536
RECORDS = 24 << 20
"""How much room there is for records of rows that are not complete; chunks are smaller where a record is large."""

Settings = tuple["int | None", ...]


class Batches:
    """One instance, which serves one table at a time."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module, layout: Mapping[str, Any]) -> None:
        self.layout = layout
        self.chunk = min(CHUNK, RECORDS // layout["record_out"] // 8 * 8)
        self._store = wasmtime.Store(engine)
        self._exports = started(self._store, module)
        heap, memory = self._exports.get("heap"), self._exports.get("memory")
        if not isinstance(heap, wasmtime.Global) or not isinstance(memory, wasmtime.Memory):
            raise RuleRefused("interface", "the module for batches has no memory, or does not say where it is free")
        self._heap = -(-heap.value(self._store) // 8) * 8
        self._memory = memory
        self._evaluate = Function(self._store, self._function("evaluate_batch"))
        count = len(layout["outputs"])
        self._record = np.dtype(
            [("status", "<u4"), ("row", "<u4"), ("low", "<i8", count), ("high", "<i8", count), ("presence", "<i8", count), ("needs", "<i8", count)]
        )
        self.records: Ints = np.empty(0, self._record)

    def _function(self, name: str) -> Any:
        function = self._exports.get(name)
        if not isinstance(function, wasmtime.Func):
            raise RuleRefused("interface", f"the module for batches has no {name}")
        return function

    def configure(self, settings: Settings) -> None:
        """Puts settings in force, and no others."""
        for place, value in enumerate(settings):
            name, arguments = ("unconfigure", (place,)) if value is None else ("configure", (place, value))
            if self._function(name)(self._store, *arguments):
                raise RuleRefused("stopped", "the module for batches refuses a setting that the module allows")

    def prepare(self, read: Mapping[str, Column], outputs: Sequence[int]) -> None:
        """Sets room aside for these columns and these outputs, and writes where they are."""
        layout, self._end = self.layout, self._heap
        self._columns, self._out = self._room(layout["columns"]), self._room(layout["columns_out"])
        self._places = {name: (self._room(self.chunk * of.width), self._room(self.chunk // 8 + 8)) for name, of in read.items()}
        widths = {output: layout["outputs"][output]["bytes"] for output in outputs}
        low = {output: self._room(self.chunk * width) for output, width in widths.items()}
        none = self._room(4 * self.chunk + 8)
        status, records = self._room(4 * self.chunk), self._room(self._record.itemsize * self.chunk)
        pages = -(-self._end // PAGE) - self._memory.size(self._store)
        if pages > 0:
            try:
                self._memory.grow(self._store, pages)
            except wasmtime.WasmtimeError:
                raise LimitReached("room") from None
        self._bytes: Ints = np.ctypeslib.as_array(self._memory.get_buffer_ptr(self._store))
        self._bytes[self._columns : self._out + layout["columns_out"]] = 0
        self._at = {name: self._view(places[0], read[name].dtype) for name, places in self._places.items()}
        self._there = {name: self._bytes[places[1] : places[1] + self.chunk // 8 + 8] for name, places in self._places.items()}
        self.low = {output: self._view(low[output], np.dtype(f"i{width}")) for output, width in widths.items()}
        self.status = self._view(status, np.dtype("u4"))
        self._records = self._view(records, self._record)
        self._slot(self._out, status)
        self._slot(self._out + 8, records)
        self._slot(self._out + 16, self.chunk)
        for output, at in low.items():
            self._slot(self._out + 24 + 8 * output, at)
        if layout["events"]:
            self._bytes[none : none + 4 * self.chunk + 8] = 0
            self._slot(self._columns + 16, (1 << len(layout["events"])) - 1)
            for part in range(3 + len(layout["event_field_bytes"])):
                self._slot(self._columns + layout["columns_events"] + 8 * part, none)
        if "as_of" in self._places:
            self._slot(self._columns + 8, self._places["as_of"][0])
        # Where all are there, nothing says which.
        self._whole = {name for name, of in read.items() if of.valid is None and not name.endswith(".none") and f"{name}.none" not in read}
        for place, fact in enumerate(layout["facts"]):
            places = self._places.get(fact["name"], ())
            for part, at in enumerate(places[:1] if fact["name"] in self._whole else places):
                self._slot(self._columns + 32 + 16 * place + 8 * part, at)

    def _room(self, count: int) -> int:
        at: int = self._end
        self._end = -(-(at + count) // 64) * 64
        return at

    def _view(self, at: int, dtype: np.dtype[Any]) -> Ints:
        view: Ints = self._bytes[at : at + dtype.itemsize * self.chunk].view(dtype)
        return view

    def _slot(self, at: int, value: int) -> None:
        self._bytes[at : at + 8] = np.frombuffer(value.to_bytes(8, "little"), dtype=np.uint8)

    def fill(self, read: Mapping[str, Column], start: int, stop: int) -> list[tuple[int, str]]:
        """Writes these rows of the columns; the rows and columns that are refused."""
        count = stop - start
        refused: list[tuple[int, str]] = []
        for name, of in read.items():
            bad = of.fill(self._at[name][:count], start, stop)
            if bad is not None:
                refused += [(start + int(row), name) for row in np.flatnonzero(bad)]
                # The row may be asked about as a case: something that the module takes must stand there.
                self._at[name][:count][bad] = of.low
            if name in self._whole:
                continue
            there = np.packbits(of.valid[start:stop], bitorder="little") if of.valid is not None else None
            if there is None:
                self._there[name][: count // 8 + 1] = 255
            else:
                self._there[name][: len(there)] = there
        for name in read:
            if name.endswith(".none") and name.removesuffix(".none") in self._places:
                refused += self._nones(name, read, start, count)
        return refused

    def _nones(self, name: str, read: Mapping[str, Column], start: int, count: int) -> list[tuple[int, str]]:
        """Where a fact is recorded as none; one that has a value as well is refused."""
        fact = name.removesuffix(".none")
        there = np.unpackbits(self._there[name], count=count, bitorder="little").astype(bool)
        none = there & (self._at[name][:count] == 1)
        known = np.unpackbits(self._there[fact], count=count, bitorder="little").astype(bool)
        self._at[fact][:count][none] = np.iinfo(read[fact].dtype).min
        self._there[fact][: -(-count // 8)] = np.packbits(known | none, bitorder="little")
        return [(start + int(row), name) for row in np.flatnonzero(none & known)[:51]]

    def answer(self, rows: int) -> None:
        """Answers the rows that were filled in."""
        incomplete = self._evaluate(rows, self._columns, self._out)
        if incomplete < 0:
            raise RuleRefused("stopped", f"the module gives {incomplete} for a batch with room for every row")
        self.records = self._records[:incomplete]


class BatchPool:
    """The module for batches, and its instances: one for each table that is answered at a time."""

    def __init__(self, content: bytes, layout: Mapping[str, Any]) -> None:
        self._engine, self._layout = wasmtime.Engine(), layout
        self._module = wasmtime.Module(self._engine, content)
        self._idle: list[Batches] = []
        self._lock = threading.Lock()

    @contextmanager
    def instance(self, settings: Settings) -> Iterator[Batches]:
        """One that nobody else has meanwhile."""
        with self._lock:
            batches = self._idle.pop() if self._idle else None
        batches = batches or Batches(self._engine, self._module, self._layout)
        batches.configure(settings)
        yield batches
        with self._lock:
            if not self._idle:
                self._idle.append(batches)
