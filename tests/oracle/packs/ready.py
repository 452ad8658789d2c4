"""The discharge ready date, the days after it, and the days in hospital, from the reviews of a stay."""
import datetime as dt

import clock

RULE = "flow/discharge"


def cases(random):
    while True:
        admission = clock.some_instant(random, dt.date(2026, 1, 1), 250)
        reviews, at = [], admission
        for _ in range(random.choice([0, 1, 2, 3, 5])):
            at += dt.timedelta(minutes=random.choice([600, 1440, 1440, 4000]))
            reviews.append((at, random.choice(["none", "none", "04", "03", "13"])))
        discharge = at + dt.timedelta(minutes=random.choice([0, 30, 700, 1440, 9000])) if random.random() < 0.7 else None
        method = random.choice(["1", "1", "2", "4"])
        as_of = admission + dt.timedelta(days=random.choice([1, 6, 7, 14, 20, 21, 60]), minutes=random.randrange(600))
        # Of an earlier stay, and of the readmission: they move no date of this one.
        others = [(admission - dt.timedelta(days=random.choice([1, 60])), random.choice(["none", "04"]))] if random.random() < 0.3 else []
        if discharge and random.random() < 0.3:
            others.append((discharge + dt.timedelta(days=random.choice([1, 20])), random.choice(["none", "04"])))
        known = [(when, criterion) for when, criterion in reviews if when <= as_of]
        gone = discharge if discharge and discharge <= as_of else None
        spell = []
        for when, criterion in known:
            spell = [] if criterion != "none" else spell + [when]
        ready = clock.local_date(spell[0]) if spell else None
        until = clock.local_date(gone or as_of)
        days = (until - clock.local_date(admission)).days
        expected = {"ready_on": str(ready) if ready else "none", "days_delayed": clock.days((until - ready).days) if ready else "none",
                    "days_in_hospital": clock.days(days), "wrong_code": "yes" if any(criterion == "13" for _, criterion in known) else "no",
                    "home_when_ready": "not applicable"}
        expected |= {f"days_{limit}": "yes" if days >= limit else "no" for limit in (7, 14, 21)}
        if ready:
            verdict = clock.by_day(ready, gone, as_of)
            expected["home_when_ready"] = "excused…" if gone and method == "4" else verdict
        events = [("Admission", admission, {}), *(("Review", when, {"criterion": criterion}) for when, criterion in reviews + others), ("Discharge", discharge, {"method": method})]
        events.sort(key=lambda event: event[1] or admission)
        yield {"trust": "RRF", "age": 70, "day_case": False, "cancer": False, "obstetric": False, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when), **fields} for name, when, fields in events if when]}, expected
