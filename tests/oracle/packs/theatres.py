"""One planned session in a theatre: capped use, late start, early end and overrun."""
import datetime as dt
import fractions

import clock

RULE = "theatres/productivity"
SETTINGS = {"late_after": "15 min", "early_before": "30 min"}
MINUTE = dt.timedelta(minutes=1)


def length(delta):
    """A length of time as the rule shows it."""
    return clock.length(delta)


def cases(random):
    while True:
        day = random.choice([dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 5, 5)]) if random.random() < 0.3 else dt.date(2026, 1, 5) + clock.DAY * random.randrange(300)
        start = clock.utc(dt.datetime.combine(day, dt.time(random.choice([0, 8, 13]), 30)))
        end = start + random.choice([0, 210, 240, 480]) * MINUTE
        operations, at = [], start + random.choice([-40, 0, 10, 15, 16, 60, 500]) * MINUTE
        for _ in range(random.choice([0, 1, 2, 3, 4])):
            finish = at + random.choice([0, 20, 61, 119, 180]) * MINUTE
            operations.append((at, finish))
            at = finish + random.choice([-30, 0, 15, 40]) * MINUTE
        operations.sort(key=lambda one: one[0])
        used, until = dt.timedelta(), start
        for begin, finish in operations:
            begin, finish = max(begin, until), min(finish, end)
            if finish > begin:
                used, until = used + finish - begin, finish
        planned = end - start
        expected = {"planned": length(planned), "used": length(used), "touch": length(sum((finish - begin for begin, finish in operations), dt.timedelta())),
                    "not_used": "no" if operations else "yes", "started_late_by": "none", "ended_early_by": "none", "overran_by": "none"}
        if planned:
            share = fractions.Fraction(100 * used // MINUTE, planned // MINUTE)
            tenths = int(share * 10 + fractions.Fraction(1, 2))
            expected["share"] = f"{tenths // 10}.{tenths % 10}"
        if operations:
            first, last = operations[0][0], max(finish for _, finish in operations)
            late, early = max(first - start, dt.timedelta()), max(end - last, dt.timedelta())
            expected |= {"started_late_by": length(late), "ended_early_by": length(early), "overran_by": length(max(last - end, dt.timedelta())),
                         "started_late": "yes" if late > 15 * MINUTE else "no", "ended_early": "yes" if early > 30 * MINUTE else "no"}
        yield {"trust": "RRF", "specialty": "110", "planned_start": clock.iso(start), "planned_end": clock.iso(end), "as_of": "2027-06-01T00:00:00Z",
               "events": [{"event": "Operation", "at": clock.iso(begin), "end": clock.iso(finish), "joint_equivalents": 1} for begin, finish in operations]}, expected
