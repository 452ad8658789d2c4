"""VTE risk assessment: whom the collection counts, from when, and within how long, by the day of admission."""
import datetime as dt

import clock

RULE = "clinical/vte"
HOUR = dt.timedelta(hours=1)


def cases(random):
    edges = [dt.date(2019, 3, 31), dt.date(2019, 4, 1), dt.date(2024, 3, 31), dt.date(2024, 4, 1), dt.date(2026, 3, 31), dt.date(2026, 4, 1)]
    while True:
        day = random.choice(edges) if random.random() < 0.5 else dt.date(2019, 1, 1) + clock.DAY * random.randrange(2900)
        admission = clock.some_instant(random, day, 1)
        decision = admission - random.randrange(0, 300) * HOUR / 60 if random.random() < 0.7 else None
        emergency, acute, low = random.random() < 0.7, random.random() < 0.95, random.random() < 0.15
        age, declined, indicated = random.choice([15, 16, 17, 18, 70]), random.random() < 0.1, random.random() < 0.6
        base = decision if decision and random.random() < 0.5 else admission
        assessed = base + random.choice([-1, 0, 5, 14, 14 + 1 / 60, 24, 24 + 1 / 60]) * HOUR if random.random() < 0.9 else None
        given = base + random.choice([-900, -40, -24, -1, 2, 14, 14 + 1 / 60, 20]) * HOUR if random.random() < 0.7 else None
        assessed, given = (x and x.replace(second=0, microsecond=0) for x in (assessed, given))
        as_of = admission + random.choice([1, 14, 15, 25, 72]) * HOUR
        on = clock.local_date(admission)

        def seen(when, as_of=as_of):
            return when if when is not None and when <= as_of else None

        counts = age >= (16 if on >= dt.date(2019, 4, 1) else 18) and acute and not low
        start = admission
        if on >= dt.date(2026, 4, 1) and emergency and decision:
            start = decision
        due = start + (14 if on >= dt.date(2024, 4, 1) else 24) * HOUR
        expected = {"risk_assessed": clock.by_time(due, seen(assessed), as_of) if counts else "not applicable",
                    "medicine_started": "not applicable"}
        if age >= 16 and acute and indicated and seen(assessed):
            # Since the day before; an older dose is of another stay.
            near = seen(given) if given and clock.local_date(given) >= clock.local_date(start) - clock.DAY else None
            verdict = clock.by_time(start + 14 * HOUR, near, as_of)
            expected["medicine_started"] = "excused…" if declined else verdict
        events = [("DecisionToAdmit", decision, {}), ("Admission", admission, {}), ("Prophylaxis", given, {}),
                  ("RiskAssessment", assessed, {"medicine_indicated": indicated})]
        yield {"trust": "RRF", "age": age, "acute_care": acute, "emergency_admission": emergency, "day_case": False,
               "low_risk_cohort": low, "declined_medicine": declined, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when), **fields} for name, when, fields in events if when]}, expected
