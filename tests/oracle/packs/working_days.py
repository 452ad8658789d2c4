"""Working days of England, by Easter's formula and the holidays that were moved."""
import datetime as dt

import clock

RULE = "standard/working_days"


def cases(random):
    while True:
        day = dt.date(2000, 1, 1) + clock.DAY * random.randrange(50 * 365)
        if random.random() < 0.5:
            day = random.choice(sorted(clock.HOLIDAYS)) - clock.DAY * random.randrange(5)
        if not 2000 <= day.year < 2050:
            continue
        expected = {name: str(clock.working_days_later(day, count))
                    for name, count in (("next", 1), ("after_three", 3), ("after_ten", 10))}
        yield {"day": str(day)}, expected
