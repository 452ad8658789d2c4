"""Complaints: acknowledged within three working days, answered within six months or as agreed, from the regulations of 2009."""
import datetime as dt

import clock

RULE = "corporate/complaints"


def six_months(day):
    """Six months of which this is the first day: the last is the day before its like, or the end of a month without one."""
    month = day.month + 6
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    last = (dt.date(year + month // 12, month % 12 + 1, 1) - clock.DAY).day
    return dt.date(year, month, last) if day.day > last else dt.date(year, month, day.day) - clock.DAY


def cases(random):
    while True:
        day = dt.date(2024, 1, 1) + clock.DAY * random.randrange(800)
        if random.random() < 0.4:
            day = random.choice([d for d in sorted(clock.HOLIDAYS) if 2024 <= d.year <= 2026]) - clock.DAY * random.randrange(6)
        received = clock.utc(dt.datetime.combine(day, dt.time(random.choice([0, 9, 23]), 30)))
        due = clock.working_days_later(day, 3)
        answer_by = six_months(day)
        agreed = answer_by + clock.DAY * random.choice([-30, 0, 20]) if random.random() < 0.3 else None
        answer_by = max(answer_by, agreed) if agreed else answer_by

        def some_day(day):
            return max(clock.utc(dt.datetime.combine(day, dt.time(random.choice([0, 12, 23]), 30))), received)

        acknowledged = some_day(due + clock.DAY * random.choice([-1, 0, 0, 1, 2, 4])) if random.random() < 0.85 else None
        answered = some_day(answer_by + clock.DAY * random.choice([-9, -1, 0, 1, 5])) if random.random() < 0.8 else None
        withdrawn = some_day(answer_by + clock.DAY * random.choice([-40, 0, 1])) if random.random() < 0.15 else None
        as_of = clock.utc(dt.datetime.combine(random.choice([due, due + clock.DAY, answer_by, answer_by + clock.DAY * 9]), dt.time(23, 59)))

        def known(when, as_of=as_of):
            return when if when is not None and when <= as_of else None

        verdict = clock.by_day(due, known(acknowledged), as_of)
        if verdict.startswith("late"):
            # By working days, unless none has come since.
            on = clock.local_date(acknowledged)
            late = sum(clock.works(due + clock.DAY * n) for n in range(1, (on - due).days + 1))
            verdict = clock.by_day(due, acknowledged, as_of, "working day", late) if late else verdict
        answer = clock.by_day(answer_by, known(answered), as_of)
        if known(withdrawn) and clock.local_date(withdrawn) <= answer_by:
            answer = "excused…"
        events = [("Received", received), ("Acknowledged", acknowledged), ("Answered", answered), ("Withdrawn", withdrawn)]
        yield {"trust": "RRF", "topic": "CARE", "agreed_until": str(agreed) if agreed else "none", "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when)} for name, when in events if when]}, {
                   "acknowledged": verdict, "answered": answer, "answer_by": str(answer_by)}
