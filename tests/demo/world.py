"""The invented group: its members, its year, and how a case of it is drawn and written."""
import datetime as dt
import random
import zoneinfo

LONDON = zoneinfo.ZoneInfo("Europe/London")
AS_OF = dt.datetime(2026, 6, 30, 23, 59)
DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)

MEMBERS = {
    "ZZ01": ("Aldermere", "full"), "ZZ02": ("Brackwater", "full"), "ZZ03": ("Caldmoor", "full"), "ZZ04": ("Dunmere", "full"),
    "ZZ05": ("Elmsand", "associate"), "ZZ06": ("Fernhope", "associate"), "ZZ07": ("Garthdale", "associate"),
    "ZZ08": ("Heronsea", "associate"), "ZZ09": ("Inglewick", "buddied"), "ZZ10": ("Jarrowby", "buddied"),
    "ZZ11": ("Kestrelford", "franchise"), "ZZ12": ("Larkmouth", "franchise"),
}
CODES = list(MEMBERS)


class Draw:
    """One case: whose it is, when it begins, and what chance has in store for it."""

    def __init__(self, chance, org, at, effect):
        self.chance, self.org, self.at, self.effect = chance, org, at, effect

    def good(self, share):
        """Yes in so many of 100 cases of an average member, and a few more or fewer of this one."""
        return self.chance.random() < min(0.995, max(0.005, share + self.effect)) if 0 < share < 1 else share >= 1

    def yes(self, share):
        """Yes in so many of 100 cases, whoever's."""
        return self.chance.random() < share

    def pick(self, *choices, **weighted):
        """One of several, or one by its weight."""
        if weighted:
            return self.chance.choices(list(weighted), list(weighted.values()))[0]
        return self.chance.choice(choices)

    def between(self, low, high):
        """A whole number, both ends included."""
        return self.chance.randint(low, high)

    def later(self, low, high, unit=MINUTE, since=None):
        """So many minutes, hours or days after an instant, or after the case began."""
        return (since or self.at) + self.chance.randint(low, high) * unit

    def by(self, since, limit, share, never=0.1):
        """When something is done that is due within a time: in time in so many cases, else late or, now and then, never."""
        if since is None:
            return None
        minutes = int(limit / MINUTE)
        if self.good(share):
            return since + int(minutes * (0.1 + 0.9 * self.chance.random() ** 0.7)) * MINUTE
        if self.chance.random() < never:
            return None
        return since + int(minutes * (1.02 + 0.5 * self.chance.expovariate(1))) * MINUTE + MINUTE

    def by_day(self, since, days, share, never=0.1):
        """The same by calendar days: on the last day at the latest, in working hours."""
        if since is None:
            return None
        if self.good(share):
            after = self.chance.randint(max(1, days // 3), days)
        elif self.chance.random() < never:
            return None
        else:
            after = days + 1 + int(self.chance.expovariate(3 / max(days, 3)))
        when = dt.datetime.combine(since.date() + after * DAY, dt.time(9)) + self.chance.randint(0, 470) * MINUTE
        return max(when, since + MINUTE)


def event(name, at, **fields):
    """An event, if it has a time."""
    return [(name, at, fields)] if at is not None else []


def utc(at):
    """A London clock time as JSON has it."""
    return at.replace(tzinfo=LONDON).astimezone(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def written(value, as_of):
    """A value as JSON has it; a time that has not come is none."""
    if isinstance(value, dt.datetime):
        return utc(value) if value <= as_of else None
    if isinstance(value, dt.date):
        return str(value)
    return value


UNKNOWN_TIME = "at an unknown time"


def case(name, facts, events, as_of=AS_OF):
    """A case as JSON: what comes after the day of the audit has not happened, and is in no export."""
    listed = [(kind, at, fields) for kind, at, fields in events if at == UNKNOWN_TIME or at <= as_of]
    listed.sort(key=lambda one: as_of if one[1] == UNKNOWN_TIME else one[1])
    return {"case": name, **{key: written(value, dt.datetime.max) for key, value in facts.items()},
            "events": [{"event": kind, "at": None if at == UNKNOWN_TIME else utc(at),
                        **{key: written(value, as_of if key == "end" else dt.datetime.max) for key, value in fields.items()}}
                       for kind, at, fields in listed]}


def draws(pack, count, first, last):
    """So many cases of each member, spread over the days from first to last, more of them by day than by night."""
    for org in CODES:
        chance = random.Random(f"{pack} {org}")
        effect = chance.gauss(0, 0.008)
        days = (last - first).days + 1
        for number in range(count):
            day = first + chance.randrange(days) * DAY
            minute = chance.randrange(1440) if chance.random() < 0.4 else 480 + chance.randrange(720)
            yield Draw(chance, org, dt.datetime.combine(day, dt.time()) + minute * MINUTE, effect), f"{org}-{number + 1:04}"
