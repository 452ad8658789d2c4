"""The gaps, delays and paths of a made-up group, worked out again from its events: for tests/suite/planted.

    python3 why.py FOLDER [REPORT]

REPORT is `report-merged` where members were added up (tests/suite/planted/merged.rs): its quantiles come from bins, and are held to 1/128.
FOLDER holds what that test writes (`CONCORD_KEEP=FOLDER`): group.csv, and report/why.csv, report/delays.csv and report/paths.csv, which are held against
this. Needs Python 3.9 or later alone. Nothing here knows of the engine, of its rules or of its reports' code: "antibiotics within an hour of
the first sepsis triage, of those aged 16 and over, an unknown one counts against" is written out below, and so is each part of a gap.
"""
import collections
import csv
import datetime
import itertools
import math
import statistics
import sys
import zoneinfo

LONDON = zoneinfo.ZoneInfo("Europe/London")
AS_OF = datetime.datetime(2026, 2, 28, tzinfo=datetime.timezone.utc)
HOUR = datetime.timedelta(hours=1)
MAPPED = {"Registration", "Triage", "SepsisTriage", "Antibiotics", "Fluids", "Lactate", "CRP", "Leucocytes", "AdmissionNormalCare", "Release"}


def instants(text):
    """The instants at which the clock shows a time: two in the hour that comes twice, and none in the hour that is left out."""
    naive = datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    both = [naive.replace(tzinfo=LONDON, fold=fold).astimezone(datetime.timezone.utc) for fold in (0, 1)]
    return sorted({at for at in both if at.astimezone(LONDON).replace(tzinfo=None) == naive})


def cases(path):
    found = collections.defaultdict(lambda: {"age": None, "events": collections.defaultdict(list), "doubt": False})
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            case = found[row["trust"].strip(), row["case_id"]]  # blanks around a code do not count
            case["age"] = int(row["age"])
            if row["activity"] not in MAPPED:
                case["doubt"] = True
            elif row["timestamp"] and not instants(row["timestamp"]):
                case["doubt"] = True
            else:
                case["events"][row["activity"]].append(instants(row["timestamp"]) if row["timestamp"] else [None])
    return found


def verdict(case):
    """What comes of every way in which its times may have been; unknown where that is not one and the same."""
    triage, given = case["events"].get("SepsisTriage", []), case["events"].get("Antibiotics", [])
    ways = [verdict_of(case["doubt"], way[:len(triage)], way[len(triage):]) for way in itertools.product(*triage, *given)]
    outcomes, times = {outcome for outcome, _ in ways}, {took for _, took in ways}
    return outcomes.pop() if len(outcomes) == 1 else "unknown", times.pop() if len(times) == 1 else None


def verdict_of(doubt, triage, given):
    """met, late, missed, unknown, or none where it does not apply; and how long it took."""
    if doubt or None in triage:
        return "unknown", None
    if not triage:
        return None, None
    due = min(triage) + HOUR
    known = [at for at in given if at is not None]
    took = min(known) - min(triage) if known and None not in given else None
    if known and min(known) <= due:
        return "met", took
    if None in given:
        return "unknown", None
    if known:
        return "late", took
    return "missed", None


def band(age):
    return "16..64" if age < 65 else "65..79" if age < 80 else "80.."


def poisson(count):
    """The exact 95 % interval of a Poisson mean, by bisection."""
    def at_most(k, mean):
        return sum(math.exp(-mean + i * math.log(mean) - math.lgamma(i + 1)) for i in range(k + 1)) if k >= 0 else 0.0

    def root(f, low, high):
        for _ in range(200):
            mid = (low + high) / 2
            low, high = (mid, high) if f(mid) > 0 else (low, mid)
        return (low + high) / 2

    lower = 0.0 if count == 0 else root(lambda m: 0.025 - (1 - at_most(count - 1, m)), 1e-9, count)
    return lower, root(lambda m: at_most(count, m) - 0.025, max(count, 1e-9), count + 20 + 10 * math.sqrt(count + 1))


