"""What a case and a row cost on this machine, in time of one processor: `speed.py news2.wasm`."""

import json
import sys
import time
from statistics import median

import numpy as np
import pandas
import polars
import pyarrow as pa

from concord import Rule
from concord.table.batches import Batches

ROWS = 1_000_000
RUNS = 11
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
    """Of all that is done, and of the module's own calls: the median of a number of runs."""
    global inside
    rule.evaluate_table(columns, ["total", "risk"])
    whole, own = [], []
    for _ in range(RUNS):
        inside, begin = 0.0, time.process_time()
        rule.evaluate_table(columns, ["total", "risk"])
        whole.append(time.process_time() - begin)
        own.append(inside)
    return median(whole), median(own)


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
    kinds = {"Arrow": arrow, "pandas": arrow.to_pandas(), "Polars": polars.from_arrow(arrow)}
    print(f"row {table(rule, arrow)[0] / ROWS * 1e9:.0f} ns")
    print(f"a million rows; a module's own time is that of its calls alone, for the same columns once they lie in its memory; medians of {RUNS}")
    for module in ("itself", "for batches") if rule._batches else ("itself",):
        asked = rule if module == "for batches" else Rule.load(rule._content, allow_draft=True)
        for kind, columns in kinds.items():
            whole, own = table(asked, columns)
            print(f"  {kind:<7} the module {module:<12} {own * 1e3:5.1f} ms of its own, {whole * 1e3:5.1f} in all: {whole / own:.2f} times")


if __name__ == "__main__":
    main(*sys.argv[1:])
