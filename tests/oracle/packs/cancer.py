"""Cancer waits: 28, 31 and 62 days with day 0, adjustments and the allocation of breaches, from guidance version 12.1."""
import datetime as dt

import clock

RULE = "cancer/cwt"
URGENT = {"urgent_suspected_cancer", "breast_symptomatic", "urgent_screening"}


def at(random, day):
    return clock.utc(dt.datetime.combine(day, dt.time(random.choice([0, 9, 23]), random.choice([0, 59]))))


def cases(random):
    while True:
        first = dt.date(2024, 1, 1) + clock.DAY * random.randrange(900)
        source = random.choice([*sorted(URGENT), "other"])
        referral = at(random, first)
        upgrade = at(random, first + clock.DAY * random.randrange(1, 20)) if random.random() < 0.25 else None
        missed = at(random, first + clock.DAY * 10) if random.random() < 0.3 else None
        reason = random.choice(["3", "9"])
        rebooked = at(random, first + clock.DAY * random.choice([9, 10, 11, 16])) if missed and random.random() < 0.8 else None
        day_0 = first + clock.DAY * random.choice([0, 16])
        told = at(random, day_0 + clock.DAY * random.choice([27, 28, 29, 50])) if random.random() < 0.8 else None
        cancer = random.random() < 0.8
        transfer = at(random, day_0 + clock.DAY * random.choice([37, 38, 39])) if random.random() < 0.6 else None
        decision = at(random, day_0 + clock.DAY * random.choice([31, 32, 40])) if random.random() < 0.7 else None
        treatment = at(random, day_0 + clock.DAY * random.choice([40, 61, 62, 63, 64, 70, 71, 72])) if random.random() < 0.8 else None
        adjusted = random.choice([None, None, 0, 7])
        earliest = day_0 + clock.DAY * random.choice([35, 45]) if random.random() < 0.3 else None
        of_decision = random.choice([None, None, 5])
        excluded = random.random() < 0.1
        as_of = clock.utc(dt.datetime.combine(first + clock.DAY * random.choice([20, 28, 44, 62, 78, 120, 300]), dt.time(23, 59)))

        def seen(when, as_of=as_of):
            return when if when is not None and when <= as_of else None

        start = referral if source in URGENT and seen(referral) else seen(upgrade)
        counts = seen(missed) and start and clock.local_date(missed) >= clock.local_date(start) and reason == "3" and seen(rebooked) and clock.local_date(rebooked) >= clock.local_date(missed)
        zero = None if start is None else max(clock.local_date(start), clock.local_date(rebooked)) if counts else clock.local_date(start)
        expected = {"told_28d": "not applicable", "treated_62d": "not applicable", "treated_31d": "not applicable"}

        def since(when, day):
            """Something expected from the beginning of a day on."""
            return when if seen(when) and day is not None and clock.local_date(when) >= day else None

        if seen(referral) and source in URGENT:
            verdict = clock.by_day(zero + 28 * clock.DAY, since(told, zero), as_of)
            expected["told_28d"] = 'excused…' if excluded else verdict
        if zero is not None and (cancer or not seen(told)):
            expected["treated_62d"] = clock.by_day(zero + (62 + (adjusted or 0)) * clock.DAY, since(treatment, zero), as_of)
        if seen(decision):
            due = (earliest or clock.local_date(decision)) + (31 + (of_decision or 0)) * clock.DAY
            done = treatment if seen(treatment) and clock.local_date(treatment) >= clock.local_date(decision) else None
            expected["treated_31d"] = clock.by_day(due, done, as_of)
        if zero and seen(treatment) and since(treatment, zero):
            on = clock.local_date(treatment)
            breached = (on - zero).days > 62 + (adjusted or 0)
            share = (0.0, 1.0)
            if seen(transfer):
                late = (clock.local_date(transfer) - zero).days > 38
                slow = (on - clock.local_date(transfer)).days - (adjusted or 0) > 24
                share = (((0.5, 0.5) if slow else (1.0, 0.0)) if late else (0.0, 1.0)) if breached else (0.0, 1.0) if late else (0.5, 0.5)
            expected |= {"referring_share": str(share[0]), "treating_share": str(share[1])}
        events = [("Referral", referral, {"source": source}), ("ConsultantUpgrade", upgrade, {}), ("Rebooked", rebooked, {}),
                  ("FirstAppointmentMissed", missed, {"adjustment_reason": reason}), ("Told", told, {"cancer": cancer}),
                  ("Transfer", transfer, {}), ("Treatment", treatment, {}),
                  ("DecisionToTreat", decision, {"earliest_appropriate": str(earliest) if earliest else "none",
                                                 "adjustment": "none" if of_decision is None else of_decision})]
        if random.random() < 0.2:
            # Of another pathway, before this one.
            past = at(random, first - clock.DAY * random.choice([1, 30]))
            events += [("Told", past, {"cancer": False}), ("Transfer", past, {}), ("FirstAppointmentMissed", past, {"adjustment_reason": "3"}), ("Rebooked", past, {})]
        events.sort(key=lambda event: event[1] or referral)
        yield {"first_seen_by": "RRF", "treated_by": "RM3", "suspected_type": "C44", "as_of": clock.iso(as_of),
               "faster_diagnosis_exclusion": "1" if excluded else "none",
               "treatment_adjustment": "none" if adjusted is None else adjusted,
               "events": [{"event": name, "at": clock.iso(when), **fields} for name, when, fields in events if when]}, expected
