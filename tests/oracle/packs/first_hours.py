"""An emergency admission: the consultant within 14 hours of admission until 8 February 2026, and from the day after the Model Acute Pathway from arrival."""
import datetime as dt

import clock

RULE = "acute/first72h"
SETTINGS = {"day_begins": "08:00", "day_ends": "20:00"}
MINUTE = dt.timedelta(minutes=1)


def cases(random):
    edges = [dt.date(2026, 2, 8), dt.date(2026, 2, 9), dt.date(2026, 3, 28), dt.date(2025, 10, 25)]
    while True:
        day = random.choice(edges) if random.random() < 0.4 else dt.date(2025, 8, 1) + clock.DAY * random.randrange(360)
        arrival = clock.some_instant(random, day, 1)
        admission = arrival + random.choice([0, 45, 240, 700]) * MINUTE
        modern = clock.local_date(arrival) >= dt.date(2026, 2, 9)
        local = arrival.astimezone(clock.LONDON)
        by_day = dt.time(8) <= local.time() < dt.time(20)
        start = arrival if modern else admission
        age = random.choice([64, 65, 80])

        def at(minutes, start=start):
            return start + minutes * MINUTE if random.random() < 0.85 else None

        reviews = [(at(random.choice([-300, -30, 0, 359, 360, 361, 839, 840, 841])), random.random() < 0.7) for _ in range(random.choice([1, 1, 2]))]
        pharmacy = at(random.choice([-300, -30, 600, 1439, 1440, 1441]))
        decided, screened = at(random.choice([0, 30, 60, 61])), at(random.choice([0, 29, 30, 31]))
        morning = clock.local_date(arrival) + (clock.DAY if local.time() >= dt.time(8) else 0 * clock.DAY)
        ten = clock.utc(dt.datetime.combine(morning, dt.time(10)))
        frailty = random.choice([at(59), at(60), at(61), ten, ten + MINUTE, None])
        as_of = arrival + random.choice([20, 400, 900, 9000]) * MINUTE

        def first(times, floor, as_of=as_of):
            return min((when for when in times if when is not None and floor <= when <= as_of), default=None)

        def due(begin, minutes, when, as_of=as_of):
            return clock.by_time(begin + minutes * MINUTE, when, as_of)

        experts = [when for when, consultant in reviews if consultant or modern]
        expected = {"modern": "yes" if modern else "no", "decision_maker": "not applicable", "delirium_screen": "not applicable",
                    "frailty_by_day": "not applicable", "frailty_by_ten": "not applicable", "expert_review": "not applicable",
                    "pharmacy_review": "not applicable"}
        if arrival <= as_of and start <= as_of:
            # Between arrival and admission is in time as well.
            hours = 14 if not modern or not by_day else 6
            expected["expert_review"] = due(start, hours * 60, first(experts, arrival))
            expected["pharmacy_review"] = due(start, 1440, first([pharmacy], arrival))
        if modern:
            expected["decision_maker"] = due(arrival, 60, first([decided], arrival))
            if age >= 65:
                expected["delirium_screen"] = due(arrival, 30, first([screened], arrival))
                if by_day:
                    expected["frailty_by_day"] = due(arrival, 60, first([frailty], arrival))
                else:
                    expected["frailty_by_ten"] = clock.by_time(ten, first([frailty], arrival), as_of)
        events = [("Arrival", arrival, {}), ("Admission", admission, {}), ("PharmacyReview", pharmacy, {}), ("DecisionMakerAssessment", decided, {}),
                  ("DeliriumScreen", screened, {}), ("FrailtyReview", frailty, {})]
        events += [("ExpertReview", when, {"consultant": consultant}) for when, consultant in reviews]
        events = sorted((event for event in events if event[1]), key=lambda event: event[1])
        yield {"trust": "RRF", "age": age, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when), **fields} for name, when, fields in events]}, expected
