"""Spark with two workers gives the tallies of `concord audit`, from the same module: `spark.py MODULE.wasm sepsis.parquet results.json`.

With a number as the fourth argument the cases are repeated so often, and what that takes is printed.
"""

import json
import os
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql import functions as of

from concord import Rule
from concord.spark import answers, tallies

EVENTS = {
    "ER Registration": "Registration",
    "ER Triage": "Triage",
    "ER Sepsis Triage": "SepsisTriage",
    "IV Antibiotics": "Antibiotics",
    "IV Liquid": "Fluids",
    "LacticAcid": "Lactate",
    "CRP": "CRP",
    "Leucocytes": "Leucocytes",
    "Admission NC": "AdmissionNormalCare",
    "Admission IC": "AdmissionIntensiveCare",
    "Return ER": "Return",
    **{f"Release {letter.upper()}": "Release" for letter in "abcde"},
}
FACTS = {
    "age": "age",
    "infection_suspected": "infectionsuspected",
    "sirs_2_or_more": "sirscriteria2ormore",
    "hypotension": "hypotensie",
    "hypoxia": "hypoxie",
    "oliguria": "oligurie",
    "organ_dysfunction": "disfuncorg",
}
AS_OF = "2015-12-30T23:00:00Z"


def cases(spark, parquet):
    """A row for each patient, whose rows stand together after this, in the order of the export."""
    rows = spark.read.parquet(parquet).withColumn("row", of.monotonically_increasing_id())
    names = of.create_map(*(of.lit(text) for pair in EVENTS.items() for text in pair))
    at = of.to_utc_timestamp("timestamp", "Europe/Amsterdam")
    value = of.coalesce(*(of.when(of.col("activity") == name, of.col(name.lower()).cast("string")) for name in ("LacticAcid", "CRP", "Leucocytes")))
    kind = of.when(of.col("activity").startswith("Release"), of.lower(of.substring("activity", 9, 1)))
    event = of.struct(
        names[of.col("activity")].alias("event"),
        of.date_format(at, "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").alias("at"),
        value.cast("double").alias("value"),
        kind.alias("kind"),
    )
    facts = [of.max(column).alias(fact) for fact, column in FACTS.items()]
    events = of.transform(of.array_sort(of.collect_list(of.struct("row", event.alias("event")))), lambda one: one["event"])
    grouped = rows.groupBy("case_id").agg(*facts, events.alias("events"))
    return grouped.select("case_id", of.lit("NL-SEPSIS").alias("trust"), of.to_json(of.struct(*FACTS, "events")).alias("case"))


def main():
    module, parquet, results = sys.argv[1:4]
    times = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    obligations = json.load(open(results))["audits"][0]["obligations"]
    want = [obligation["name"] for obligation in obligations]
    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    rule = Rule.load(module, allow_draft=True)
    frame = cases(spark, parquet)
    if times > 1:
        frame = frame.crossJoin(spark.range(times)).drop("id").repartition(2).cache()
        frame.count()
    begin = time.perf_counter()
    counted = tallies(answers(frame, rule, want, keep=["trust"], as_of=AS_OF), want, by=["trust"]).collect()
    seconds = time.perf_counter() - begin
    wrong = 0
    for obligation in obligations:
        found = {row["value"]: row["cases"] for row in counted if row["answer"] == obligation["name"]}
        expected = {verdict.replace("_", " "): count * times for verdict, count in obligation["verdicts"].items() if count}
        wrong += found != expected
        if found != expected:
            print(f"{obligation['name']}: {found}, and the audit has {expected}", file=sys.stderr)
    all_cases = sum(row["cases"] for row in counted) // len(want)
    print(f"{all_cases} cases, {len(want)} obligations: {wrong} differ from the audit; {seconds:.1f} s on two workers")
    spark.stop()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
