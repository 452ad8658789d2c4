"""Mental health: followed up within 72 hours of discharge, and seen in a crisis within 1, 4 or 24 hours."""
import datetime as dt

import clock

RULE = "mh/followup_crisis"
HOUR = dt.timedelta(hours=1)


def cases(random):
    while True:
        begin = clock.some_instant(random, dt.date(2020, 3, 25) if random.random() < 0.3 else dt.date(2025, 9, 1), 300)
        begin = begin if random.random() < 0.9 else clock.utc(dt.datetime(2020, random.choice([3, 4]), 1, 0, 0)) + random.choice([-1, 0, 1]) * HOUR
        discharged = begin if random.random() < 0.8 else None
        contacts = [(begin + random.choice([-1, 0, 20, 71, 72, 72 + 1 / 60, 167, 168, 200]) * HOUR, random.random() < 0.8) for _ in range(random.choice([0, 1, 1, 2]))]
        died = begin + random.choice([10, 72, 73, 500]) * HOUR if random.random() < 0.15 else None
        referred = begin + random.choice([0, 5]) * HOUR if random.random() < 0.5 else None
        crisis = random.choice(["liaison", "very_urgent", "urgent", "not_urgent"])
        limit = {"liaison": 1, "very_urgent": 4, "urgent": 24, "not_urgent": None}[crisis]
        seen = [(referred + random.choice([-1, 0, 1, 1 + 1 / 60, 4, 4 + 1 / 60, 24, 24 + 1 / 60]) * HOUR, random.random() < 0.8) for _ in range(random.choice([0, 1, 2]))] if referred else []
        stays, at = [], begin - 900 * HOUR
        for _ in range(random.choice([0, 0, 1, 2])):
            stays.append((at, at + random.choice([5, 50, 300]) * HOUR, random.random() < 0.3))
            at = stays[-1][1] + 20 * HOUR
        as_of = begin + random.choice([1, 50, 72, 73, 169, 1000]) * HOUR
        adult, cpa = random.random() < 0.9, random.random() < 0.5
        where = random.choice(["residence", "care_home", "non_psychiatric", "mental_health_bed", "custody", "abroad"] + ["residence"] * 4)

        def first(times, start, as_of=as_of):
            return min((when for when, attended in times if attended and start <= when <= as_of), default=None)

        expected = {"followup_72h": "not applicable", "followup_7d": "not applicable", "crisis_response": "not applicable", "left_adult_acute": "no"}
        contacts = [(when.replace(microsecond=0), attended) for when, attended in contacts]
        seen = [(when.replace(microsecond=0), attended) for when, attended in seen]
        if discharged and discharged <= as_of:
            expected["left_adult_acute"] = "yes" if adult else "no"
            weekend = clock.local_date(discharged).weekday() >= 5
            expected["at_weekend"] = "yes" if weekend else "no"
            done, new = first(contacts, discharged), clock.local_date(discharged) >= dt.date(2020, 4, 1)
            dead = died if died and died <= as_of else None
            if adult and new:
                out = where in ("mental_health_bed", "custody", "abroad") or (dead and dead <= discharged + 72 * HOUR)
                expected["followup_72h"] = "excused…" if out else clock.by_time(discharged + 72 * HOUR, done, as_of)
            if cpa and not new:
                day = clock.local_date(discharged) + 7 * clock.DAY
                out = where in ("mental_health_bed", "custody", "abroad") or (dead and clock.local_date(dead) <= day)
                expected["followup_7d"] = "excused…" if out else clock.by_day(day, done, as_of)
        if referred and referred <= as_of and limit:
            expected["crisis_response"] = clock.by_time(referred + limit * HOUR, first(seen, referred), as_of)
        days = sum((clock.local_date(min(finish, as_of)) - clock.local_date(start)).days for start, finish, fit in stays if start <= as_of and not fit)
        expected["out_of_area_days"] = clock.days(days)
        events = [("Discharge", discharged, {}), ("Death", died, {}), ("CrisisReferral", referred, {})]
        events += [("FollowUp", when, {"attended": attended}) for when, attended in contacts]
        events += [("CrisisContact", when, {"attended": attended}) for when, attended in seen]
        events += [("OutOfAreaPlacement", start, {"end": clock.iso(finish), "appropriate": fit}) for start, finish, fit in stays]
        events = sorted((event for event in events if event[1]), key=lambda event: event[1])
        yield {"trust": "RRF", "adult_acute": adult, "on_cpa": cpa, "destination": where, "crisis": crisis, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when), **fields} for name, when, fields in events]}, expected
