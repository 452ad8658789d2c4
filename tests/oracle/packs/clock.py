"""London's calendar and clock, and the working days of England, for the calculations of this folder."""
import datetime as dt
import zoneinfo

LONDON = zoneinfo.ZoneInfo("Europe/London")
DAY = dt.timedelta(days=1)

# Substitutes and days of their own, as gov.uk/bank-holidays has had them.
EXTRA = {dt.date(2002, 6, 3), dt.date(2002, 6, 4), dt.date(2011, 4, 29), dt.date(2012, 6, 4), dt.date(2012, 6, 5),
         dt.date(2020, 5, 8), dt.date(2022, 6, 2), dt.date(2022, 6, 3), dt.date(2022, 9, 19), dt.date(2023, 5, 8)}
MOVED = {dt.date(2002, 5, 27), dt.date(2012, 5, 28), dt.date(2020, 5, 4), dt.date(2022, 5, 30)}


def easter(year):
    """Easter Sunday, after Gauss and Butcher."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return dt.date(year, month, day + 1)


def monday_from(day):
    """The day itself if it is a Monday, or the next Monday."""
    return day + DAY * (-day.weekday() % 7)


def bank_holidays(year):
    """Of England and Wales, from 1978 on."""
    new_year, christmas, boxing = dt.date(year, 1, 1), dt.date(year, 12, 25), dt.date(year, 12, 26)
    days = {easter(year) - 2 * DAY, easter(year) + DAY, monday_from(dt.date(year, 5, 1)),
            monday_from(dt.date(year, 5, 25)), monday_from(dt.date(year, 8, 25))}
    days.add(monday_from(new_year) if new_year.weekday() >= 5 else new_year)
    # On a weekend, Christmas Day and Boxing Day go to the Monday and the Tuesday after it.
    days.add({5: dt.date(year, 12, 27), 6: dt.date(year, 12, 27)}.get(christmas.weekday(), christmas))
    days.add({5: dt.date(year, 12, 28), 6: dt.date(year, 12, 28)}.get(boxing.weekday(), boxing))
    return (days - MOVED) | {day for day in EXTRA if day.year == year}


HOLIDAYS = set().union(*(bank_holidays(year) for year in range(1978, 2060)))


def works(day):
    """Whether it is a working day."""
    return day.weekday() < 5 and day not in HOLIDAYS


def working_days_later(day, count):
    """The day that is so many working days later."""
    while count:
        day += DAY
        count -= works(day)
    return day


def utc(local):
    """A London clock time as an instant."""
    return local.replace(tzinfo=LONDON).astimezone(dt.timezone.utc)


def local_date(instant):
    """The day of an instant in London."""
    return instant.astimezone(LONDON).date()


def iso(instant):
    """An instant as JSON has it."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def shown(instant):
    """An instant as it is shown: in the hour that comes twice with the clock that is meant."""
    local = instant.astimezone(LONDON)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.strftime("%Y-%m-%d %H:%M" + (":%S" if local.second else "") + (" %Z" if twice else ""))


def day_shown(day):
    """A day as it is shown."""
    return f"{day.day} {day:%B} {day.year}"


def some_instant(random, first, days):
    """A minute in London within so many days, none that comes twice or never."""
    while True:
        local = dt.datetime.combine(first, dt.time()) + dt.timedelta(minutes=random.randrange(days * 1440))
        if local.hour != 1 or local.month not in (3, 10):
            return utc(local)


def length(delta):
    """A length of time as it is shown."""
    minutes, seconds = divmod(int(delta.total_seconds()), 60)
    parts = [(minutes // 1440, "day"), (minutes % 1440 // 60, "h"), (minutes % 60, "min"), (seconds, "s")]
    words = [f"{n} {unit}" + ("s" if unit == "day" and n != 1 else "") for n, unit in parts if n]
    return " ".join(words) or "0 min"


def by_day(due, done, as_of, unit="calendar day", late=None):
    """The verdict on what is due by the end of a day."""
    if done is not None and local_date(done) <= due:
        return "met"
    if done is not None:
        days = late or (local_date(done) - due).days
        return f"late by {days} {unit}" + ("s" if days != 1 else "")
    if local_date(as_of) <= due:
        return f"open due {day_shown(due)}"
    return "missed"


def by_time(due, done, as_of):
    """The verdict on what is due at an instant."""
    if done is not None:
        return "met" if done <= due else f"late by {length(done - due)}"
    return f"open due {shown(due)}" if as_of <= due else "missed"


def days(count):
    """As a number of days is shown."""
    return "1 day" if count == 1 else f"{count} days"
