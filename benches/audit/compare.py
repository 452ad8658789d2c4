"""The same audit of the same file by Concord, DuckDB and Polars: seconds of processor time, peak memory, and counts that must be equal.

    python3 benches/audit/compare.py target/release/concord [CASES] [shuffled]

Each runs in a process of its own, the peers on one thread. They read the file, find what the five obligations of rules/acute/sepsis ask for in
each case, and count verdicts by trust and month; Concord does the same and, besides, checks every value, hashes the file, computes limits and
writes the report. Needs duckdb and polars; one that is not installed is named and left out. With `shuffled` the rows stand in no order.
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


def run(command, **environment):
    """Seconds of processor time, peak memory in MB, and what a process wrote."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ran = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **environment})
    out, err = ran.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if ran.returncode:
        return None, err.decode().strip().splitlines()[-4:]
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, out


def main():
    words = sys.argv[1:]
    if words[0] in ("duckdb", "polars"):
        counted = {"duckdb": in_duckdb, "polars": in_polars}[words[0]](words[1])
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"counts": summed(counted), "peak": peak}))
        return
    concord = words[0]
    cases = next((int(word) for word in words[1:] if word.isdigit()), 1_000_000)
    file = make(cases, "shuffled" in words)
    print(f"{cases} cases, {file.stat().st_size / 1e6:.0f} MB", flush=True)
    out = FOLDER / "report"
    seconds, wrote = run([
        "/usr/bin/env", "python3", "-c",
        "import os, resource, subprocess, sys; "
        "done = subprocess.run(sys.argv[1:], stderr=subprocess.PIPE); sys.stderr.buffer.write(done.stderr); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)",
        concord, "audit", str(ROOT / "rules/acute/sepsis"), "--data", str(file), "--map", str(HERE / "sepsis.map.toml"),
        "--as-of", "2016-01-01T00:00:00Z", "--out", str(out), "--no-disclosure-control", "a benchmark"])
    if seconds is None:
        sys.exit(f"concord: {wrote}")
    counts = ours(out)
    print(f"concord {seconds:7.2f} s  {int(wrote) / 1024:7.0f} MB", flush=True)
    for name in ["duckdb", "polars"]:
        theirs, told = run([sys.executable, __file__, name, str(file)], POLARS_MAX_THREADS="1")
        if theirs is None:
            print(f"!! {name} was NOT measured: {told}")
            continue
        told = json.loads(told)
        print(f"{name:7} {theirs:7.2f} s  {told['peak'] / 1024:7.0f} MB   concord takes {seconds / theirs:.2f} × its time", flush=True)
        if told["counts"] != counts:
            other = [key for key in sorted({*counts, *told["counts"]}) if counts.get(key) != told["counts"].get(key)]
            sys.exit(f"{name} counts otherwise: {[(key, counts.get(key), told['counts'].get(key)) for key in other[:10]]}")


if __name__ == "__main__":
    main()
