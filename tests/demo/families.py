"""What is drawn of mothers and children, of minds, of care near home, and of going home."""
import datetime as dt

from wards import age
from world import DAY, HOUR, MINUTE, event


def pregnancy(d):
    gestation = d.pick(d.between(170, 209), d.between(210, 237), *[d.between(255, 292)] * 14)
    born = d.at
    facts = {"trust": d.org, "gestation": gestation, "diabetes": d.pick(no_diabetes=90, gestational=8, type_1=1, type_2=1),
             "hba1c_in_third_trimester": d.good(0.8)}
    events = event("Booking", born - (gestation - 70) * DAY, carbon_monoxide=d.between(0, 6) if d.good(0.9) else "none") + event("Birth", born)
    if gestation >= 252:
        events += event("Week36Visit", born - (gestation - 252) * DAY, carbon_monoxide=d.between(0, 5) if d.good(0.75) else "none")
    if gestation < 238:
        # Planted: Elmsand gives steroids too seldom.
        events += event("Steroids", born - d.between(10, 160) * HOUR if d.good(0.4 if d.org == "ZZ05" else 0.85) else None)
        events += event("Magnesium", born - d.between(2, 23) * HOUR if gestation < 210 and d.good(0.85) else None)
    seen = born + 2 * HOUR
    raised = d.yes(0.15)
    events += event("Observations", seen, mews=d.between(2, 4) if raised else d.between(0, 1))
    events += event("Escalation", d.by(seen, HOUR / 2, 0.8)) if raised else []
    if d.good(0.97):
        lost = int(d.chance.lognormvariate(6.05, 0.55))
        events += event("BloodLoss", born + 30 * MINUTE, total=lost)
        events += event("HaemorrhageCall", d.by(born + 30 * MINUTE, 10 * MINUTE, 0.85), level=min(lost, 1500)) if lost >= 1000 else []
    return facts, events


def child(d):
    if d.yes(0.5):
        gestation = d.pick(d.between(180, 237), *[d.between(259, 290)] * 4, d.between(238, 258))
        early = gestation < 238
        facts = {"trust": d.org, "born": d.at.date(), "gestation": gestation, "cord_clamped_after": d.between(60, 150) if d.good(0.8) else d.between(0, 55),
                 "antenatal_steroids": d.good(0.88), "antenatal_magnesium": d.good(0.85), "early_milk": d.good(0.75)}
        warm = round(d.chance.uniform(36.5, 37.5) if d.good(0.78) else d.chance.uniform(35.4, 36.4), 1)
        events = event("Birth", d.at) + (event("Temperature", d.later(10, 55), value=warm) if early else [])
        # Planted: Kestrelford admits many term babies.
        admitted = 1 if early else 0.3 if d.org == "ZZ11" else 0.05
        return facts, events + event("NeonatalAdmission", d.later(60, 300) if d.yes(admitted) else None)
    born = d.at.date() - d.between(30, 5400) * DAY
    months = (d.at.year - born.year) * 12 + d.at.month - born.month - (d.at.day < born.day)
    chart = "months_0_to_11" if months < 12 else "years_1_to_4" if months < 60 else "years_5_to_12" if months < 156 else "years_13_up"
    events, t = [], d.at
    for _ in range(d.between(2, 4)):
        total = d.pick(0, 0, 1, 2, 3, 5, 7)
        wrong = d.yes(0.02)
        events += event("Observations", t, chart="years_1_to_4" if wrong else chart, total=total, carer=d.pick("S", "S", "S", "W"),
                        trigger=False, intuition=d.yes(0.03))
        events += event("Review", d.by(t, HOUR, 0.8))
        t += d.between(3, 6) * HOUR
    return {"trust": d.org, "born": born, "gestation": 275}, events


def premature(d):
    gestation = d.between(168, 235)
    born = d.at.date()
    weight = max(450, int(d.chance.gauss(900 + (gestation - 180) * 17, 200)))
    days = max(217 - gestation, 28) if gestation < 217 else min(max(252 - gestation, 0), 28)
    due = dt.datetime.combine(born + days * DAY, dt.time(11))
    # Planted: from Larkmouth babies go home before they are seen.
    share = 0.7 if d.org == "ZZ12" else 0.94
    first = due - d.between(0, 4) * DAY if d.good(share) else due + d.between(1, 14) * DAY
    again = first + d.between(7, 14) * DAY
    facts = {"trust": d.org, "born": born, "gestation": gestation, "birth_weight": weight}
    if gestation >= 217 and weight >= 1501:
        return facts, event("Discharge", due)
    events = event("Examination", first, again_in=14) + event("Examination", again if d.good(0.95) else again + 9 * DAY, again_in="none")
    return facts, events + event("Discharge", first - 3 * DAY if first > due else again + 20 * DAY)


