"""Operations cancelled at the last minute by the hospital, and the 28 days from the planned day."""
import datetime as dt

import clock

RULE = "theatres/cancelled_operations"
REASONS = ["ward_bed", "surgeon", "emergency_case", "list_overran", "equipment", "clinical", "patient"]


def cases(random):
    while True:
        planned = clock.some_instant(random, dt.date(2025, 1, 1), 700)
        day = clock.local_date(planned)
        arrive = day - random.choice([0, 0, 1, 2]) * clock.DAY
        arrival = clock.utc(dt.datetime.combine(arrive, dt.time(7))) if random.random() < 0.4 else None
        cancelled = [(planned + dt.timedelta(minutes=random.choice([-4000, -2000, -1500, -700, -60, 0, 30])), random.choice(REASONS))
                     for _ in range(random.choice([0, 1, 1, 1, 2]))]
        cancelled.sort()
        moved = planned + dt.timedelta(minutes=random.choice([60, 1439, 1440, 1441, 9000])) if random.random() < 0.3 else None
        offered = day + random.choice([-5, 0, 5, 28, 29]) * clock.DAY if random.random() < 0.3 else None
        declined = planned + random.choice([-60, 0, 0, 0, 10, 28, 60]) * clock.DAY - dt.timedelta(minutes=30)
        treated = clock.utc(dt.datetime.combine(day + random.choice([0, 1, 10, 27, 28, 29, 60]) * clock.DAY, dt.time(23, 30))) if random.random() < 0.8 else None
        as_of = planned + dt.timedelta(days=random.choice([0, 5, 28, 29, 100]), minutes=random.randrange(60, 600))
        kind, method, coded = random.choice(["1", "2", "3"]), random.choice(["11", "12", "13", "21"]), random.random() < 0.95
        known = [(at, reason) for at, reason in cancelled if at <= as_of]
        here = arrival if arrival and arrival <= as_of else None
        late = [at for at, reason in known if reason not in ("clinical", "patient")
                and (clock.local_date(at) in (arrive, day) or (here and at >= here))]
        told = planned - dt.timedelta(minutes=30)
        # By the hospital, once: a row that stands twice is one.
        hospital = {at for at, reason in known if reason not in ("clinical", "patient")}
        postponed = (len(hospital) == 1 and bool(late) and moved is not None and told <= as_of
                     and clock.local_date(told) >= clock.local_date(late[0]) and moved <= planned + dt.timedelta(hours=24))
        scope = coded and kind in ("1", "2") and method in ("11", "12", "13")
        last_minute = scope and bool(late) and not postponed
        expected = {"in_scope": "yes" if scope else "no", "last_minute": "yes" if last_minute else "no", "treated_28_days": "not applicable"}
        if last_minute:
            done = treated if treated and treated <= as_of and clock.local_date(treated) >= day else None
            expected["treated_28_days"] = clock.by_day(day + 28 * clock.DAY, done, as_of)
            # Offered since the cancellation, and not gone by.
            if offered and declined <= as_of and day <= offered <= day + 28 * clock.DAY and clock.local_date(late[0]) <= clock.local_date(declined) <= offered:
                expected["treated_28_days"] = "excused…"
        events = [("Arrival", arrival, {}), ("Treated", treated, {})] + [("Cancelled", at, {"reason": reason}) for at, reason in cancelled]
        events += [("Rescheduled", told, {"new_time": clock.iso(moved)})] if moved else []
        events += [("OfferDeclined", declined, {"offered": str(offered)})] if offered else []
        events = sorted((event for event in events if event[1]), key=lambda event: event[1])
        yield {"trust": "RRF", "specialty": "110", "classification": kind, "admission_method": method, "operation_coded": coded, "due_to_arrive": str(arrive),
               "planned_operation": clock.iso(planned), "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(at), **fields} for name, at, fields in events]}, expected
