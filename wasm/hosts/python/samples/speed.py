"""What a case and a row cost on this machine, in time of one processor: `speed.py news2.wasm`."""

import json
import sys
import time

import numpy as np
import pandas
import polars
import pyarrow as pa

from concord import Rule
from concord.table.batches import Batches

ROWS = 1_000_000
CASE = {"respiration_rate": 25, "spo2": 91, "scale": "scale_1", "on_oxygen": True, "systolic": 90, "pulse": 131, "consciousness": "voice", "temperature": 35.0}


def observations():
    """A million rows, as a table of Arrow."""
    at_random = np.random.default_rng(2017)
    whole = lambda low, high: at_random.integers(low, high + 1, ROWS)
    choice = lambda *names: pa.DictionaryArray.from_arrays(whole(0, len(names) - 1).astype(np.int8), list(names))
    return pa.table(
        {
            "respiration_rate": whole(8, 30),
            "spo2": whole(85, 100),
            "scale": choice("scale_1", "scale_2"),
            "on_oxygen": whole(0, 1).astype(bool),
            "systolic": whole(80, 230),
            "pulse": whole(30, 150),
            "consciousness": choice("alert", "new_confusion", "voice", "pain", "unresponsive"),
            "temperature": whole(340, 400) / 10,
        }
    )


inside = 0.0
answer = Batches.answer


def timed(self, rows):
    """The call of the module, and its time."""
    global inside
    begin = time.process_time()
    answer(self, rows)
    inside += time.process_time() - begin


def table(rule, columns):
    """The best of five, of all that is done and of what the module does."""
    global inside
    times = []
    for _ in range(5):
        inside, begin = 0.0, time.process_time()
        rule.evaluate_table(columns, ["total", "risk"])
        times.append((time.process_time() - begin, inside))
    return min(times)


def main(path):
    rule = Rule.load(path, allow_draft=True)
    text = json.dumps(CASE).encode()
    for name, given in (("case", text), ("a case as a map, its answers read:", CASE)):
        begin = time.process_time()
        for _ in range(10_000):
            decision = rule.evaluate(given)
            if given is CASE:
                dict(decision.answers)
        print(f"{name} {(time.process_time() - begin) / 10_000 * 1e9:.0f} ns")
    Batches.answer = timed
    arrow = observations()
    alone = Rule.load(rule._content, allow_draft=True)
    rows = [("Arrow", rule, arrow), ("Arrow, no module for batches", alone, arrow), ("pandas", rule, arrow.to_pandas()), ("Polars", rule, polars.from_arrow(arrow))]
    for name, of, columns in rows:
        total, module = table(of, columns)
        if name == "Arrow":
            print(f"row {total / ROWS * 1e9:.0f} ns")
        print(f"a million rows from {name}: {total * 1e3:.1f} ms, of which the module takes {module * 1e3:.1f}: {total / module:.2f} times its own")


if __name__ == "__main__":
    main(*sys.argv[1:])
