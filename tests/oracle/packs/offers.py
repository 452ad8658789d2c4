"""Reasonable offers and active monitoring, from PRN01045 version 5.0, section 8 and the terms of section 13."""
import datetime as dt

import clock

RULE = "elective/offers"
NOTICE, SECOND, TWELVE_WEEKS = 21 * clock.DAY, 42 * clock.DAY, 84 * clock.DAY
WORST = ["missed", "late", "open", "met"]


def day(instant):
    return clock.local_date(instant)


def made(offers):
    """The offers without those of a date that was offered on the same day before, which are no others."""
    return [offer for place, offer in enumerate(offers) if all((day(offer[0]), offer[1]) != (day(at), to) for at, to, _ in offers[:place])]


def second_offer(offers, unavailable, ended, as_of):
    """A second reasonable date is for a day within six weeks of the first that was declined."""
    refused = [place for place, (at, to, declined) in enumerate(offers) if declined and to >= day(at) + NOTICE]
    if not refused:
        return "not applicable", "none", "none"
    place = refused[0]
    first = offers[place][1]
    by = first + SECOND - NOTICE
    same = (day(offers[place][0]), first)
    others = [(at, to) for at, to, _ in offers if (day(at), to) != same]
    fits = [at for at, to in others if to >= day(at) + NOTICE and to <= first + SECOND]
    # Made after its last day, it is late whatever its date.
    later = [at for at, to in others if at >= offers[place][0] and to >= day(at) + NOTICE and (to <= first + SECOND or day(at) > by)]
    # Said by the last day on which one can be offered, and of all the six weeks.
    away = unavailable and day(unavailable[0]) <= by and unavailable[1] > first + SECOND
    if not fits and (away or ended and day(ended) <= by):
        return "excused…", str(first), str(by)
    return clock.by_day(by, later[0] if later else None, as_of), str(first), str(by)


def reviewed(monitored, reviews, until, as_of):
    """Each review is due twelve weeks after the one before, until the patient goes on."""
    if monitored is None:
        return "not applicable"
    found, last = [], monitored
    while True:
        due = day(last) + TWELVE_WEEKS
        done = next((at for at in reviews if at > last and (until is None or at <= until)), None)
        if done is None:
            break
        found.append("met" if day(done) <= due else "late")
        last = done
    if until is None:
        found.append("missed" if day(as_of) > due else "open")
    elif day(until) > due:
        found.append("missed")
    return next((word + "…" for word in WORST if word in found), "not applicable")


def cases(random):
    while True:
        at = clock.some_instant(random, dt.date(2025, 3, 1), 400)
        offers, events = [], []
        for _ in range(random.choice([1, 1, 2, 2, 3])):
            earlier = offers[0][1] if offers else day(at)
            to = random.choice([day(at) + clock.DAY * random.choice([20, 21, 22, 40]), earlier + clock.DAY * random.choice([41, 42, 43])])
            offers.append((at, to, random.random() < 0.75))
            if random.random() < 0.1:
                offers.append((at, to, random.random() < 0.75))
            at += clock.DAY * random.choice([0, 1, 10, 20, 21, 22]) + dt.timedelta(minutes=7)
        monitored = at + clock.DAY * random.choice([-1, 0, 3]) + dt.timedelta(minutes=2) if random.random() < 0.6 else None
        talked = (monitored or at) + clock.DAY * random.choice([-3, 0, 0, 1]) + dt.timedelta(minutes=1) if random.random() < 0.8 else None
        agreed, two = random.random() < 0.85, random.random() < 0.6
        unavailable = offers[0][0] + clock.DAY * random.choice([-90, 0, 0, 0, 40]) + dt.timedelta(minutes=3) if random.random() < 0.25 else None
        free = (day(unavailable) if random.random() < 0.5 else offers[0][1]) + clock.DAY * random.choice([20, 42, 43, 100]) if unavailable else None
        reviews, last = [], monitored
        while last and random.random() < 0.75:
            last += clock.DAY * random.choice([40, 83, 84, 85]) + dt.timedelta(minutes=random.choice([0, 31]))
            reviews.append(last)
        on = (last or at) + clock.DAY * random.choice([1, 83, 84, 85, 100]) + dt.timedelta(minutes=5) if random.random() < 0.4 else None
        ended = (on or last or at) + clock.DAY * random.choice([1, 10, 30, 90]) if random.random() < 0.4 else None
        as_of = clock.utc(dt.datetime.combine(day(at) + clock.DAY * random.choice([0, 20, 60, 200, 900]), dt.time(23, 59)))

        def known(when, as_of=as_of):
            return when if when is not None and when <= as_of else None

        told = [offer for offer in offers if known(offer[0])]
        seen, asked, gone = known(monitored), known(unavailable), known(ended)
        verdict, first, by = second_offer(told, (asked, free) if asked else None, gone, as_of)
        turned_down = [(when, to, True) for when, to, refused in told if refused and to >= day(when) + NOTICE and seen and day(when) <= day(seen)]
        declined = len(turned_down)
        two_offers = len(made(turned_down)) >= 2 or bool(seen and asked and two and day(asked) <= day(seen))
        over = bool(seen and known(talked) and agreed and day(talked) <= day(seen))
        looked = [when for when in reviews if known(when)]
        until = min((when for when in (known(on), gone) if when), default=None)
        listed = [("Offer", when, {"offered": str(to), "declined": refused}) for when, to, refused in offers]
        listed += [("Monitored", monitored, {}), ("Conversation", talked, {"agreed": agreed}), ("GoesOn", on, {}), ("Ended", ended, {}),
                   ("Unavailable", unavailable, {"available_from": str(free), "two_dates": two})]
        listed += [("ClinicalReview", when, {}) for when in reviews]
        events = sorted((one for one in listed if one[1]), key=lambda one: one[1])
        yield {"trust": "RRF", "specialty": "110", "as_of": clock.iso(as_of),
               "events": [{"event": name, "at": clock.iso(when), **fields} for name, when, fields in events]}, {
                   "second_offer": verdict, "first_refused": first, "second_by": by, "offers_refused": str(declined),
                   "two_offers": "yes" if two_offers else "no", "talked_over": "yes" if over else "no",
                   "as_it_should_be": "yes" if two_offers and over else "no", "reviewed": reviewed(seen, looked, until, as_of)}