def mind(d):
    crisis = d.yes(0.45)
    facts = {"trust": d.org, "adult_acute": not crisis, "on_cpa": False, "destination": "residence", "crisis": "not_urgent"}
    if crisis:
        facts["crisis"] = d.pick(liaison=5, very_urgent=2, urgent=3)
        limit = {"liaison": HOUR, "very_urgent": 4 * HOUR, "urgent": 24 * HOUR}[facts["crisis"]]
        return facts, event("CrisisReferral", d.at) + event("CrisisContact", d.by(d.at, limit, 0.78), attended=d.yes(0.95))
    facts["destination"] = d.pick(residence=85, care_home=6, non_psychiatric=3, mental_health_bed=4, custody=1, abroad=1)
    at = dt.datetime.combine(d.at.date(), dt.time(15))
    # Planted: Heronsea discharges nobody at weekends, and follows few of those up who leave on a Friday.
    if d.org == "ZZ08" and at.weekday() >= 5:
        at -= (at.weekday() - 4) * DAY
    share = 0.45 if d.org == "ZZ08" and at.weekday() == 4 else 0.84
    events = event("Discharge", at) + event("FollowUp", d.by(at, 72 * HOUR, share), attended=True)
    if d.yes(0.06):
        start = at - d.between(20, 60) * DAY
        events += event("OutOfAreaPlacement", start, appropriate=d.yes(0.3), end=start + d.between(3, 19) * DAY)
    return facts, events


def community(d):
    years, events = age(d, 50), []
    facts = {"provider": d.org, "age": years, "deficits": min(30, max(0, int(d.chance.gauss(8, 4))))}
    if d.yes(0.7):
        condition = d.pick("fall", "frailty", "reduced_function", "palliative", "confusion", "catheter", "diabetes", "carer", "equipment", "another")
        # Planted: Inglewick's team goes home at six.
        share = 0.3 if d.org == "ZZ09" and d.at.hour >= 18 else 0.78
        events += event("Referral", d.at, two_hour=d.yes(0.9), condition=condition)
        events += event("Contact", d.by(d.at, 2 * HOUR, share), way=d.pick("face_to_face", "face_to_face", "face_to_face", "video"))
    if d.yes(0.3):
        days = d.between(3, 13) if d.good(0.85) else d.between(15, 30)
        events += event("VirtualWardStay", d.at, step=d.pick("up", "down"), end=d.at + days * DAY)
    if facts["deficits"] >= 9:
        events += event("FoundFrail", d.at) + event("TeamReview", d.by_day(d.at, 28, 0.7))
    return facts, events


def discharge(d):
    admitted, nights = d.at, d.pick(1, 2, 2, 3, 4, 5, 7, 9, 14, 22)
    flags = {name: False for name in ("critical_care", "oxygen_or_ventilation", "intravenous_fluids", "reduced_consciousness",
                                      "functional_impairment", "last_hours_of_life", "another_reason")}
    facts = {"trust": d.org, "age": age(d, 0), "day_case": d.yes(0.05), "cancer": d.yes(0.06), "obstetric": d.yes(0.05), **flags,
             "intravenous_medicine": 0}
    events, rounds = event("Admission", admitted), dt.datetime.combine(admitted.date() + DAY, dt.time(10))
    for night in range(nights - 1):
        events += event("Review", rounds + night * DAY, criterion=d.pick("02", "03", "04", "08"))
    ready = rounds + (nights - 1) * DAY
    events += event("Review", ready, criterion="none") if d.good(0.93) else []
    # Planted: at Aldermere people wait for a place to go to.
    home = ready + 5 * HOUR + (0 if d.good(0.55 if d.org == "ZZ01" else 0.75) else 1 + int(d.chance.expovariate(1 / (6 if d.org == "ZZ01" else 3)))) * DAY
    facts["functional_impairment"] = home > dt.datetime(2026, 6, 30, 23, 59) and d.yes(0.6)
    events += event("Discharge", home, method=d.pick(**{"1": 94, "2": 1, "3": 1, "4": 4}))
    if d.yes(0.12):
        events += event("Readmission", home + d.between(1, 40) * DAY, provider=d.org, method=d.pick("21", "22", "11"), for_cancer=False, for_obstetrics=False)
    return facts, events


def person(d):
    decile = d.pick(*range(1, 11), 1, 1, 2)
    # Planted: in Heronsea few people of the poorest places are vaccinated.
    gap = -0.25 if d.org == "ZZ08" and decile <= 2 else -0.06 if decile <= 2 else 0
    ill, chest = d.yes(0.15), d.yes(0.25)
    facts = {"trust": d.org, "age": age(d), "ethnicity": d.pick(White=78, Asian=11, Black=6, Mixed=3, Other=2),
             "imd_decile": decile if d.yes(0.97) else "none", "plus_group": d.yes(0.05), "gave_birth": d.yes(0.08),
             "continuity_of_carer": d.good(0.4), "severe_mental_illness": ill, "copd": chest,
             "cancer_stage": d.pick(1, 2, 2, 3, 4) if d.yes(0.12) else "none", "hypertension": d.yes(0.4),
             "pressure_at_target": d.good(0.7 + gap / 2), "smoker": d.yes(0.2)}
    day = dt.datetime(2026, 6, 1, 10)
    events = event("HealthCheck", day - d.between(1, 320) * DAY if ill and d.good(0.62 + gap) else None)
    events += event("Vaccinated", dt.datetime(2025, 10, 1, 10) + d.between(0, 90) * DAY if chest and d.good(0.75 + gap) else None)
    return facts, events + event("StopSmokingOffer", day - d.between(1, 300) * DAY if facts["smoker"] and d.good(0.7) else None)
