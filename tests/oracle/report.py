"""The charts, funnels, crossed splits and intervals of a report, worked out again from its counts.

    python3 report.py REPORT/results.json

Needs Python 3.9 or later alone. It takes from the results the counts and what was chosen (which chart, which organisations set the limits), and
nothing else: means, limits, z values, p values and intervals are worked out here from their sources (docs/auditing.md names them). It prints how much of each was
held; a report with `cross` and `rebase`, and one of judgements (`of each`), hold more: tests/suite/planted keeps one with CONCORD_KEEP=FOLDER.
"""
import collections
import json
import math
import statistics
import sys

NORMAL = statistics.NormalDist()
Q95, Q998 = NORMAL.inv_cdf(0.975), NORMAL.inv_cdf(0.999)
held = collections.Counter()


def close(what, found, wanted, within=1e-9):
    if found is None or abs(found - wanted) > within * max(1.0, abs(wanted)):
        sys.exit(f"{what}: {found} in the report, {wanted} here")


def share(limit):
    return min(1.0, max(0.0, limit))


def stretch(values, breaks):
    """Mean and limits of an XmR chart; no range goes across a break (the place of the value after it)."""
    mean = math.fsum(values) / len(values)
    ranges = [abs(b - a) for place, (a, b) in enumerate(zip(values, values[1:]), 1) if place not in breaks]
    if not ranges or not any(ranges):
        return mean, None, None
    usual = math.fsum(ranges) / len(ranges)
    kept = [r for r in ranges if r < 3.267 * usual]
    if not any(kept):
        return mean, None, None
    usual = math.fsum(kept) / len(kept)
    return mean, share(mean - 2.66 * usual), share(mean + 2.66 * usual)


def control_chart(what, chart):
    points = chart["points"]
    values = [p["numerator"] / p["denominator"] for p in points]
    for point, value in zip(points, values):
        close(f"{what} {point['period']}", point["value"], value)
    if chart["method"].startswith("p"):
        attributes(what, chart, points, values)
    else:
        starts = [0] + [[p["period"] for p in points].index(at) for at, _ in chart["rebased"]] + [len(points)]
        for first, last in zip(starts, starts[1:]):
            breaks = {gap["after"] - first for gap in chart["gaps"]}
            mean, lower, upper = stretch(values[first:last], breaks)
            for point in points[first:last] if chart["rebased"] and not chart.get("rounded") else []:
                limits(what, point["limits"], mean, lower, upper)
        # The chart's own are those of its last stretch.
        if not chart["not_judged"] and not chart.get("rounded"):
            limits(what, chart, mean, lower, upper)
        close(f"{what} mean", chart["mean"], mean)
        held["XmR charts, limits set anew" if chart["rebased"] else "XmR charts"] += 1
    # Of rounded counts, limits are the widest that there may be, and special causes those that hold whatever was rounded.
    if chart["not_judged"] is None and not chart.get("rounded"):
        for point, value in zip(points, values):
            of = point.get("limits") or chart
            if of["lower"] is not None:
                beyond = not of["lower"] <= value <= of["upper"]
                if beyond != (point["special_cause"] == "outside limits"):
                    sys.exit(f"{what} {point['period']}: {point['special_cause']}, and here {'out' if beyond else 'in'}side limits")


def limits(what, found, mean, lower, upper):
    close(f"{what} mean", found["mean"], mean)
    if lower is not None:
        close(f"{what} lower", found["lower"], lower)
        close(f"{what} upper", found["upper"], upper)


def attributes(what, chart, points, values):
    """The p chart, and p' where points vary more than 1.1 times as much as by chance."""
    centre = sum(p["numerator"] for p in points) / sum(p["denominator"] for p in points)
    errors = [math.sqrt(centre * (1 - centre) / p["denominator"]) for p in points]
    z = [(value - centre) / error for value, error in zip(values, errors)]
    sigma = math.fsum(abs(b - a) for a, b in zip(z, z[1:])) / (len(z) - 1) / 1.128
    prime = chart["method"].startswith("p′")
    if prime != (sigma > 1.1):
        sys.exit(f"{what}: {chart['method']}, and σz is {sigma}")
    for point, error in zip(points, errors) if not chart.get("rounded") else []:
        wide = 3 * error * (sigma if prime else 1.0)
        limits(what, point["limits"], centre, share(centre - wide), share(centre + wide))
    held["p′ charts" if prime else "p charts"] += 1


