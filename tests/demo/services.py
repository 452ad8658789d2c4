"""What is drawn of laboratories, the pharmacy, the offices, the rota, and of records."""
import datetime as dt
import random

from world import CODES, DAY, HOUR, MINUTE, MEMBERS, event


def blood_culture(d):
    events = []
    sets = 2 if d.good(0.72) else 1
    # Planted: at Caldmoor nobody takes samples to the incubator at the weekend.
    share = 0.03 if d.org == "ZZ03" and d.at.weekday() >= 5 else 0.62
    put = d.by(d.at, 4 * HOUR, share)
    for number in range(1, sets + 1):
        events += event("Collected", d.at + number * MINUTE, number=number, volume=20.0 if d.good(0.55) else round(d.chance.uniform(6, 19), 1))
        events += event("Incubated", put and max(put, d.at + 10 * MINUTE), number=number)
    if d.yes(0.12) and put:
        grown = put + d.between(10, 40) * HOUR
        stained = d.by(grown, 2 * HOUR, 0.75)
        events += event("Positive", grown) + event("GramStain", stained) + event("Telephoned", d.by(stained, 2 * HOUR, 0.88))
    return {"trust": d.org, "site": d.pick("ED", "AMU", "ITU", "SURG"), "adult": True}, events


def critical_result(d):
    urgency = d.pick(within_2h=3, same_day=2, next_day=2, routine=5)
    verified = d.by(d.at, 2 * HOUR, 0.85, never=0)
    # Planted: Dunmere's wards do not answer the telephone.
    told = d.by(verified, 2 * HOUR, 0.6 if d.org == "ZZ04" else 0.92) if urgency != "routine" else None
    return {"trust": d.org, "test": d.pick("K", "NA", "TROP", "HB", "INR"), "urgency": urgency}, (
        event("Received", d.at) + event("Verified", verified) + event("Told", told))


def aseptic(d):
    ordered = dt.datetime.combine(d.at.date(), dt.time(9)) + d.between(0, 400) * MINUTE
    made = dt.datetime.combine(d.at.date() + DAY, dt.time(9)) + d.between(0, 180) * MINUTE
    needed = dt.datetime.combine(made.date(), dt.time(14))
    maker, checker = d.pick(("P1", "P2"), ("P2", "P3"), ("P3", "P1"))
    checker = checker if d.good(0.985) else maker
    facts = {"trust": d.org, "licensed": d.yes(0.4), "shelf_life": d.pick("PT24H", "PT48H", "P7D"), "needed_at": needed}
    events = event("Ordered", ordered) + event("Completed", made, by=maker) + event("Checked", made + 15 * MINUTE if d.good(0.99) else None, by=checker)
    events += event("Released", made + 30 * MINUTE, by="P4") + event("Delivered", needed - 30 * MINUTE if d.good(0.9) else needed + d.between(5, 90) * MINUTE)
    return facts, events + event("Given", needed + d.between(10, 300) * MINUTE)


def incident(d):
    reported = d.at
    told = d.by_day(reported, 12, 0.85)
    written = d.later(2, 20, DAY, since=told) if told and d.good(0.85) else None
    return {"trust": d.org, "harm": d.pick(moderate=6, severe=2, death=1, low=8)}, (
        event("Reported", reported) + event("Told", told) + event("Written", written) + event("Closed", d.later(60, 120, DAY)))


def complaint(d):
    # Planted: Inglewick acknowledges late since its office closed in February.
    share = 0.45 if d.org == "ZZ09" and d.at >= dt.datetime(2026, 2, 1) else 0.965
    answered = d.by_day(d.at, 120, 0.9)
    return {"trust": d.org, "topic": d.pick("CARE", "WAIT", "STAFF", "FOOD"), "agreed_until": "none"}, (
        event("Received", d.at) + event("Acknowledged", d.by_day(d.at, 3, share)) + event("Answered", answered))


def appointment(d):
    approved = d.at
    start = dt.datetime.combine((approved + d.between(*((40, 80) if d.good(0.7) else (85, 130))) * DAY).date(), dt.time(9))
    facts = {"trust": d.org, "local": d.yes(0.6), "registered_post": True, "exempt_from_criminal_check": False}
    events = event("Approved", approved) + event("Offered", approved + 25 * DAY) + event("Started", start)
    for check in ("identity", "right_to_work", "registration", "references", "criminal", "health"):
        events += event("CheckDone", start - d.between(5, 30) * DAY if d.good(0.993) else start + d.between(2, 30) * DAY, check=check, clear=True)
    for module in ("FIRE", "MOVE", "DATA"):
        valid = dt.date(2026, 6, 30) + (d.between(10, 300) if d.good(0.88) else -d.between(1, 90)) * DAY
        events += event("Trained", start + d.between(1, 20) * DAY, module=module, valid_to=valid)
    return facts, events


