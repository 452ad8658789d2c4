"""A module in wasmtime: compiled once, run in instances that threads share by turns."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import wasmtime

from .calls import Function
from .errors import LimitReached, RuleRefused, stopped

INTERFACE = 3
FOREVER = 1 << 62
TICK = 0.002
PATIENCE = 10
"""Seconds that a module has to say what it is, and to try itself."""
ROOM = 16_384
"""Room for the text of a case that each instance keeps; a longer one is given its own."""
KEPT = 4 << 20
"""An instance that has grown by more is not kept."""
IDLE = 64
"""So many that wait for a call are kept."""
UNSIGNED = 0xFFFF_FFFF
"""Addresses and sizes come as signed numbers, and are none."""
NAMES = (
    *("alloc", "reset", "evaluate_json", "explain_json", "configure_json", "json_out", "json_out_bytes", "self_test"),
    *("describe", "describe_bytes", "evaluate_batch", "configure", "unconfigure"),
)
"""The functions that a host calls."""


class Clock:
    """Ticks while a call has a deadline: what the engine compares deadlines with."""

    def __init__(self, engine: wasmtime.Engine) -> None:
        self._engine = engine
        self._waiting = 0
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None

    @contextmanager
    def within(self, store: wasmtime.Store, deadline: float | None) -> Iterator[None]:
        """Stops what the store runs once the deadline, in seconds, has passed."""
        if deadline is None:
            yield
            return
        with self._change:
            self._waiting += 1
            if self._thread is None or not self._thread.is_alive():  # a fork takes no threads along
                self._thread = threading.Thread(target=self._tick, name="concord deadlines", daemon=True)
                self._thread.start()
            self._change.notify()
        store.set_epoch_deadline(max(1, round(deadline / TICK)) + 1)
        try:
            yield
        finally:
            store.set_epoch_deadline(FOREVER)
            with self._change:
                self._waiting -= 1

    def _tick(self) -> None:
        while True:
            with self._change:
                if not self._waiting and not self._change.wait_for(lambda: self._waiting, timeout=10):
                    self._thread = None
                    return
            time.sleep(TICK)
            self._engine.increment_epoch()


def _engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.epoch_interruption = True
    config.parallel_compilation = False  # its threads are not there in a process that was forked, which would wait for them for ever
    return wasmtime.Engine(config)


ENGINE = _engine()
CLOCK = Clock(ENGINE)


@contextmanager
def in_time(store: wasmtime.Store) -> Iterator[None]:
    """For what a whole module does in an instant: one that is damaged may go on for ever."""
    try:
        with CLOCK.within(store, PATIENCE):
            yield
    except LimitReached as error:
        raise RuleRefused("stopped", f"it did not come to an end within {PATIENCE} s: it is damaged") from error


class Instance:
    """One running module. It serves one call at a time."""

    def __init__(self, module: wasmtime.Module) -> None:
        self.store = wasmtime.Store(ENGINE)
        self.store.set_epoch_deadline(FOREVER)
        self._exports = started(self.store, module)
        memory = self._exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self.memory = memory
        self._calls: dict[str, Function] = {}
        self._room = self.call("alloc", ROOM)
        self._most = self.memory.data_len(self.store) + KEPT
        self.settings = b"{}"
        """Those in force, as they were given."""

    def call(self, name: str, *arguments: int) -> int:
        """What a function of the module gives."""
        function = self._calls.get(name)
        if function is None:
            exported = self._exports[name]
            assert isinstance(exported, wasmtime.Func)
            function = self._calls[name] = Function(self.store, exported)
        return function(*arguments)

    def say(self, name: str, text: bytes) -> tuple[int, str]:
        """Gives a text to a function of the module: the status, and what it says."""
        address = self._room
        if len(text) > ROOM:
            address = self.call("alloc", len(text))
            if not address:
                raise LimitReached("room")
        self.write(address, text)
        status = self.call(name, address, len(text))
        if status == 3:
            raise LimitReached("room")
        with stopped("what the module says is no text"):
            said = self.read(self.call("json_out"), self.call("json_out_bytes")).decode()
        if address != self._room:
            self.call("reset")
            self._room = self.call("alloc", ROOM)
        return status, said

    def write(self, address: int, content: bytes) -> None:
        """Puts bytes into the memory, where the module has given room."""
        address &= UNSIGNED
        if address + len(content) > self.memory.data_len(self.store):
            raise RuleRefused("stopped", "the module gave room outside its memory")
        ctypes.memmove(ctypes.addressof(self.memory.data_ptr(self.store).contents) + address, content, len(content))

    def read(self, address: int, count: int) -> bytes:
        """What stands in the memory."""
        address, count = address & UNSIGNED, count & UNSIGNED
        if address + count > self.memory.data_len(self.store):
            raise RuleRefused("stopped", "what the module says stands outside its memory")
        return ctypes.string_at(ctypes.addressof(self.memory.data_ptr(self.store).contents) + address, count)

    def small(self) -> bool:
        """Whether it is worth keeping: a large case makes the memory grow, and nothing makes it shrink."""
        return self.memory.data_len(self.store) <= self._most

    def describe(self) -> bytes:
        """The manifest that the module carries, as it stands."""
        return self.read(self.call("describe"), self.call("describe_bytes"))


class Pool:
    """Instances of a module: as many as there are calls at a time."""

    def __init__(self, module: wasmtime.Module) -> None:
        self._module = module
        self._idle: list[Instance] = []
        self._lock = threading.Lock()

    @contextmanager
    def instance(self, settings: bytes = b"{}") -> Iterator[Instance]:
        """One that nobody else has meanwhile: with these settings in force, if there is such a one. It is kept unless the call failed."""
        with self._lock:
            place = next((at for at, idle in enumerate(self._idle) if idle.settings == settings), -1)
            instance = self._idle.pop(place) if self._idle else None
        instance = instance or Instance(self._module)
        yield instance
        if instance.small():
            with self._lock:
                if len(self._idle) < IDLE:
                    self._idle.append(instance)

    def idle(self) -> int:
        """How many wait for a call."""
        with self._lock:
            return len(self._idle)


def compile_module(content: bytes) -> wasmtime.Module:
    """The module, where it is one that this host can run."""
    if content[:4] != b"\0asm":
        raise RuleRefused("module", "this is not a WebAssembly module")
    try:
        module = wasmtime.Module(ENGINE, content)
    except wasmtime.WasmtimeError as error:
        raise RuleRefused("module", str(error).splitlines()[0]) from error
    if module.imports:
        raise RuleRefused("module", "it has imports, and a rule needs nothing but a case")
    if has_start(content):
        raise RuleRefused("module", "something of it would run before it is asked: it is no module of a rule")
    return module


def has_start(content: bytes) -> bool:
    """Whether a module, which the engine has taken, names a function that runs when it is started: nothing would stop that."""
    place = 8
    while place < len(content):
        kind, size, shift = content[place], 0, 0
        place += 1
        while True:
            byte = content[place]
            place += 1
            size |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
        if kind == 8:
            return True
        place += size
    return False


def started(store: wasmtime.Store, module: wasmtime.Module) -> wasmtime._instance.InstanceExports:
    """What an instance of a module has."""
    try:
        return wasmtime.Instance(store, module, []).exports(store)
    except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
        raise RuleRefused("module", f"it does not start: {str(error).splitlines()[0]}") from error


def hold_to_interface(module: wasmtime.Module) -> None:
    """Whether the module speaks the version of the interface that this host knows, and takes JSON."""
    store = wasmtime.Store(ENGINE)
    store.set_epoch_deadline(FOREVER)
    exports = started(store, module)
    version = exports.get("abi_version")
    said = version.value(store) if isinstance(version, wasmtime.Global) else "none"
    if said != INTERFACE:
        raise RuleRefused("interface", f"it speaks version {said} of the interface, and this host version {INTERFACE}")
    if not isinstance(exports.get("memory"), wasmtime.Memory) or not isinstance(exports.get("heap"), wasmtime.Global):
        raise RuleRefused("interface", "it has no memory, or does not say where it is free")
    if not all(isinstance(exports.get(name), wasmtime.Func) for name in NAMES):
        raise RuleRefused("json", "it takes no cases as JSON, or carries no manifest: built with --no-json")
