"""The stage of acute kidney injury after KDIGO's guideline of 2012, table 2, in exact fractions."""
import datetime as dt
from fractions import Fraction

import clock

RULE = "clinical/aki_kdigo"


def by_blood(results, baseline, age, egfr):
    """The stage by creatinine alone."""
    if not results:
        return 0
    at, value = results[-1]
    recent = [v for when, v in results[:-1] if at - when <= dt.timedelta(hours=48)]
    week = [v for when, v in results[:-1] if (clock.local_date(at) - clock.local_date(when)).days <= 7]
    ratio = max([value / reference for reference in [*week, baseline] if reference], default=0)
    injury = ratio >= Fraction(3, 2) or bool(recent) and value - min(recent) >= Fraction("26.5")
    if ratio >= 3 or injury and (value >= Fraction("353.6") or age < 18 and egfr is not None and egfr < 35):
        return 3
    return 2 if ratio >= 2 else int(injury)


def by_urine(half, third, nothing):
    """The stage by hours of urine alone."""
    if third >= 24 or nothing >= 12:
        return 3
    return 2 if half >= 12 else int(half >= 6)


def cases(random):
    while True:
        last = clock.some_instant(random, dt.date(2026, 3, 20), 20)
        baseline = random.choice([None, Fraction(80), Fraction(100), Fraction("79.578"), Fraction(230)])
        base = baseline or Fraction(90)
        value = base * random.choice([1, Fraction(3, 2), 2, 3, Fraction(6, 5)]) + random.choice([0, 0, Fraction("0.0001"), Fraction("-0.0001"), 1, -1])
        value = random.choice([value, value, Fraction("353.6"), Fraction("353.5999")])
        results = []
        for _ in range(random.randrange(4)):
            gap = random.choice([dt.timedelta(hours=48), dt.timedelta(hours=48, minutes=1), dt.timedelta(minutes=random.randrange(1, 13000))])
            results.append((last - gap, max(Fraction(10), value - random.choice([0, Fraction("26.4"), Fraction("26.5"), Fraction("26.6"), 60, round(value / 2, 4), round(value / 3, 4)]))))
        results = sorted(results, key=lambda result: result[0]) + [(last, value)] if random.random() < 0.97 else []
        age, egfr = random.choice([5, 17, 18, 70]), random.choice([None, 34, 35, 90])
        third = random.choice([0, 0, 0, 23, 24])
        half, nothing = max(third, random.choice([0, 0, 5, 6, 11, 12])), random.choice([0, 0, 0, 11, 12])
        treated = random.random() < 0.05
        stage = 3 if treated else max(by_blood(results, baseline, age, egfr), by_urine(half, third, nothing))
        case = {"trust": "RRF", "age": age, "baseline": "none" if baseline is None else float(baseline), "egfr": "none" if egfr is None else egfr,
                "hours_below_half": half, "hours_below_0_3": third, "hours_without": nothing, "kidney_replacement": treated,
                "as_of": clock.iso(last + dt.timedelta(hours=1)),
                "events": [{"event": "Creatinine", "at": clock.iso(at), "value": float(v)} for at, v in results]}
        yield case, {"stage": str(stage)}
