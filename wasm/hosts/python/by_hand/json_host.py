"""A rule in Python, by JSON: a case in, its answers out. Written from wasm/ABI.md and the manifest alone; needs `pip install wasmtime`."""

import hashlib
import json
import re
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import wasmtime

UNITS = {"W": 604_800_000, "D": 86_400_000, "H": 3_600_000, "M": 60_000, "S": 1_000}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def integer(kind, value):
    """What `configure` takes for a value of a type of the manifest."""
    match kind["kind"]:
        case "number":
            return int(Decimal(str(value)).scaleb(kind["places"]))
        case "enum":
            return kind["variants"].index(value)
        case "duration":
            return sum(int(Decimal(number) * UNITS[unit]) for number, unit in re.findall(r"([\d.]+)([WDHMS])", value))
        case "date":
            return (date.fromisoformat(value) - EPOCH.date()).days
        case "instant":
            return (datetime.fromisoformat(value.replace("Z", "+00:00")) - EPOCH) // timedelta(milliseconds=1)
        case "time_of_day":
            at = time.fromisoformat(value)
            return at.hour * UNITS["H"] + at.minute * UNITS["M"] + at.second * UNITS["S"] + at.microsecond // 1_000
        case _:
            return int(value)


class Rule:
    def __init__(self, path):
        module, self.manifest = path.read_bytes(), json.loads(path.with_suffix(".manifest.json").read_bytes())
        if hashlib.sha256(module).hexdigest() != self.manifest["module"]["sha256"]:
            raise ValueError("this is not the module that its manifest names")
        self.store = wasmtime.Store()
        self.exports = wasmtime.Instance(self.store, wasmtime.Module(self.store.engine, module), []).exports(self.store)
        if self.exports["abi_version"].value(self.store) != 3:
            raise ValueError("it speaks a version of the binary interface that this host does not know")

    def configure(self, settings):
        for number, of in enumerate(self.manifest["layout"]["parameters"]):
            if of["name"] not in settings:
                self.exports["unconfigure"](self.store, number)
            elif self.exports["configure"](self.store, number, integer(of["type"], settings[of["name"]])):
                raise ValueError(f"{of['name']} is not a setting that the rule allows")

    def evaluate(self, case):
        """The status, and what the module says: a record of answers, or what is wrong with the case."""
        text = json.dumps(case).encode()
        self.exports["reset"](self.store)
        at = self.exports["alloc"](self.store, len(text))
        self.exports["memory"].write(self.store, text, at)
        status = self.exports["evaluate_json"](self.store, at, len(text))
        start, count = (self.exports[name](self.store) for name in ("json_out", "json_out_bytes"))
        return status, json.loads(self.exports["memory"].read(self.store, start, start + count) or "null")
