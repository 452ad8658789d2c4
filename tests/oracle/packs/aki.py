"""The AKI warning stage, from the algorithm of NHS England's alert of 2014 and NICE QS76, in exact fractions."""
import datetime as dt
import statistics
from fractions import Fraction

import clock

RULE = "clinical/aki"
FIRST = dt.date(2025, 1, 1)


def stage(results, age, limit):
    """Of the last result; with the reference value, or None where there is none."""
    at, value = results[-1]
    days = [(clock.local_date(at) - clock.local_date(when)).days for when, _ in results[:-1]]
    week = [v for (_, v), day in zip(results, days) if day <= 7]
    year = [v for (_, v), day in zip(results, days) if 8 <= day <= 365]
    references = ([min(week)] if week else []) + ([statistics.median(year)] if year else [])
    recent = [v for when, v in results[:-1] if at - when <= dt.timedelta(hours=48)]
    risen = bool(recent) and value - min(recent) > 26
    if not references:
        return 0, None
    ratio = value / min(references)
    severe = value > 354 if age >= 18 else limit is not None and value > 3 * limit
    if ratio >= Fraction(3, 2):
        return 3 if severe or ratio >= 3 else 2 if ratio >= 2 else 1, min(references)
    return 1 if risen else 0, min(references)


def cases(random):
    while True:
        last = clock.some_instant(random, dt.date(2026, 3, 1), 60)
        base = random.choice([60, 67, 80, 100, 236, 300])
        gaps = [dt.timedelta(hours=48), dt.timedelta(hours=48, minutes=1), dt.timedelta(days=7), dt.timedelta(days=8),
                dt.timedelta(days=365), dt.timedelta(days=366)]
        results = []
        for _ in range(random.randrange(5)):
            gap = random.choice([*gaps, dt.timedelta(minutes=random.randrange(1, 400 * 1440))])
            results.append((last - gap, Fraction(base + random.randrange(-3, 4))))
        factor = random.choice([Fraction(1), Fraction(3, 2), Fraction(2), Fraction(3), Fraction(6, 5)])
        latest = base * factor + random.choice([-1, 0, 0, 1, 26, 27])
        latest = random.choice([latest, Fraction(354), Fraction("354.0001"), latest + Fraction("0.0001")])
        # Events at one time stand in the order of the list.
        results = sorted(results, key=lambda result: result[0]) + [(last, latest)]
        age, limit = random.choice([5, 17, 18, 70]), random.choice([None, Fraction(60), Fraction("61.894")])
        inpatient = random.random() < 0.5
        as_of = last + dt.timedelta(hours=random.choice([1, 6, 7, 24, 30]))
        got, reference = stage(results, age, limit)
        review = last + dt.timedelta(minutes=random.choice([0, 359, 360, 361, 1440, 1441])) if random.random() < 0.6 else None
        seen = review if review is not None and review <= as_of else None
        due = last + dt.timedelta(hours=6 if inpatient else 24)
        events = [{"event": "Creatinine", "at": clock.iso(at), "value": float(value)} for at, value in results]
        events += [{"event": "Review", "at": clock.iso(review)}] if review else []
        lower = random.choice([None, Fraction(59)])
        flag = "none"
        if reference is None:
            if limit is not None and latest > limit:
                flag = "high"
            elif lower is not None and latest < lower:
                flag = "low"
            elif limit is not None and lower is not None:
                flag = "in_range"
        case = {"trust": "RRF", "age": age, "inpatient": inpatient, "upper_limit": "none" if limit is None else float(limit),
                "lower_limit": "none" if lower is None else float(lower), "as_of": clock.iso(as_of), "events": events}
        expected = {"stage": str(got), "no_reference": "no" if reference is not None else "yes", "flag": flag,
                    "stage_2_review": clock.by_time(due, seen, as_of) if got == 2 else "not applicable"}
        yield case, expected
