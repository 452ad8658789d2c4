"""The Better Payment Practice Code: the later of the due date and 30 days from the receipt of a valid invoice."""
import datetime as dt

import clock

RULE = "corporate/payments"


def cases(random):
    while True:
        received = dt.date(2024, 1, 1) + clock.DAY * random.randrange(900)
        due_on = received + clock.DAY * random.randrange(-5, 70) if random.random() < 0.6 else None
        by = max(day for day in (received + 30 * clock.DAY, due_on) if day)
        paid = None
        if random.random() < 0.8:
            day = by + clock.DAY * random.choice([-40, -1, 0, 0, 1, 1, 9])
            paid = clock.utc(dt.datetime.combine(day, random.choice([dt.time(0, 0), dt.time(12, 0), dt.time(23, 59)])))
        as_of = clock.utc(dt.datetime.combine(by + clock.DAY * random.choice([-1, 0, 1, 60]), dt.time(23, 59)))
        valid = random.random() < 0.9
        seen = paid if paid is not None and paid <= as_of else None
        case = {"trust": "RRF", "supplier": random.choice(["nhs", "other"]), "valid": valid, "received": str(received),
                "due_on": str(due_on) if due_on else "none", "amount": random.randrange(1, 10**7) / 100, "as_of": clock.iso(as_of),
                "events": [{"event": "Paid", "at": clock.iso(paid)}] if paid else []}
        verdict = clock.by_day(by, seen, as_of)
        yield case, {"payable_by": str(by), "paid_in_time": verdict if valid else "not applicable"}
