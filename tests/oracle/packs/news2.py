"""NEWS2, from the chart of the Royal College of Physicians, 2017: what each value scores, with any of them missing."""
import itertools

RULE = "clinical/news2"


def respiration(rate):
    return 3 if rate <= 8 else 1 if rate <= 11 else 0 if rate <= 20 else 2 if rate <= 24 else 3


def saturation(scale, spo2, oxygen):
    if scale == "scale_1":
        return 3 if spo2 <= 91 else 2 if spo2 <= 93 else 1 if spo2 <= 95 else 0
    if spo2 <= 92:
        return 3 if spo2 <= 83 else 2 if spo2 <= 85 else 1 if spo2 <= 87 else 0
    if not oxygen:
        return 0
    return 1 if spo2 <= 94 else 2 if spo2 <= 96 else 3


def systolic(pressure):
    return 3 if pressure <= 90 else 2 if pressure <= 100 else 1 if pressure <= 110 else 0 if pressure <= 219 else 3


def pulse(rate):
    if rate <= 50:
        return 3 if rate <= 40 else 1
    return 0 if rate <= 90 else 1 if rate <= 110 else 2 if rate <= 130 else 3


def temperature(tenths):
    return 3 if tenths <= 350 else 1 if tenths <= 360 else 0 if tenths <= 380 else 1 if tenths <= 390 else 2


VALUES = {
    "respiration_rate": range(101), "spo2": range(30, 101), "scale": ["scale_1", "scale_2"], "on_oxygen": [False, True],
    "systolic": range(351), "pulse": range(351), "temperature": range(250, 451),
    "consciousness": ["alert", "new_confusion", "voice", "pain", "unresponsive"],
}
EDGES = {
    "respiration_rate": [7, 8, 9, 11, 12, 20, 21, 24, 25, 26], "spo2": list(range(82, 99)),
    "systolic": [89, 90, 91, 100, 101, 110, 111, 219, 220, 221], "pulse": [39, 40, 41, 50, 51, 90, 91, 110, 111, 130, 131, 132],
    "temperature": [349, 350, 351, 360, 361, 380, 381, 390, 391, 392],
}


def points(known):
    """Every combination of points that is still possible, each parameter by itself and oxygen last."""
    def all_of(name):
        return [known[name]] if name in known else VALUES[name]

    saturations = {(saturation(*of), 2 if of[2] else 0)
                   for of in itertools.product(all_of("scale"), all_of("spo2"), all_of("on_oxygen"))}
    others = [{respiration(x) for x in all_of("respiration_rate")}, {systolic(x) for x in all_of("systolic")},
              {pulse(x) for x in all_of("pulse")}, {temperature(x) for x in all_of("temperature")},
              {0 if x == "alert" else 3 for x in all_of("consciousness")}]
    for of_saturation, *rest in itertools.product(saturations, *others):
        yield [of_saturation[0], *rest], of_saturation[1]


def response(total, red):
    if total >= 7:
        return "high", "30 min", "yes", "none"
    if total >= 5:
        return "medium", "1 h", "no", "1 h"
    if red:
        return "low_medium", "none", "no", "1 h"
    return "low", "none", "no", "12 h" if total == 0 else "6 h"


def cases(random):
    while True:
        near = random.random() < 0.8
        known = {name: random.choice(EDGES[name] if near and name in EDGES else values) for name, values in VALUES.items()}
        if random.random() < 0.6:
            # Mostly well, so that low totals come too.
            known |= {name: value for name, value in (("respiration_rate", 16), ("systolic", 120), ("pulse", 70),
                      ("temperature", 370), ("consciousness", "alert")) if random.random() < 0.7}
        for name in VALUES:
            if random.random() < 0.03:
                del known[name]
        possible = [(sum(some) + oxygen, 3 in some) for some, oxygen in points(known)]
        totals, reds = {total for total, _ in possible}, {red for _, red in possible}
        expected = {}
        low, high = min(totals), max(totals)
        expected["total"] = str(low) if low == high else f"unknown, {low}..{high}"
        if len(reds) == 1:
            expected["single_red"] = "yes" if reds == {True} else "no"
        if len(totals) == len(reds) == 1:
            answers = response(*totals, *reds)
            expected |= dict(zip(("risk", "review_within", "continuous", "observe_every"), answers))
        yield {name: value / 10 if name == "temperature" else value for name, value in known.items()}, expected