def close(what, found, wanted, within):
    if abs(float(found) - wanted) > within:
        sys.exit(f"{what}: {found} in the report, {wanted} here")


def ways(path):
    """Of each organisation its cases: kinds in the order in which each first happened at one instant, and how often each is there."""
    found = collections.defaultdict(lambda: collections.defaultdict(list))
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            events = found[row["trust"].strip()][row["case_id"]]
            at = instants(row["timestamp"]) if row["timestamp"] else [None]
            if row["activity"] in MAPPED and at:
                events.append((at[0] if len(at) == 1 else None, row["activity"]))
    placed = lambda events: sorted((event for event in events if event[0]), key=lambda event: event[0])
    way_of = lambda events: tuple(dict.fromkeys(kind for _, kind in placed(events)))
    return {
        trust: [(way_of(events), collections.Counter(kind for _, kind in events)) for events in all_cases.values()]
        for trust, all_cases in found.items()
    }


def paths(group, table):
    """The usual path and how each organisation's cases go, against paths.csv: how many organisations come out."""
    all_ways = ways(group)
    every = [case for cases in all_ways.values() for case in cases]
    ahead = lambda cases, one, other: sum(
        one in way and other in way and way.index(one) < way.index(other) for way, _ in cases
    )
    kinds = [kind for kind in MAPPED if 2 * sum(kind in counts for _, counts in every) >= len(every)]
    wins = {kind: sum(ahead(every, kind, other) > ahead(every, other, kind) for other in kinds) for kind in kinds}
    usual = sorted(kinds, key=lambda kind: -wins[kind])
    share = lambda cases, holds: sum(holds(*case) for case in cases) / len(cases)

    def after_next(cases, place):
        if place + 1 == len(usual):
            return None
        wrong, right = ahead(cases, usual[place + 1], usual[place]), ahead(cases, usual[place], usual[place + 1])
        return wrong / (right + wrong) if right + wrong >= 20 else None

    def step(cases, place):
        kind = usual[place]
        return {
            "skipped": share(cases, lambda _, counts: kind not in counts),
            "again": share(cases, lambda _, counts: counts[kind] > 1),
            "after_next": after_next(cases, place),
            "on_path": share(cases, lambda way, _: [kind for kind in way if kind in usual] == usual),
        }

    steps = {trust: [step(cases, place) for place in range(len(usual))] for trust, cases in all_ways.items() if len(cases) >= 20}
    seen = set()
    with open(table, newline="") as file:
        for row in csv.DictReader(file):
            trust, place = row["organisation"], int(row["place"]) - 1
            seen.add(trust)
            if row["step"] != usual[place] or int(row["ways"]) != len({way for way, _ in all_ways[trust]}):
                sys.exit(f"{trust}, step {place + 1}: {row}, not {usual[place]}")
            for what, own in steps[trust][place].items():
                told = [of[place][what] for of in steps.values() if of[place][what] is not None]
                if own is None:
                    wanted = (row[what], row[f"{what}_usual"]) == ("", "")
                    wanted or sys.exit(f"{trust} {what}: {row}")
                    continue
                close(f"{trust} {what}", row[what], own, 1e-12)
                close(f"{trust} {what}, usual", row[f"{what}_usual"], statistics.median(told), 1e-12)
    return len(seen)