def chances(n, rate):
    if rate in (0, 1):
        return [float(count == n * rate) for count in range(n + 1)]
    return [math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * math.log(rate) + (n - k) * math.log1p(-rate)) for k in range(n + 1)]


def exact(n, rate, q):
    """The quantile of a binomial count, interpolated (Spiegelhalter 2005, A.1.1), as a rate."""
    if rate in (0, 1):
        return rate
    below = 0.0
    for count, chance in enumerate(chances(n, rate)):
        if below + chance >= q:
            return share((count - (below + chance - q) / chance) / n)
        below += chance
    return 1.0


def mid_p(count, n, rate):
    each = chances(n, rate)
    low, half = math.fsum(each[:count]), each[count] / 2
    return min(1.0, 2 * min(low + half, math.fsum(each[count + 1:]) + half))


def of_the_middle(units):
    """The variance beyond chance at which the median distance, in standard errors, is that of chance; as docs/auditing.md has it."""
    off = [z * s for z, s in units]
    centre = statistics.median(off)
    few = {2: 1.196, 3: 1.495, 4: 1.363, 5: 1.206, 6: 1.200, 7: 1.140, 8: 1.129, 9: 1.107}
    usual = NORMAL.inv_cdf(0.75) / few.get(len(units), len(units) / (len(units) - 0.8))
    excess = lambda tau: statistics.median(abs(o - centre) / math.sqrt(s * s + tau) for o, (_, s) in zip(off, units)) - usual
    if excess(0.0) <= 0:
        return 0.0, centre
    low, high = 0.0, max((o - centre) ** 2 for o in off) / usual ** 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return low, centre


def winsorised(units):
    z = sorted(z for z, _ in units)
    def quantile(q):
        at = q * (len(z) - 1)
        below = int(at)
        return z[below] + (at - below) * (z[min(below + 1, len(z) - 1)] - z[below])
    low, high = quantile(0.1), quantile(0.9)
    squares = math.fsum(min(high, max(low, z)) ** 2 for z, _ in units)
    w1, w2 = math.fsum(s ** -2 for _, s in units), math.fsum(s ** -4 for _, s in units)
    return max(0.0, (squares - (len(units) - 1)) / (w1 - w2 / w1))


