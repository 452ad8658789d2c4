"""The ten constraints of ten.concord in Polars and in DuckDB, on columns in memory: seconds and counts, one JSON line.

Run by `cargo bench -p concord-benches --bench constraints`, which hands over a folder with the columns and compares the counts.
Both are written as their users would write them for speed: one pass over the events for what is first or last in each
case, one more that holds every event to it. Needs polars, duckdb and pyarrow.
"""
import json
import statistics
import sys
import time
from pathlib import Path

import duckdb
import numpy
import polars as pl

ROUNDS = 5
KINDS = ["Registration", "Triage", "SepsisTriage", "Antibiotics", "Fluids", "Lactate", "CRP", "Leucocytes", "Admission", "Release", "Return"]
KIND = {name: place for place, name in enumerate(KINDS)}
MINUTE = 60_000
HOUR = 60 * MINUTE

# Each: its name, what is looked for, within how long, after or before which event, how often at least.
WINDOWS = [
    ("triage_10min", "Triage", 10 * MINUTE, "after", "Registration", 1),
    ("antibiotics_1h", "Antibiotics", HOUR, "after", "SepsisTriage", 1),
    ("lactate_3h", "Lactate", 3 * HOUR, "after", "SepsisTriage", 1),
    ("fluids_2h", "Fluids", 2 * HOUR, "after", "SepsisTriage", 1),
    ("crp_6h", "CRP", 6 * HOUR, "after", "Triage", 1),
    ("admitted_12h", "Admission", 12 * HOUR, "after", "Registration", 1),
    ("two_lactates", "Lactate", 24 * HOUR, "after", "SepsisTriage", 2),
    ("lactate_first", "Lactate", 6 * HOUR, "before", "Antibiotics", 1),
    ("back_28d", "Return", 672 * HOUR, "after", "Release", 1),
]
FIRST = ["Registration", "Triage", "SepsisTriage", "Antibiotics"]


def columns(folder):
    offsets = numpy.fromfile(folder / "offsets.u32", dtype=numpy.uint32)
    kinds = numpy.fromfile(folder / "kinds.u8", dtype=numpy.uint8)
    times = numpy.fromfile(folder / "times.i64", dtype=numpy.int64)
    cases = numpy.repeat(numpy.arange(len(offsets) - 1, dtype=numpy.uint32), numpy.diff(offsets))
    places = numpy.arange(len(kinds), dtype=numpy.uint32)
    return pl.DataFrame({"case": cases, "place": places, "kind": kinds, "ms": times})


def in_polars(events):
    kind, at, place = pl.col("kind"), pl.col("ms"), pl.col("place")
    firsts = [of.filter(kind == KIND[name]).first().alias(f"{what}_{name}")
              for name in FIRST for what, of in (("at", at), ("place", place))]
    last = [of.filter(kind == KIND["Release"]).last().alias(f"{what}_Release") for what, of in (("at", at), ("place", place))]
    anchors = events.lazy().group_by("case", maintain_order=True).agg(*firsts, *last)

    def met(what, within, side, anchor, least):
        there, then = pl.col(f"place_{anchor}"), pl.col(f"at_{anchor}")
        inside = (place > there) & (at - then <= within) if side == "after" else (place < there) & (then - at <= within)
        return (inside & (kind == KIND[what])).sum() >= least

    wanted = pl.when(kind.is_in([KIND["Leucocytes"], KIND["Release"]])).then(at)
    near = wanted.backward_fill().over("case") - at <= 48 * HOUR
    held = events.lazy().with_columns(near=near.fill_null(False)).join(anchors, on="case")
    answers = [met(what, within, side, anchor, least).alias(name) for name, what, within, side, anchor, least in WINDOWS]
    followed = ((kind != KIND["CRP"]) | pl.col("near")).all().alias("followed_up_48h")
    totals = held.group_by("case").agg(*answers, followed).select(pl.exclude("case").sum()).collect()
    return {name: int(total) for name, total in totals.row(0, named=True).items()}


def sentence(within, what, side, anchor, least):
    inside = f"place > place_{anchor} AND ms - at_{anchor} <= {within}"
    if side == "before":
        inside = f"place < place_{anchor} AND at_{anchor} - ms <= {within}"
    return f"count(*) FILTER (kind = {KIND[what]} AND {inside}) >= {least}"


def query():
    anchors = ", ".join(
        f"{function}(ms) FILTER (kind = {KIND[name]}) AS at_{name}, {function}(place) FILTER (kind = {KIND[name]}) AS place_{name}"
        for name, function in [(name, "min") for name in FIRST] + [("Release", "max")])
    answers = ", ".join(f"{sentence(within, what, side, anchor, least)} AS {name}"
                        for name, what, within, side, anchor, least in WINDOWS)
    wanted = f"kind IN ({KIND['Leucocytes']}, {KIND['Release']})"
    near = (f"coalesce(min(ms) FILTER ({wanted}) OVER (PARTITION BY \"case\" ORDER BY place "
            f"ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) - ms <= {48 * HOUR}, false)")
    totals = ", ".join(f"count(*) FILTER ({name}) AS {name}" for name, *_ in WINDOWS)
    return f"""
        WITH anchors AS (SELECT "case", {anchors} FROM events GROUP BY "case"),
             near AS (SELECT "case", bool_and(kind <> {KIND['CRP']} OR near) AS followed_up_48h
                      FROM (SELECT "case", kind, {near} AS near FROM events) GROUP BY "case"),
             held AS (SELECT "case", {answers} FROM events JOIN anchors USING ("case") GROUP BY "case")
        SELECT {totals}, count(*) FILTER (followed_up_48h) AS followed_up_48h FROM held JOIN near USING ("case")"""


def in_duckdb(connection, text):
    rows = connection.execute(text)
    names = [column[0] for column in rows.description]
    return {name: int(total) for name, total in zip(names, rows.fetchone())}


def timed(work, rounds):
    seconds = []
    for _ in range(rounds):
        begin = time.process_time()
        counts = work()
        seconds.append(time.process_time() - begin)
    return {"seconds": statistics.median(seconds), "counts": counts}


def main():
    events = columns(Path(sys.argv[1]))
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    connection.register("given", events.to_arrow())
    connection.execute("CREATE TABLE events AS SELECT * FROM given")
    text = query()
    print(json.dumps({
        "polars": timed(lambda: in_polars(events), ROUNDS),
        "duckdb": timed(lambda: in_duckdb(connection, text), 3),
    }))


if __name__ == "__main__":
    main()
