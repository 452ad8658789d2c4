"""Replays the corpus in an engine that Python has: `calls.py wasmtime FOLDER` or `calls.py wasm3 FOLDER`."""

import sys
from pathlib import Path


class Wasmtime:
    """wasmtime, which compiles modules to machine code."""

    def __init__(self, module):
        import wasmtime

        self.store = wasmtime.Store()
        code = wasmtime.Module(self.store.engine, module)
        self.exports = wasmtime.Instance(self.store, code, []).exports(self.store)
        self.memory = self.exports["memory"]

    def call(self, name, arguments):
        return self.exports[name](self.store, *arguments)

    def room(self, end):
        pages = -(-end // 65536) - self.memory.size(self.store)
        if pages > 0:
            self.memory.grow(self.store, pages)

    def put(self, at, data):
        self.memory.write(self.store, data, at)

    def get(self, at, count):
        return bytes(self.memory.read(self.store, at, at + count))


class Wasm3:
    """wasm3, an interpreter for small machines, as its package comes: functions are compiled when they are first called."""

    def __init__(self, module):
        import wasm3

        environment = wasm3.Environment()
        self.runtime = environment.new_runtime(64 * 1024)
        self.module = environment.parse_module(module)
        self.runtime.load(self.module)
        self.functions = {}

    def call(self, name, arguments):
        if name not in self.functions:
            self.functions[name] = self.runtime.find_function(name)
        return self.functions[name](*arguments)

    def room(self, end):
        """Python cannot grow its memory; the module can."""
        if end > len(self.runtime.get_memory(0)):
            raise MemoryError(f"{end} bytes, and the host cannot grow the memory")

    def put(self, at, data):
        self.runtime.get_memory(0)[at : at + len(data)] = data

    def get(self, at, count):
        return bytes(self.runtime.get_memory(0)[at : at + count])


def argument(text):
    return int(text.rstrip("L"))


def line_holds(engine, line):
    """Plays one line of a script; what is wrong, or nothing."""
    words = line.split(" ")
    if words[0] == "call":
        *arguments, _, wanted = words[2:]
        found = engine.call(words[1], [argument(text) for text in arguments])
        return None if found == int(wanted) else f"{words[1]} gave {found} and not {wanted}"
    if words[0] == "room":
        return engine.room(int(words[1]))
    data = bytes.fromhex(words[2])
    if words[0] == "put":
        return engine.put(int(words[1]), data)
    found = engine.get(int(words[1]), len(data))
    return None if found == data else f"at {words[1]} stands {found.hex()} and not {words[2]}"


def replay(engine, script):
    """How many trials of a script hold, and what is wrong with the others."""
    trials, wrong, trial = 0, {}, None
    for line in script.splitlines():
        if line.startswith("trial "):
            trials, trial = trials + 1, line[6:]
            continue
        try:
            fault = line_holds(engine, line)
        except Exception as error:
            fault = f"{line.split(' ')[1]}: {error}"
        if fault:
            wrong.setdefault((trials, trial), fault)
    return trials, [f"{trial}: {fault}" for (_, trial), fault in wrong.items()]


def main(engine, folder):
    passed = failed = 0
    for entry in (folder / "index.txt").read_text().splitlines():
        name = entry.split(" ")[0]
        try:
            running = engine((folder / f"{name}.wasm").read_bytes())
            trials, wrong = replay(running, (folder / f"{name}.calls").read_text())
        except Exception as error:
            trials, wrong = int(entry.split(" ")[1]), [f"{error}"] * int(entry.split(" ")[1])
        passed, failed = passed + trials - len(wrong), failed + len(wrong)
        for fault in wrong[:3]:
            print(f"{name}: {fault}", file=sys.stderr)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main({"wasmtime": Wasmtime, "wasm3": Wasm3}[sys.argv[1]], Path(sys.argv[2])))