def funnel(what, measure):
    drawn, clustered = measure["funnel"], measure["judgements"] is not None
    effect = drawn["limits"][0]["n"] if clustered else 1.0
    def fewer(count):
        return math.floor(count / effect + 0.5)
    rated = [o for o in measure["organisations"] if o["counts"]["rate"]]
    counts = {o["code"]: (min(fewer(o["counts"]["numerator"]), fewer(o["counts"]["denominator"])), fewer(o["counts"]["denominator"])) for o in rated}
    apart = set(drawn["apart"])
    reference = [counts[o["code"]] for o in rated if o["code"] not in apart]
    centre = sum(met for met, _ in reference) / sum(n for _, n in reference)
    close(f"{what} centre", drawn["centre"], centre)
    target = math.asin(math.sqrt(centre))
    z_of = lambda met, n: (math.asin(math.sqrt(met / n)) - target) * 2 * math.sqrt(n)
    units = [(z_of(met, n), 0.5 / math.sqrt(n), n) for met, n in reference if n > 0]
    large = [(z, s) for z, s, n in units if n >= 10]
    if len(large) < 2:
        large = [(z, s) for z, s, _ in units]
    is_middle = len(large) >= 10
    tau, off = of_the_middle(large) if is_middle else (winsorised(large) if len(large) >= 2 else 0.0, 0.0)
    about = target + off
    widened = is_middle or tau > 0
    close(f"{what} τ²", drawn["tau2"], tau, 1e-7)
    for row, wide in zip(drawn["limits"], drawn["limits_adjusted"]):
        n = row["n"] / effect
        for name, q in (("low95", -Q95), ("high95", Q95), ("low998", -Q998), ("high998", Q998)):
            transformed = lambda variance, centre=target: math.sin(min(math.pi / 2, max(0.0, centre + q * math.sqrt(0.25 / n + variance)))) ** 2
            small = min(n * centre, n * (1 - centre)) < 10
            if small and abs(n - round(n)) > 1e-9:
                continue
            plain = exact(round(n), centre, NORMAL.cdf(q)) if small else transformed(0.0)
            close(f"{what} {name} at {n}", row[name], plain, 1e-7)
            widest = (min if q < 0 else max)(plain, transformed(tau, about)) if widened else plain
            close(f"{what} {name} at {n}, adjusted", wide[name], widest, 1e-7)
            held["exact limits of few" if small else "limits"] += 1
    for of in rated:
        met, n = counts[of["code"]]
        if n == 0 or of["z"] is None:
            continue
        z = z_of(met, n)
        adjusted = (math.asin(math.sqrt(met / n)) - about) / math.sqrt(0.25 / n + tau)
        chance = mid_p(met, n, centre)
        p = chance if not widened else 1.0 if z * adjusted < 0 else max(chance, 2 * (1 - NORMAL.cdf(abs(adjusted))))
        close(f"{what} {of['code']} z", of["z"], z)
        close(f"{what} {of['code']} z, adjusted", of["z_adjusted"], adjusted, 1e-6)
        close(f"{what} {of['code']} p", of["p"], p, 1e-6)
        if n < 10 and of["place"] != "inside":
            sys.exit(f"{what} {of['code']}: {of['place']} of {n} cases")
        held["organisations in funnels of judgements" if clustered else "organisations in funnels"] += 1


def wilson(counts):
    met, n, z = counts["numerator"], counts["denominator"], Q95
    rate = met / n
    middle, half = rate + z * z / (2 * n), z * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    return share((middle - half) / (1 + z * z / n)), share((middle + half) / (1 + z * z / n))


def interval(what, counts):
    if counts["rate"] and not counts["hidden"]:
        low, high = wilson(counts)
        close(f"{what} low", counts["rate"]["low"], low)
        close(f"{what} high", counts["rate"]["high"], high)
        held["intervals"] += 1


def crossed(what, strata):
    """Each group of a split is the sum of its parts by the other one."""
    by_title = {split["title"]: dict(split["groups"]) for split in strata}
    for title, groups in by_title.items():
        if " × " not in title:
            continue
        for side, of in enumerate(title.split(" × ")):
            for name, counts in by_title[of].items():
                fits = (lambda n: n.startswith(name + ", ")) if side == 0 else (lambda n: n.endswith(", " + name))
                for count in ("numerator", "denominator", "unknown", "excluded"):
                    close(f"{what}, {title}: {name} {count}", counts[count], sum(part[count] for part in (c for n, c in groups.items() if fits(n))))
                held["groups of crossed splits"] += 1


with open(sys.argv[1]) as file:
    results = json.load(file)
for audit in results["audits"]:
    for measure in audit["measures"]:
        what = measure["name"]
        for chart in [measure["chart"]] * bool(measure["chart"]) + measure["charts"]:
            control_chart(f"{what} at {chart['organisation'] or 'all'}", chart)
        if measure["funnel"]:
            funnel(what, measure)
        crossed(what, measure["strata"])
        if measure["judgements"] is None:
            for counts in [measure["total"]] + [o["counts"] for o in measure["organisations"]] + [c for split in measure["strata"] for _, c in split["groups"]]:
                interval(what, counts)
print("; ".join(f"{name} {count}" for name, count in sorted(held.items())))
