"""Retinopathy of prematurity: who is screened and when first, from the guideline of 2022."""
import datetime as dt

import clock

RULE = "eye/rop"


def cases(random):
    while True:
        born = dt.date(2025, 1, 1) + clock.DAY * random.randrange(400)
        gestation = random.choice([154, 175, 188, 189, 190, 216, 217, 218, 223, 224, 225, 251, 252, 253, 280, random.randrange(154, 311)])
        weight = random.choice([500, 1499, 1500, 1501, 2500])
        screened = gestation < 31 * 7 or weight < 1501
        weeks_4, at_31, at_36 = born + 28 * clock.DAY, born + (217 - gestation) * clock.DAY, born + (252 - gestation) * clock.DAY
        due = max(at_31, weeks_4) if gestation < 217 else min(max(at_36, born), weeks_4)
        examined = None
        if random.random() < 0.7:
            day = max(born, due + clock.DAY * random.choice([-3, -1, 0, 0, 1, 5]))
            examined = clock.utc(dt.datetime.combine(day, dt.time(random.choice([0, 9, 23]), 30)))
        as_of = clock.utc(dt.datetime.combine(due + clock.DAY * random.choice([-1, 0, 1, 40]), dt.time(23, 59)))
        seen = examined if examined is not None and examined <= as_of else None
        events = [{"event": "Examination", "at": clock.iso(examined), "again_in": "none"}] if examined else []
        case = {"trust": "RRF", "born": str(born), "gestation": gestation, "birth_weight": weight, "as_of": clock.iso(as_of),
                "events": events}
        yield case, {"screened": "yes" if screened else "no", "first_due_on": str(due) if screened else "none",
                     "first_examination": clock.by_day(due, seen, as_of) if screened else "not applicable"}
