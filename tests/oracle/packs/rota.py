"""Limits of schedule 3 of the 2016 terms as refreshed in 2019, from the list of shifts, minute by minute where that decides."""
import datetime as dt

import clock

RULE = "workforce/rota_tcs2016"
HOUR = dt.timedelta(hours=1)


def night_minutes(start, finish):
    """Minutes of work between 23:00 and 06:00 on the clock in London."""
    minutes = int((finish - start).total_seconds()) // 60
    return sum(not 6 <= (start + dt.timedelta(minutes=n)).astimezone(clock.LONDON).hour < 23 for n in range(minutes))


def most(shifts):
    """Most work in any 168 hours, over windows that begin or end with any shift's start or finish."""
    edges = [edge for shift in shifts for edge in shift]
    starts = edges + [edge - 168 * HOUR for edge in edges]
    inside = [sum((max(dt.timedelta(), min(finish, at + 168 * HOUR) - max(start, at)) for start, finish in shifts), dt.timedelta())
              for at in starts]
    return max(inside, default=dt.timedelta())


def in_a_row(shifts, duties):
    """By days on which a shift or a duty on call begins, and the rest after the last that begins on a day."""
    both = sorted([*shifts, *duties], key=lambda span: span[0])
    days = [clock.local_date(start) for start, _ in both]
    last = {day: n for n, day in enumerate(days)}

    def run(day, length):
        return all(day - clock.DAY * back in last for back in range(length))

    def short(n):
        return n + 1 < len(both) and both[n + 1][0] - both[n][1] < 48 * HOUR

    monday = [day - clock.DAY * day.weekday() for day in days]
    weeks = (monday[-1] - monday[0]).days // 7 + 1 if days else 0
    return sum(run(day, 8) for day in last), sum(run(day, 7) and short(n) for day, n in last.items()), weeks


def answers(shifts, duties):
    """What the rule counts."""
    days = [clock.local_date(start) for start, _ in shifts]
    long = [finish - start > 10 * HOUR for start, finish in shifts]
    night = [night_minutes(*shift) >= 180 for shift in shifts]
    rest = [shifts[n + 1][0] - finish if n + 1 < len(shifts) else None for n, (_, finish) in enumerate(shifts)]

    def within(n, flags, span):
        """Shifts so flagged that start on the day of the nth or up to so many days before, none after it."""
        return sum(flags[m] and 0 <= (days[n] - days[m]).days <= span for m in range(len(shifts)))

    def short(n, hours):
        return rest[n] is not None and rest[n] < hours * HOUR

    every = range(len(shifts))
    weekends = {day - clock.DAY * (day.weekday() - 5) for day in (clock.local_date(start) for start, _ in duties) if day.weekday() >= 5}
    for start, finish in shifts:
        first, last = clock.local_date(start), clock.local_date(finish - dt.timedelta(milliseconds=1))
        weekends |= {day - clock.DAY * (day.weekday() - 5) for day in {first, last} if day.weekday() >= 5}
    eighth_day, week_rest_too_short, weeks = in_a_row(shifts, duties)
    counts = {
        "nights": sum(night), "longs": sum(long), "too_long": sum(finish - start > 13 * HOUR for start, finish in shifts),
        "rest_too_short": sum(short(n, 11) for n in every),
        "fifth_long": sum(long[n] and within(n, long, 4) >= 5 for n in every),
        "long_rest_too_short": sum(long[n] and within(n, long, 3) >= 4 and within(n, night, 3) < 4 and short(n, 48) for n in every),
        "fifth_night": sum(night[n] and within(n, night, 4) >= 5 for n in every),
        "night_rest_too_short": sum(night[n] and short(n, 46) and not any(
            night[m] and 0 <= (days[m] - days[n]).days <= 1 for m in range(n + 1, len(shifts))) for n in every),
        "eighth_day": eighth_day, "week_rest_too_short": week_rest_too_short, "weekends": len(weekends), "weeks": weeks,
    }
    too_many = len(weekends) > 1 and len(weekends) * 3 > weeks
    wrong = [name for name in counts if name not in ("nights", "longs", "weekends", "weeks") and counts[name]]
    fine = most(shifts) <= 72 * HOUR and not wrong and not too_many
    shown = {name: f"{count} week{'s' * (count != 1)}" if name == "weeks" else str(count) for name, count in counts.items()}
    worked = sum((finish - start for start, finish in shifts), dt.timedelta())
    shown |= {"worked": clock.length(worked), "average_too_high": "yes" if worked > weeks * 48 * HOUR else "no"}
    return shown | {"most_in_168h": clock.length(most(shifts)), "within_limits": "yes" if fine else "no"}


def on_call(duties, shifts):
    """What the rule counts of duties on call, by the days on which they begin."""
    days = [clock.local_date(start) for start, _ in duties]
    day_after = {day + clock.DAY for day in days}
    counts = {
        "on_calls": len(duties), "on_call_too_long": sum(finish - start > 24 * HOUR for start, finish in duties),
        "on_call_in_a_row": sum(day in day_after and day.weekday() != 6 for day in days),
        "fourth_on_call": sum(sum(0 <= (days[n] - day).days <= 6 for day in days[:n + 1] + [
            other for other in days[n + 1:] if other == days[n]]) > 3 for n in range(len(days))),
        "long_after_on_call": sum(finish - start > 10 * HOUR and clock.local_date(start) in day_after for start, finish in shifts),
    }
    fine = not any(count for name, count in counts.items() if name != "on_calls")
    return {name: str(count) for name, count in counts.items()} | {"on_call_within_limits": "yes" if fine else "no"}


def some_duties(random, first):
    """Duties on call over three weeks, some on days in a row."""
    for number in sorted(random.sample(range(21), random.choice([0, 0, 1, 3, 5]))):
        start = clock.utc(dt.datetime.combine(clock.local_date(first) + number * clock.DAY, dt.time(random.choice([0, 8, 17]), 0)))
        yield start, start + dt.timedelta(minutes=random.choice([900, 960, 1439, 1440, 1441]))


def cases(random):
    while True:
        shifts, at = [], clock.some_instant(random, dt.date(2026, random.choice([1, 3, 10]), random.randrange(1, 28)), 7)
        kind = random.choice(["day", "night", "any"])
        for _ in range(random.randrange(1, 14)):
            if random.random() < 0.2:
                kind = random.choice(["day", "night", "any"])
            local = at.astimezone(clock.LONDON).date()
            if kind != "any":
                hour, hours = (8, random.choice([8, 9, 10, 12.5, 13])) if kind == "day" else (20, random.choice([11, 12, 13]))
                at = max(at, clock.utc(dt.datetime.combine(local, dt.time(hour, random.choice([0, 30])))))
                finish = at + hours * HOUR
            else:
                finish = at + dt.timedelta(minutes=random.choice([180, 540, 600, 601, 780, 781]))
            shifts.append((at, finish))
            gap = random.choice([0, 0, 0, 660, 659, 2760, 2759, 2880, 2879, 720, 8640])
            at = finish + dt.timedelta(minutes=gap) if gap else clock.utc(dt.datetime.combine(clock.local_date(shifts[-1][0]) + clock.DAY, dt.time(7, 0)))
            at = max(at, finish)
        duties = list(some_duties(random, shifts[0][0]))
        events = [{"event": name, "at": clock.iso(start), "finish": clock.iso(finish)}
                  for name, spans in (("Shift", shifts), ("OnCall", duties)) for start, finish in spans]
        yield {"trust": "RRF", "as_of": "2027-06-01T00:00:00Z", "events": events}, answers(shifts, duties) | on_call(duties, shifts)
