"""The same audit of the same file by Concord, DuckDB and Polars: seconds of processor time, peak memory, and counts that must be equal.

    cargo build --release && cargo build --release -p concord-benches --example bare_csv
    python3 benches/audit/compare.py target/release/concord [CASES ...] [shuffled]

100,000 and 1,000,000 cases where nothing is said; 10000000 takes twenty minutes. Each contestant runs in a process of its own, the peers on one
thread. They read the file, find what the five obligations of rules/acute/sepsis ask for in each case, and count verdicts by trust and month;
Concord does the same and, besides, checks every value, hashes the file, computes limits and writes the report. `csv` reads the columns that
the mapping names with the crate of that name and does nothing else. Then Concord alone on one core and on two: seconds by the clock.
Needs duckdb and polars; one that is not installed is named and left out. With `shuffled` the rows stand in no order.
"""
import csv
import json
import os
import random
import resource
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "target" / "audit"
COLUMNS = ["age", "crp", "infectionsuspected", "hypotensie", "hypoxie", "disfuncorg", "lacticacid", "leucocytes", "oligurie", "sirscriteria2ormore"]
OBLIGATIONS = ["antibiotics_1h", "lactate_3h", "fluids_1h", "lactate_before_antibiotics", "bloods_before_antibiotics"]
# The columns that the mapping names: what `csv` reads.
USED = ["case_id", "trust", "activity", "timestamp", *(name for name in COLUMNS)]
HOUR = 3_600


