"""Urgent community response within two hours, stays on a virtual ward of 14 days at most, and frailty of 36 deficits."""
import datetime as dt

import clock

RULE = "community/ucr_vw"
SETTINGS = {"team_review_within": "28 calendar days"}
MINUTE = dt.timedelta(minutes=1)
CONDITIONS = ["fall", "frailty", "reduced_function", "palliative", "equipment", "confusion", "catheter", "diabetes", "carer", "another"]
ORDER = ["missed", "late", "open", "met"]


def cases(random):
    while True:
        age, deficits = random.choice([17, 18, 64, 65, 80]), random.choice([0, 4, 5, 8, 9, 12, 13, 36])
        at, referrals, contacts = clock.some_instant(random, dt.date(2025, 9, 1), 300), [], []
        for _ in range(random.choice([0, 1, 1, 2])):
            referrals.append((at, random.random() < 0.85, random.choice(CONDITIONS)))
            if random.random() < 0.85:
                contacts.append((at + random.choice([-30, 0, 60, 119, 120, 121, 500]) * MINUTE, random.choice(["face_to_face", "video", "telephone"])))
            at += random.choice([100, 3000, 20000]) * MINUTE
        stays, begin = [], clock.some_instant(random, dt.date(2025, 9, 1), 300)
        for _ in range(random.choice([0, 0, 1, 2])):
            finish = begin + random.choice([1, 13 * 1440, 14 * 1440, 14 * 1440 + 700, 15 * 1440]) * MINUTE
            stays.append((begin, finish, random.choice(["up", "down"])))
            begin = finish + 5000 * MINUTE
        found = clock.some_instant(random, dt.date(2026, 1, 1), 60) if random.random() < 0.6 else None
        seen = clock.utc(dt.datetime.combine(clock.local_date(found) + random.choice([-1, 0, 10, 27, 28, 29]) * clock.DAY, dt.time(12))) if found else None
        as_of = clock.some_instant(random, dt.date(2026, 1, 1), 300)

        def due(start, as_of=as_of, contacts=contacts):
            done = min((when for when, way in contacts if way != "telephone" and start <= when <= as_of), default=None)
            return clock.by_time(start + 120 * MINUTE, done, as_of)

        counted = [when for when, urgent, condition in referrals if when <= as_of and urgent and age >= 18 and condition != "another"]
        verdicts = [due(when) for when in counted]
        worst = min(verdicts, key=lambda text: ORDER.index(text.split(" ", 1)[0]), default="not applicable")
        hours = [when.astimezone(clock.LONDON).time() for when in counted]
        lengths = [(clock.local_date(min(finish, as_of)) - clock.local_date(start)).days for start, finish, _ in stays if start <= as_of]
        band = "none" if age < 65 else "fit" if deficits <= 4 else "mild" if deficits <= 8 else "moderate" if deficits <= 12 else "severe"
        expected = {"referrals": str(len(counted)), "out_of_hours": str(sum(not dt.time(8) <= hour < dt.time(20) for hour in hours)),
                    "seen_in_2h": worst.split(" ", 1)[0] + "…" if worst.startswith(("late", "open")) else worst, "frailty": band,
                    "longest_stay": clock.days(max(lengths)) if lengths else "none", "team_review": "not applicable",
                    "on_the_ward": "yes" if any(start <= as_of < finish for start, finish, _ in stays) else "no"}
        if found and found <= as_of and band in ("moderate", "severe"):
            reviewed = seen if seen and seen <= as_of and clock.local_date(seen) >= clock.local_date(found) else None
            expected["team_review"] = clock.by_day(clock.local_date(found) + 28 * clock.DAY, reviewed, as_of)
        events = [("Referral", when, {"two_hour": urgent, "condition": condition}) for when, urgent, condition in referrals]
        events += [("Contact", when, {"way": way}) for when, way in contacts] + [("FoundFrail", found, {}), ("TeamReview", seen, {})]
        events += [("VirtualWardStay", start, {"end": clock.iso(finish), "step": step}) for start, finish, step in stays]
        events = sorted((event for event in events if event[1]), key=lambda event: event[1])
        yield {"provider": "RRF", "age": age, "deficits": deficits, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when), **fields} for name, when, fields in events]}, expected
