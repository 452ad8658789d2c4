"""Whether the status codes of a pathway follow one another as they may, and whether its times are possible."""
import datetime as dt

import clock

RULE = "conformance/data"
CODES = ["10", "11", "12", "20", "21", "30", "31", "32", "33", "34", "35", "36", "90", "91", "92", "98", "99"]
STOPS = ["30", "31", "32", "34", "35", "36"]
OUTSIDE = ["90", "91", "92", "98", "99"]


def number(random):
    """A number that checks by modulus 11."""
    while True:
        digits = [random.randrange(10) for _ in range(9)]
        check = 11 - sum(digit * (10 - place) for place, digit in enumerate(digits)) % 11
        if check != 10:
            return "".join(map(str, digits + [check % 11]))


def cases(random):
    while True:
        born = dt.date(1950, 1, 1) if random.random() < 0.8 else dt.date(2026, 1, 10)
        kinds = ["Referral", "TransferIn", "Admission", "Discharge", "Death"]
        at, events = clock.some_instant(random, dt.date(2026, 1, 8), 4), []
        for place in range(random.randrange(1, 8)):
            at += dt.timedelta(minutes=random.choice([0, 1, 600, 1440, 9000]))
            if place == 0 and random.random() < 0.85:
                events.append(("Referral", at, {}))
            elif random.random() < 0.75:
                code = random.choice(["10", "20", "30", "32", "11"]) if random.random() < 0.6 else random.choice(CODES + ["22"])
                events.append(("Status", at, {"status": code, "first_attendance": random.random() < 0.3}))
            else:
                kind = random.choice(kinds)
                start = {"original_start": clock.iso(at + dt.timedelta(minutes=random.choice([-40000, 0, 1, 2000])))} if kind == "TransferIn" else {}
                events.append((kind, at, start))
        last, known, eleven, first_only, running = None, True, True, True, True
        referred, admitted, dead = False, False, False
        possible, after_death = True, False
        for kind, when, fields in events:
            possible &= clock.local_date(when) >= born
            if kind in ("Referral", "TransferIn"):
                referred = True
            if kind in ("Referral", "Admission") and dead:
                after_death = True
            admitted |= kind == "Admission"
            dead |= kind == "Death"
            possible &= not (kind == "Discharge" and not admitted)
            if kind == "TransferIn":
                possible &= clock.local_date(dt.datetime.fromisoformat(fields["original_start"].replace("Z", "+00:00"))) <= clock.local_date(when)
            if kind != "Status":
                continue
            possible &= referred
            code, first = fields["status"], fields["first_attendance"]
            known &= code in CODES
            eleven &= code != "11" or last in ("31", "32")
            first_only &= code != "33" or first
            # After a stop nothing goes on or stops, but at the first attendance of a new referral; after a death not even then.
            if code in STOPS + ["20", "21"] and last in STOPS:
                running &= first and last != "36"
            if code in CODES and code not in OUTSIDE:
                last = code
        possible &= not after_death
        has = random.random() < 0.9
        order = eleven and first_only and running
        expected = {"has_number": has, "codes_known": known, "monitored_before_11": eleven, "first_only_33": first_only, "running_before_stop": running,
                    "codes_in_order": order, "times_in_order": possible, "conforms": has and known and order and possible}
        yield {"trust": "RRF", "nhs_number": number(random) if has else "none", "born": str(born), "as_of": "2027-01-01T00:00:00Z",
               "events": [{"event": kind, "at": clock.iso(when), **fields} for kind, when, fields in events]}, {
                   name: "yes" if holds else "no" for name, holds in expected.items()}