def make(cases, shuffled):
    """The file: the log's cases one after the other, again and again, each with a number and a trust of its own."""
    path = FOLDER / f"{cases}{'-shuffled' if shuffled else ''}.csv"
    if path.exists():
        return path
    log = {}
    with open(ROOT / "tests/data/sepsis/sepsis.csv", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            rest = ";".join([row["activity"], row["timestamp"], *(row[name] for name in COLUMNS)])
            log.setdefault(row["case_id"], []).append(rest)
    log = list(log.values())
    FOLDER.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    lines = []
    with open(part, "w") as out:
        out.write(";".join(["case_id", "trust", "activity", "timestamp", *COLUMNS]) + "\n")
        for number in range(cases):
            start = f"P{number:07};R{(number * 7919 >> 3) % 100:02};"
            rows = [f"{start}{row}\n" for row in log[number % len(log)]]
            if shuffled:
                lines += rows
            else:
                out.writelines(rows)
        random.Random(1).shuffle(lines)
        out.writelines(lines)
    part.rename(path)
    return path


QUERY = """
WITH rows AS (
  SELECT case_id, trust, activity, timestamp AS t, age, lacticacid,
         row_number() OVER () AS place
  FROM read_csv('{file}', delim = ';', header = true, nullstr = 'NA', columns = {{{types}}})
), events AS (
  SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY t, place) AS n FROM rows
), firsts AS (
  SELECT case_id, any_value(trust) AS trust, first(age ORDER BY place) FILTER (WHERE age IS NOT NULL) AS age,
         min(t) FILTER (WHERE activity = 'ER Sepsis Triage') AS triage,
         min(t) FILTER (WHERE activity = 'IV Antibiotics') AS antibiotics,
         min(n) FILTER (WHERE activity = 'IV Antibiotics') AS antibiotics_n,
         min(t) FILTER (WHERE activity = 'IV Liquid') AS fluids,
         min(t) FILTER (WHERE activity = 'LacticAcid') AS lactate,
         min(n) FILTER (WHERE activity = 'LacticAcid') AS lactate_n,
         min(n) FILTER (WHERE activity = 'Leucocytes') AS bloods_n,
         min(t) FILTER (WHERE activity LIKE 'Release%') AS released
  FROM events GROUP BY case_id
), high AS (
  SELECT e.case_id, min(e.t) AS t
  FROM rows e JOIN firsts f USING (case_id)
  WHERE e.activity = 'LacticAcid' AND e.lacticacid > 2.0 AND e.t <= f.triage + INTERVAL 3 HOUR
  GROUP BY e.case_id
), verdicts AS (
  SELECT trust, triage, antibiotics AS given, h.t AS high,
         CASE WHEN triage IS NULL THEN NULL WHEN antibiotics <= triage + INTERVAL 1 HOUR THEN 'met'
              WHEN antibiotics IS NOT NULL THEN 'late' ELSE 'missed' END AS antibiotics_1h,
         CASE WHEN triage IS NULL THEN NULL WHEN lactate IS NULL AND released <= triage + INTERVAL 3 HOUR THEN NULL
              WHEN lactate <= triage + INTERVAL 3 HOUR THEN 'met' WHEN lactate IS NOT NULL THEN 'late' ELSE 'missed' END AS lactate_3h,
         CASE WHEN h.t IS NULL THEN NULL WHEN fluids <= h.t + INTERVAL 1 HOUR THEN 'met'
              WHEN fluids IS NOT NULL THEN 'late' ELSE 'missed' END AS fluids_1h,
         CASE WHEN antibiotics IS NULL THEN NULL WHEN lactate_n < antibiotics_n THEN 'met'
              WHEN lactate_n IS NOT NULL THEN 'late' ELSE 'missed' END AS lactate_before_antibiotics,
         CASE WHEN antibiotics IS NULL THEN NULL WHEN bloods_n < antibiotics_n THEN 'met'
              WHEN bloods_n IS NOT NULL THEN 'late' ELSE 'missed' END AS bloods_before_antibiotics
  FROM firsts LEFT JOIN high h USING (case_id) WHERE age >= 16
)
{counts}
"""


def in_duckdb(file):
    import duckdb
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    numbers = {"age": "INTEGER", "crp": "INTEGER", "lacticacid": "DOUBLE", "leucocytes": "DOUBLE"}
    types = ["case_id", "trust", "activity", "timestamp", *COLUMNS]
    types = ", ".join(f"'{name}': '{'TIMESTAMP' if name == 'timestamp' else numbers.get(name, 'VARCHAR')}'" for name in types)
    trigger = {"antibiotics_1h": "triage", "lactate_3h": "triage", "fluids_1h": "high"}
    counts = " UNION ALL ".join(
        f"SELECT '{name}' AS name, trust, date_trunc('month', {trigger.get(name, 'given')}) AS month, {name} AS verdict, count(*) AS n "
        f"FROM verdicts WHERE {name} IS NOT NULL GROUP BY ALL" for name in OBLIGATIONS)
    rows = connection.execute(QUERY.format(file=file, types=types, counts=counts)).fetchall()
    return [(name, trust, verdict, n) for name, trust, _, verdict, n in rows]


def in_polars(file):
    import polars as pl
    numbers = {"age": pl.Int32, "crp": pl.Int32, "lacticacid": pl.Float64, "leucocytes": pl.Float64}
    at, place = pl.col("at"), pl.col("n")
    rows = pl.scan_csv(file, separator=";", null_values="NA", schema_overrides={**dict.fromkeys(COLUMNS, pl.String), **numbers})
    rows = rows.select("case_id", "trust", "activity", "age", "lacticacid",
                       at=pl.col("timestamp").str.strptime(pl.Datetime("ms"), "%Y-%m-%dT%H:%M:%SZ").dt.epoch("s"))
    events = rows.sort("case_id", "at", maintain_order=True).with_row_index("n").with_columns(pl.col("n").cast(pl.Int64))

    def first(activity, of):
        return of.filter(pl.col("activity") == activity).min()

    released = at.filter(pl.col("activity").str.starts_with("Release")).min()
    triage = first("ER Sepsis Triage", at)
    high = (pl.col("activity") == "LacticAcid") & (pl.col("lacticacid") > 2.0) & (at <= triage + 3 * HOUR)
    cases = events.group_by("case_id").agg(
        pl.col("trust").first(), pl.col("age").drop_nulls().first(), triage=triage,
        given=first("IV Antibiotics", at), given_n=first("IV Antibiotics", place), fluids=first("IV Liquid", at),
        lactate=first("LacticAcid", at), lactate_n=first("LacticAcid", place), bloods_n=first("Leucocytes", place),
        released=released, high=at.filter(high).min()).filter(pl.col("age") >= 16)

    def timed(done, trigger, within):
        done, trigger = pl.col(done), pl.col(trigger)
        verdict = pl.when(done <= trigger + within).then(pl.lit("met")).when(done.is_not_null()).then(pl.lit("late")).otherwise(pl.lit("missed"))
        return pl.when(trigger.is_not_null()).then(verdict)

    def before(done):
        verdict = pl.when(pl.col(done) < pl.col("given_n")).then(pl.lit("met")).when(pl.col(done).is_not_null()).then(pl.lit("late"))
        return pl.when(pl.col("given").is_not_null()).then(verdict.otherwise(pl.lit("missed")))

    excused = pl.col("lactate").is_null() & (pl.col("released") <= pl.col("triage") + 3 * HOUR).fill_null(False)
    verdicts = cases.with_columns(
        antibiotics_1h=timed("given", "triage", HOUR), lactate_3h=pl.when(~excused).then(timed("lactate", "triage", 3 * HOUR)),
        fluids_1h=timed("fluids", "high", HOUR), lactate_before_antibiotics=before("lactate_n"),
        bloods_before_antibiotics=before("bloods_n")).collect()
    trigger = {"antibiotics_1h": "triage", "lactate_3h": "triage", "fluids_1h": "high"}
    counted = []
    for name in OBLIGATIONS:
        month = pl.from_epoch(trigger.get(name, "given"), time_unit="s").dt.truncate("1mo")
        groups = verdicts.filter(pl.col(name).is_not_null()).group_by("trust", month.alias("month"), name).len()
        counted += [(name, trust, verdict, n) for trust, _, verdict, n in groups.iter_rows()]
    return counted


def summed(rows):
    counts = {}
    for name, trust, verdict, n in rows:
        counts[f"{name} {trust} {verdict}"] = counts.get(f"{name} {trust} {verdict}", 0) + n
    return counts


def ours(results):
    audit = json.loads((results / "results.json").read_text())["audits"][0]
    rows = [(obligation["name"], trust, verdict, counts[verdict])
            for obligation in audit["obligations"] for trust, counts in obligation["organisations"]
            for verdict in ["met", "late", "missed"] if counts[verdict]]
    return summed(rows)


MEASURED = (
    "import os, resource, subprocess, sys, time; begin = time.monotonic(); done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE); "
    "own = resource.getrusage(resource.RUSAGE_CHILDREN); sys.stderr.buffer.write(done.stderr); "
    "print(own.ru_utime + own.ru_stime, time.monotonic() - begin, own.ru_maxrss); sys.exit(done.returncode)")


def run(command, cores=None, **environment):
    """Seconds of processor time, seconds by the clock, peak memory in MB, of a process of its own; and what it says of itself where it fails."""
    command = [sys.executable, "-c", MEASURED, *command]
    if cores:
        command = ["taskset", "-c", cores, *command]
    ran = subprocess.run(command, capture_output=True, env={**os.environ, **environment})
    if ran.returncode:
        return None, ran.stderr.decode().strip().splitlines()[-4:]
    processor, clock, peak = map(float, ran.stdout.decode().split())
    return (processor, clock, peak / 1024), None


def audit(concord, file, cores=None, threads=None):
    """Concord's figures and its counts."""
    out = FOLDER / "report"
    more = ["--threads", str(threads)] if threads else []
    figures, why = run([
        concord, "audit", str(ROOT / "rules/acute/sepsis"), "--data", str(file), "--map", str(HERE / "sepsis.map.toml"), *more,
        "--as-of", "2016-01-01T00:00:00Z", "--out", str(out), "--no-disclosure-control", "a benchmark"], cores)
    if figures is None:
        sys.exit(f"concord: {why}")
    return figures, ours(out)


def compare(concord, cases, shuffled):
    file = make(cases, shuffled)
    print(f"{cases} cases, {file.stat().st_size / 1e6:.0f} MB", flush=True)
    # As the others: one thread.
    (seconds, one, peak), counts = audit(concord, file, "0", 1)
    print(f"concord {seconds:8.2f} s {peak:7.0f} MB", flush=True)
    for name in ["duckdb", "polars"]:
        told = FOLDER / f"{name}.json"
        theirs, why = run([sys.executable, __file__, name, str(file), str(told)], POLARS_MAX_THREADS="1")
        if theirs is None:
            print(f"!! {name} was NOT measured: {why}")
            continue
        print(f"{name:7} {theirs[0]:8.2f} s {theirs[2]:7.0f} MB   concord takes {seconds / theirs[0]:.2f} x its time", flush=True)
        found = json.loads(told.read_text())
        if found != counts:
            other = [key for key in sorted({*counts, *found}) if counts.get(key) != found.get(key)]
            sys.exit(f"{name} counts otherwise: {[(key, counts.get(key), found.get(key)) for key in other[:10]]}")
    bare = Path(concord).parent / "examples" / "bare_csv"
    theirs, why = run([str(bare), str(file), ";", *USED]) if bare.exists() else (None, f"{bare} is not built")
    if theirs is None:
        print(f"!! csv was NOT measured: {why}")
    else:
        print(f"csv     {theirs[0]:8.2f} s {theirs[2]:7.0f} MB   concord takes {seconds / theirs[0]:.2f} x its time", flush=True)
    (both, two, most), on_two = audit(concord, file, "0,1")
    if on_two != counts:
        sys.exit("concord counts otherwise on two threads")
    print(f"by the clock {one:.2f} s on one core, {two:.2f} s on two: {one / two:.2f} x, with {both:.2f} s of both and {most:.0f} MB", flush=True)


def main():
    words = sys.argv[1:]
    if words[0] in ("duckdb", "polars"):
        counted = {"duckdb": in_duckdb, "polars": in_polars}[words[0]](words[1])
        Path(words[2]).write_text(json.dumps(summed(counted)))
        return
    sizes = [int(word) for word in words[1:] if word.isdigit()] or [100_000, 1_000_000]
    for cases in sizes:
        compare(words[0], cases, "shuffled" in words)


if __name__ == "__main__":
    main()
