"""Judgements of one case (`of each E in o`), worked out again from a made-up group in which cases have up to four and fare alike.

    python3 judgements.py CONCORD

Makes up 14 trusts in a folder of its own, audits them with the command given, and holds counts, intervals widened by the design effect (Rao and Scott 1992, Biometrics 48:
577-585) and the design effect itself against the events; then `report.py` holds the funnel and the charts. Needs Python 3.9 or later alone.
"""
import collections
import json
import math
import os
import random
import subprocess
import sys
import tempfile

RULE = """package sample.falls {
  version 1.0.0
  title "Falls"
  source guide "Guide"
  owner "Group"
  use audit
  status draft
  review by 2027-12-31
}
subject Stay {
  trust : organisation
  event Fall
  event Review
}
obligation reviewed "Reviewed within an hour of each fall" {
  source guide "1"
  for each Fall
  expect Review within 1 h
}
measure falls {
  title   "Falls reviewed within an hour"
  source  guide "1"
  of      each Fall in reviewed
  unknown left out
  by      trust, month of trigger
}
"""
MAP = """package = "sample.falls"
version = "1"
title = "Falls"
[source]
format = "csv"
rows = "events"
[case]
columns = ["nr"]
[time]
format = "%Y-%m-%d %H:%M"
zone = "Europe/London"
[labels]
trust = { column = "trust" }
[events]
activity = "what"
at = "at"
[events.map]
Fall = { event = "Fall" }
Review = { event = "Review" }
"""
AUDIT = """title = "Falls"
output = "report"
[[run]]
rules = "rules/sample/falls"
data = ["falls.csv"]
map = "falls.map.toml"
as_of = "2026-03-01T00:00:00Z"
disclosure = "off"
because = "nobody in it exists"
"""


def made_up(folder, seed):
    """Writes the group; gives by trust what was met, of how many, in each case."""
    chance = random.Random(seed)
    rows, cases = ["nr,trust,what,at"], collections.defaultdict(list)
    for trust in (f"T{number:02}" for number in range(14)):
        usual = chance.gauss(1.2, 0.5)
        for number in range(chance.choice([5, 30, 80, 150])):
            own = 1 / (1 + math.exp(-usual - chance.gauss(0, 1.2)))
            month, falls, met = chance.choice([1, 2, 3] * 2 + list(range(1, 13))), chance.choice([1, 1, 2, 3, 4]), 0
            for fall in range(falls):
                at = f"2025-{month:02}-{fall * 5 + chance.randint(1, 4):02} {chance.randint(8, 20):02}"
                rows.append(f"{trust}-{number},{trust},Fall,{at}:00")
                if chance.random() < own:
                    rows.append(f"{trust}-{number},{trust},Review,{at}:30")
                    met += 1
            cases[trust].append((met, falls))
    os.makedirs(f"{folder}/rules/sample/falls")
    for name, text in (("rules/sample/falls/falls.concord", RULE), ("falls.map.toml", MAP), ("audit.toml", AUDIT), ("falls.csv", "\n".join(rows) + "\n")):
        with open(f"{folder}/{name}", "w") as file:
            file.write(text)
    return cases


def design_effect(cases):
    met, of = sum(x for x, _ in cases), sum(n for _, n in cases)
    rate = met / of
    variance = len(cases) / (len(cases) - 1) * sum((x - rate * n) ** 2 for x, n in cases) / of ** 2
    return max(1.0, variance / (rate * (1 - rate) / of))


def wilson(met, of, effect):
    z, rate, n = 1.959963984540054, met / of, of / effect
    middle, half = rate + z * z / (2 * n), z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def main(concord):
    here = os.path.dirname(os.path.abspath(__file__))
    for seed in range(1, 6):
        with tempfile.TemporaryDirectory() as folder:
            cases = made_up(folder, seed)
            subprocess.run([os.path.abspath(concord), "audit", f"{folder}/audit.toml"], check=True, capture_output=True)
            with open(f"{folder}/report/results.json") as file:
                measure = json.load(file)["audits"][0]["measures"][0]
            effect = design_effect([case for own in cases.values() for case in own])
            assert abs(measure["funnel"]["limits"][0]["n"] - effect) < 1e-9, (seed, effect)
            for of in measure["organisations"]:
                own = cases[of["code"]]
                met, falls, counts = sum(x for x, _ in own), sum(n for _, n in own), of["counts"]
                assert (counts["numerator"], counts["denominator"]) == (met, falls), (seed, of["code"])
                if 0 < met < falls:
                    low, high = wilson(met, falls, design_effect(own))
                    assert abs(counts["rate"]["low"] - low) < 1e-9 and abs(counts["rate"]["high"] - high) < 1e-9, (seed, of["code"])
            subprocess.run([sys.executable, f"{here}/report.py", f"{folder}/report/results.json"], check=True)


main(*sys.argv[1:])