def main(folder, report="report"):
    rates = collections.defaultdict(collections.Counter)
    bands = collections.defaultdict(collections.Counter)
    times = collections.defaultdict(list)
    for (trust, _), case in cases(f"{folder}/group.csv").items():
        outcome, took = verdict(case)
        if outcome is None:
            continue
        rates[trust][outcome] += 1
        # The unknown count against and tell nothing of their group.
        if outcome != "unknown":
            bands[trust, band(case["age"])][outcome == "met"] += 1
        if took is not None:
            times[trust].append(took / datetime.timedelta(milliseconds=1))
    total = sum(rates.values(), collections.Counter())
    met, of = total["met"], sum(total.values())
    by_band = collections.defaultdict(collections.Counter)
    for (_, name), counts in bands.items():
        by_band[name] += counts

    def expected_of(trust):
        # Each group fares as it does at the others; of one of which they have fewer than 10, as they do in all.
        mine = {name: counts for (code, name), counts in bands.items() if code == trust}
        others = {name: by_band[name] - counts for name, counts in mine.items()}
        rest = sum(by_band.values(), collections.Counter()) - sum(mine.values(), collections.Counter())
        rate = lambda counts: counts[True] / sum(counts.values())
        share = {name: rate(counts if sum(counts.values()) >= 10 else rest) for name, counts in others.items()}
        return sum(sum(counts.values()) * share[name] for name, counts in mine.items()) / sum(sum(counts.values()) for counts in mine.values())

    # The group whose rate it is held against: without those that data or rules explain, of which the report compares none.
    with open(f"{folder}/{report}/why.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["measure"] == "antibiotics_1h"]
    group = sum((rates[row["organisation"]] for row in rows if row["compared"] == "yes" or sum(rates[row["organisation"]].values()) < 10), collections.Counter())
    reference = {row["organisation"] for row in rows if row["compared"] == "yes" or sum(rates[row["organisation"]].values()) < 10}
    compared = 0
    with open(f"{folder}/{report}/why.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["measure"] != "antibiotics_1h":
                continue
            trust = row["organisation"]
            own, n = rates[trust], sum(rates[trust].values())
            # Nobody is held against himself.
            rest = group - own if trust in reference else group
            group_met, group_of, group_unknown = rest["met"], sum(rest.values()), rest["unknown"]
            rate, held = own["met"] / n, float(row["group"])
            expected = expected_of(trust)
            close(f"{trust} group", row["group"], group_met / group_of, 1e-12)
            decided, group_decided = n - own["unknown"], group_of - group_unknown
            data = (rate - own["met"] / decided) - (group_met / group_of - group_met / group_decided)
            close(f"{trust} rate", row["rate"], rate, 1e-12)
            close(f"{trust} gap", row["gap"], rate - held, 1e-12)
            close(f"{trust} data", row["data"], data, 0.0005001)
            close(f"{trust} case mix", row["case_mix"], expected - (met - own["met"]) / (of - total["unknown"] - decided), 0.0005001)
            close(f"{trust} expected", row["expected"], expected, 1e-12)
            close(f"{trust} worst", row["worst"], rate, 1e-12)
            close(f"{trust} best", row["best"], (own["met"] + own["unknown"]) / n, 1e-12)
            close(f"{trust} observed over expected", row["observed_over_expected"], own["met"] / (expected * decided), 1e-9)
            low, high = poisson(own["met"])
            close(f"{trust} ratio, low", row["ratio_low95"], low / (expected * decided), 1e-6)
            close(f"{trust} ratio, high", row["ratio_high95"], high / (expected * decided), 1e-6)
            parts = [float(row[part]) for part in ("rule", "data", "excused", "case_mix", "practice")]
            close(f"{trust} parts", math.fsum(parts), float(row["gap"]), 1e-12)
            compared += 1
    with open(f"{folder}/{report}/delays.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["obligation"] != "antibiotics_1h":
                continue
            mine = sorted(times[row["organisation"]])
            close("cases with both times", row["cases"], len(mine), 0)
            for per_mille, column in ((500, "median_ms"), (900, "p90_ms")):
                place = (len(mine) - 1) * per_mille / 1000
                below = int(place)
                after = mine[min(below + 1, len(mine) - 1)]
                wanted = mine[below] + (after - mine[below]) * (place - below)
                close(f"{row['organisation']} {column}", row[column], wanted, 0.51 if report == "report" else wanted / 128 + 0.51)
            compared += 1
    print(f"{compared} organisations' gaps and delays come out, and the paths of {paths(f'{folder}/group.csv', f'{folder}/{report}/paths.csv')}")


main(*sys.argv[1:])
