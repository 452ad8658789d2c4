"""Seven Day Services, standard 8: a consultant's review on each day between those of coming and leaving, and two where all of it is in high dependency."""
import datetime as dt

import clock

RULE = "acute/daily_review"
MINUTE = dt.timedelta(minutes=1)


def midnight(day):
    return clock.utc(dt.datetime.combine(day, dt.time()))


def verdict(admitted, wards, reviews, as_of):
    """Of the worst day; wards follow one another, some after days at home."""
    found, day = [], clock.local_date(admitted)
    while (day := day + clock.DAY) < clock.local_date(as_of):
        begins, ends = midnight(day), midnight(day + clock.DAY)
        # In hospital at both ends of the day; the evening of the admission may be before the first ward.
        here = any(start < begins <= (end or as_of) for start, end, *_ in wards) or clock.local_date(admitted) == day - clock.DAY
        stays = any(start < ends <= (end or as_of) for start, end, *_ in wards)
        if not here or not stays:
            continue
        touched = [ward for ward in wards if ward[0] < ends and (ward[1] or as_of) > begins]
        needed = 2 if all(dependent for _, _, dependent, _ in touched) else 1
        done = len({at for at in reviews if begins <= at < ends}) >= needed
        excused = any(delegated and not dependent for _, _, dependent, delegated in touched)
        found.append("excused" if excused else "met" if done else "missed")
    return next((name + "…" * (name == "excused") for name in ("missed", "met", "excused") if name in found), "not applicable")


def cases(random):
    while True:
        admitted = clock.some_instant(random, random.choice([dt.date(2025, 3, 20), dt.date(2025, 10, 20), dt.date(2025, 12, 1)]), 10)
        admitted = random.choice([admitted, midnight(clock.local_date(admitted))])
        wards, at = [], admitted + random.choice([0, 0, 180, 900]) * MINUTE
        for _ in range(random.randrange(1, 5)):
            end = random.choice([at + random.choice([200, 1440, 2880, 4321]) * MINUTE, midnight(clock.local_date(at) + random.choice([1, 2, 3]) * clock.DAY)])
            # Of a move at midnight out of a ward that delegated its reviews the rule does not judge the first day, as its page says.
            wards.append((at, end, random.random() < 0.3, random.random() < 0.2 and end != midnight(clock.local_date(end))))
            at = end + random.choice([0, 0, 0, 20, 2880]) * MINUTE
        if random.random() < 0.2:
            wards[-1] = (wards[-1][0], None, *wards[-1][2:])
        as_of = wards[-1][1] or wards[-1][0] + random.choice([100, 1500, 4000]) * MINUTE
        as_of += random.choice([0, 5000]) * MINUTE if wards[-1][1] else dt.timedelta()
        reviews, day = [], clock.local_date(admitted)
        while day <= clock.local_date(as_of):
            for _ in range(random.choice([0, 1, 1, 1, 1, 2, 2])):
                reviews.append(midnight(day) + random.choice([0, 1, 540, 900, 1379]) * MINUTE)
            day += clock.DAY
        reviews = sorted(at for at in reviews if admitted <= at <= as_of)
        events = [{"event": "Admission", "at": clock.iso(admitted)}]
        events += [{"event": "WardStay", "at": clock.iso(start), "end": clock.iso(end) if end else "none", "high_dependency": dependent, "delegated": delegated}
                   for start, end, dependent, delegated in wards]
        events += [{"event": "ConsultantReview", "at": clock.iso(at)} for at in reviews]
        yield {"trust": "RRF", "as_of": clock.iso(as_of), "events": events}, {"daily_review": verdict(admitted, wards, reviews, as_of)}