def invoice(d):
    amount = round(d.chance.lognormvariate(7.2, 1.6), 2)
    # Planted: Brackwater pays large invoices late.
    share = 0.55 if d.org == "ZZ02" and amount > 8000 else 0.955
    received = d.at.date()
    due = received + d.pick(14, 30, 30, 45) * DAY if d.yes(0.5) else "none"
    by = max(received + 30 * DAY, due) if due != "none" else received + 30 * DAY
    facts = {"trust": d.org, "supplier": d.pick("nhs", "other", "other"), "valid": d.yes(0.97), "received": received, "due_on": due, "amount": amount}
    return facts, event("Paid", d.by_day(dt.datetime.combine(received, dt.time(9)), (by - received).days, share, never=0.02))


def purchase(d):
    decided = d.at.date()
    net = round(d.chance.lognormvariate(11.9, 0.9), 2)
    facts = {"trust": d.org, "buyer": "central", "kind": d.pick("supplies", "supplies", "supplies", "works"), "decided_on": decided, "net": net,
             "tax_rate": 20, "social_value": d.pick(10, 10, 15, 20) if d.good(0.85) else d.pick(0, 5), "local": d.yes(0.3)}
    award = d.later(40, 60, DAY)
    tender, signed = d.at + 5 * DAY if d.good(0.95) else None, award + (d.between(14, 25) if d.good(0.93) else d.between(1, 5)) * DAY
    return facts, event("TenderNotice", tender) + event("AwardNotice", award) + event("Signed", signed)


def doctor(d):
    """A month of long days, nights and short days, in blocks with rest between."""
    at, events = dt.datetime.combine(d.at.date(), dt.time()), []
    # Planted: at Jarrowby the rest after nights is a day too short.
    short, hurried = d.yes(0.6 if d.org == "ZZ10" else 0.03 - d.effect), False
    # Drawn apart, so that the shifts are the same with it and without. One in three is on call, two nights of each week of short days.
    apart = random.Random(f"on call {d.org} {d.at}")
    called = apart.random() < 0.35
    for block in d.chance.sample(["long", "night", "short", "short", "short"], 5):
        count, start, hours = {"long": (3, 8, 12.5), "night": (d.between(3, 4), 20.5, 12.5), "short": (5, 8.5, 8)}[block]
        # Weekends are free, but for one in five; nobody who is called back early after nights waits for a Monday.
        while not hurried and at.weekday() + count > 5 and d.yes(0.8 if block != "short" else 1):
            at += DAY
        for day in range(count):
            begin = at + day * DAY + start * HOUR
            events += event("Shift", begin, finish=begin + hours * HOUR)
        if called and block == "short":
            for day in (0, 1 if apart.random() < 0.05 else 2):
                begin = at + day * DAY + 17 * HOUR
                events += event("OnCall", begin, finish=begin + 15.5 * HOUR)
        hurried = block == "night" and short
        at += (count + (1 if hurried else 3)) * DAY
    return {"trust": d.org}, events


MODULES = ["acute.sepsis", "clinical.news2", "clinical.aki", "clinical.vte", "elective.rtt", "cancer.cwt", "flow.emergency", "workforce.rota_tcs2016"]


def installations():
    """Which logic runs where."""
    for org in CODES:
        for number, pack in enumerate(MODULES):
            # Planted: Dunmere changed the logic of three; Kestrelford lets approvals lapse; Jarrowby, buddied, has set something.
            other = org == "ZZ04" and number < 3
            may = MEMBERS[org][1] in ("full", "associate")
            own = int(may and number < 2 or (org, number) in (("ZZ11", 1), ("ZZ10", 0)))
            facts = {"trust": org, "pack": pack, "membership": MEMBERS[org][1], "logic": f"{'b7e2' if other else 'a1c4'}{number}",
                     "group_logic": f"a1c4{number}", "own_settings": own, "approved_settings": 0 if org == "ZZ11" else own, "review_by": dt.date(2027, 4, 1)}
            yield f"{org}-{pack}", facts, event("Installed", dt.datetime(2026, 4, 1, 9))


