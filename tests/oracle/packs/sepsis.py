"""Suspected sepsis by the NEWS2 score, as NICE NG253 has it: antibiotics within 1, 3 or 6 hours, lactate, culture, review, and the next score."""
import datetime as dt

import clock

RULE = "acute/sepsis_ng253"
SETTINGS = {"reviewed_within": "1 h"}
MINUTE = dt.timedelta(minutes=1)


def first(times):
    return min(times, default=None)


def lactate_with_score(scores, lactates):
    """The first moment at which the last score is 5 or 6 and the last lactate above 2."""
    moments = []
    for at, score, _, _ in scores:
        before = [value for when, value in lactates if when < at]
        if score in (5, 6) and before and before[-1] > 2:
            moments.append(at)
    for at, value in lactates:
        before = [score for when, score, _, _ in scores if when < at]
        if value > 2 and before and before[-1] in (5, 6):
            moments.append(at)
    return first(moments)


def cases(random):
    while True:
        begin = clock.some_instant(random, dt.date(2025, 11, 19), 400)
        minutes = sorted(random.sample(range(0, 1500), random.choice([1, 1, 2, 3, 4])))
        scores = [(begin + n * MINUTE, random.choice([0, 1, 4, 5, 6, 7, 12]), random.random() < 0.2, random.random() < 0.1) for n in minutes]
        lactates = [(begin + n * MINUTE + dt.timedelta(seconds=30), random.choice([1.9, 2.0, 2.1, 4.5]))
                    for n in sorted(random.sample(range(-60, 900), random.choice([0, 1, 1, 2])))]
        base = random.choice([at for at, *_ in scores] + [at for at, _ in lactates])
        shifts = [-30, 0, 30, 59, 60, 61, 179, 180, 181, 359, 360, 361]
        doses = [base + random.choice(shifts) * MINUTE] if random.random() < 0.85 else []
        cultures = [base + random.choice(shifts[:6]) * MINUTE + dt.timedelta(seconds=15)] if random.random() < 0.7 else []
        reviews = [base + random.choice(shifts[:6]) * MINUTE + dt.timedelta(seconds=45)] if random.random() < 0.5 else []
        as_of = begin + random.choice([30, 90, 400, 5000]) * MINUTE
        age, pregnant, infection, bacterial = random.choice([15, 16, 70]), random.random() < 0.05, random.random() < 0.95, random.random() < 0.9
        events = ([("Observations", at, {"news2": score, "single_3": single, "worse_than_score": worse}) for at, score, single, worse in scores]
                  + [("Lactate", at, {"value": value}) for at, value in lactates] + [("Antibiotics", at, {}) for at in doses]
                  + [("BloodCulture", at, {}) for at in cultures] + [("ClinicianReview", at, {}) for at in reviews])
        events.sort(key=lambda event: event[1])
        # What is not yet known as of the question.
        scores = [score for score in scores if score[0] <= as_of]
        lactates = [one for one in lactates if one[0] <= as_of]
        doses, cultures, reviews = ([at for at in times if at <= as_of] for times in (doses, cultures, reviews))
        scope = age >= 16 and not pregnant and infection

        def within(applies, start, minutes, times, as_of=as_of, earlier=True):
            if not applies or start is None:
                return "not applicable"
            return clock.by_time(start + minutes * MINUTE, first([at for at in times if earlier or at >= start]), as_of)

        def scored(low):
            return first([at for at, score, *_ in scores if score >= low])

        # Until the discharge somebody is there to be scored again.
        gone = begin + random.choice([2000, 4500]) * MINUTE if random.random() < 0.5 else None
        events += [("Discharge", gone, {})] if gone else []
        until = [] if gone and gone <= as_of else [(as_of,)]

        expected = {"in_scope": "yes" if scope else "no"}
        for name, low, minutes in (("antibiotics_1h", 7, 60), ("antibiotics_3h", 5, 180), ("antibiotics_6h", 1, 360)):
            expected[name] = within(scope and bacterial, scored(low), minutes, doses)
        expected["antibiotics_for_lactate"] = within(scope and bacterial, lactate_with_score(scores, lactates), 60, doses)
        # Taken in the hour before the score, or after it.
        high = scored(7)
        for name, taken in (("lactate_at_high", [at for at, _ in lactates]), ("culture_at_high", cultures)):
            expected[name] = within(scope, high, 60, [at for at in taken if high and at >= high - 60 * MINUTE])
        alarm = first([at for at, _, single, worse in scores if single or worse])
        expected["reviewed"] = within(scope, alarm, 60, reviews, earlier=False)
        late = 0
        for (at, score, *_), (following, *_) in zip(scores, scores[1:] + until):
            again = 30 if score >= 7 else 60 if score >= 5 else 360 if score >= 1 else None
            late += again is not None and following - at > again * MINUTE
        expected["scored_late"] = str(late)
        yield {"trust": "RRF", "age": age, "pregnant": pregnant, "infection": infection, "bacterial_likely": bacterial, "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(at), **fields} for name, at, fields in events]}, expected