def number_of(n):
    """An NHS number of the range kept for tests, with its check digit; none where that would be 10."""
    digits = f"999{n:06}"
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(digits)) % 11
    return None if check == 10 else digits + str(check % 11)


def record(d):
    number = None
    while number is None:
        number = number_of(d.between(0, 999999))
    facts = {"trust": d.org, "nhs_number": number if d.good(0.985) else "none", "born": dt.date(1940, 1, 1) + d.between(0, 25000) * DAY}
    first, stop = d.later(10, 60, DAY), d.later(80, 200, DAY)
    events = event("Referral", d.at) if d.yes(0.85) else event("TransferIn", d.at, original_start=d.at - d.between(10, 90) * DAY)
    # Planted: Kestrelford's system sends a code that is none.
    code = "3" if d.org == "ZZ11" and d.yes(0.2) else "30"
    events += event("Status", first, status="10", first_attendance=True) + event("Status", first + 9 * DAY, status="20", first_attendance=False)
    events += event("Status", stop, status=code, first_attendance=False)
    events += event("Status", stop + 3 * DAY, status="20", first_attendance=False) if not d.good(0.96) else []
    return facts, events


def months(first, count):
    for number in range(count):
        yield dt.date(first.year + (first.month - 1 + number) // 12, (first.month - 1 + number) % 12 + 1, 1)


def ward_months(chance):
    for org in CODES:
        rate = chance.gauss(0, 0.03)
        for ward in ("W1", "W2", "W3"):
            for month in months(dt.date(2025, 7, 1), 12):
                patients = chance.randint(740, 850)
                planned = (round(patients * 4.4, 2), round(patients * 3.2, 2))
                # Planted: Larkmouth's ward 2 is short of nurses.
                short = 0.8 if (org, ward) == ("ZZ12", "W2") else 0.96 + rate
                worked = [round(hours * chance.gauss(share, 0.02), 2) for hours, share in zip(planned, (short, 1.0))]
                yield f"{org}-{ward}-{month:%Y-%m}", {
                    "trust": org, "ward": ward, "month": month, "registered_hours": worked[0], "support_hours": worked[1],
                    "registered_hours_planned": planned[0], "support_hours_planned": planned[1], "patient_days": patients}, []


def emergency_returns(chance):
    for org in CODES:
        size, base = chance.randint(6000, 11000), chance.gauss(0.33, 0.03)
        for month in months(dt.date(2025, 7, 1), 12):
            winter = 0.05 if month.month in (12, 1, 2) else 0
            better = 0.12 if org == "ZZ07" and month >= dt.date(2026, 1, 1) else 0
            for department, share, late in (("type_1", 0.72, base + winter - better), ("other", 0.28, 0.015)):
                count = int(size * share * chance.gauss(1, 0.03))
                breaches = int(count * max(0.002, chance.gauss(late, 0.012)))
                yield f"{org}-{department}-{month:%Y-%m}", {
                    "provider": org, "period": month, "department": department, "attendances": count, "breaches": breaches,
                    "admissions": int(count * 0.27) if department == "type_1" else 0}, []


def ward_returns(chance):
    for org in CODES:
        for pathway in ("frailty", "respiratory"):
            # Planted: Fernhope's respiratory beds stand empty.
            share = 0.5 if (org, pathway) == ("ZZ06", "respiratory") else chance.gauss(0.8, 0.05)
            for month in months(dt.date(2025, 7, 1), 12):
                days = chance.randint(600, 1200)
                taken, admitted = min(days, int(days * chance.gauss(share, 0.03))), chance.randint(50, 120)
                yield f"{org}-{pathway}-{month:%Y-%m}", {
                    "provider": org, "period": month, "pathway": pathway, "bed_days": days, "occupied": taken,
                    "step_up": int(admitted * chance.gauss(0.45, 0.05)), "step_down": int(admitted * 0.55)}, []


def stroke_teams(chance):
    for org in CODES:
        share = chance.gauss(0.94, 0.02)
        for end in (dt.date(2023, 12, 31), dt.date(2024, 3, 31), dt.date(2024, 6, 30), dt.date(2024, 9, 30)):
            cohort = chance.randint(60, 130) if org != "ZZ12" else chance.randint(12, 19)
            yield f"{org}-{end}", {"team": org, "period_ends": end, "cohort": cohort,
                                   "scanned_in_12h": sum(chance.random() < share for _ in range(cohort))}, []
