"""Which way of allowing for the usual spread between organisations finds those that truly stand apart.

Groups of 21 are made up: sizes from 60 to 2,000, rates around 80 % with a true spread between them on the arcsine scale, and 0 to 5 of them
moved by 12 points, all to the same side or to both. Each method flags beyond 99.8 % on the widened scale. Printed: of 100 that were moved,
how many are missed; of 1,000 that were not, how many are flagged (2 would be the level of the limits).

Deterministic: python3 -B tests/oracle/overdispersion.py prints the table of docs/auditing.md.
"""

import math
import random

UNITS, GROUPS, RATE, MOVED = 21, 400, 0.80, 0.12
SPREADS = (0.0, 0.02, 0.04, 0.06)
Z = 3.090232306167813


def quantile(values, q):
    values = sorted(values)
    h = (len(values) - 1) * q
    low = int(h)
    return values[low] + (h - low) * (values[min(low + 1, len(values) - 1)] - values[low])


# What winsorising leaves of the variance of chance: it is divided by this where "corrected".
LEFT = {0.1: 0.6787, 0.2: 0.4120}


def winsorised(units, trim, left=1.0):
    low, high = quantile([z for z, _ in units], trim), quantile([z for z, _ in units], 1 - trim)
    squares = sum(min(max(z, low), high) ** 2 for z, _ in units) / left
    k = len(units)
    w1, w2 = sum(s**-2 for _, s in units), sum(s**-4 for _, s in units)
    return max(0.0, (squares - (k - 1)) / (w1 - w2 / w1)), squares / k


# How much the median absolute deviation of few values falls short (Croux & Rousseeuw 1992).
FEW = {2: 1.196, 3: 1.495, 4: 1.363, 5: 1.206, 6: 1.200, 7: 1.140, 8: 1.129, 9: 1.107}


def middle(units):
    k = len(units)
    usual = 0.6744897501960817 / FEW.get(k, k / (k - 0.8))
    off = [z * s for z, s in units]
    centre = quantile(off, 0.5)

    def excess(tau2):
        return quantile([abs(o - centre) / math.sqrt(s * s + tau2) for o, (_, s) in zip(off, units)], 0.5) - usual

    if excess(0.0) <= 0:
        return 0.0
    low, high = 0.0, max((o - centre) ** 2 for o in off) / usual**2
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (mid, high) if excess(mid) > 0 else (low, mid)
    return low


def additive(tau2):
    return lambda z, s: z * s / math.sqrt(s * s + tau2)


def about_the_middle(units):
    """From the unit in the middle, as far as a unit lies on the same side of the rate of all, and beyond chance of that."""
    tau2, centre = middle(units), quantile([z * s for z, s in units], 0.5)

    def distance(z, s):
        off = (z * s - centre) / math.sqrt(s * s + tau2)
        return 0.0 if off * z < 0 else min(off, z, key=abs)

    return distance


METHODS = {
    "chance alone": lambda u: lambda z, s: z,
    "φ, winsorised 10%": lambda u: (lambda phi: lambda z, s: z / math.sqrt(max(1, phi)))(winsorised(u, 0.1)[1]),
    "τ², not winsorised": lambda u: additive(winsorised(u, 0.0)[0]),
    "τ², winsorised 10%": lambda u: additive(winsorised(u, 0.1)[0]),
    "τ², winsorised 20%": lambda u: additive(winsorised(u, 0.2)[0]),
    "τ² of the middle half": lambda u: additive(middle(u)),
    "τ² of the middle half, about the middle one": about_the_middle,
    "τ², winsorised 10%, corrected": lambda u: additive(winsorised(u, 0.1, LEFT[0.1])[0]),
    "τ², winsorised 20%, corrected": lambda u: additive(winsorised(u, 0.2, LEFT[0.2])[0]),
}


def group(rng, tau, outliers, both):
    units, centre = [], math.asin(math.sqrt(RATE))
    for place in range(UNITS):
        n = int(60 * (2000 / 60) ** rng.random())
        rate = math.sin(min(max(centre + rng.gauss(0, tau), 0.02), math.pi / 2 - 0.02)) ** 2
        moved = place < outliers
        if moved:
            rate += -MOVED if not both or place % 2 == 0 else MOVED
        rate = min(max(rate, 0.01), 0.99)
        met = sum(rng.random() < rate for _ in range(n)) if n < 200 else round(min(n, max(0, rng.gauss(n * rate, math.sqrt(n * rate * (1 - rate))))))
        units.append((met, n, moved))
    return units


def main():
    print("| method | " + " | ".join(f"{o} moved" for o in range(6)) + " | 4 moved, both ways |")
    print("|---|" + "---|" * 7)
    for tau in SPREADS:
        found = {name: [] for name in METHODS}
        for outliers, both in [(o, False) for o in range(6)] + [(4, True)]:
            rng = random.Random(f"{tau} {outliers} {both}")
            counts = {name: [0, 0, 0, 0] for name in METHODS}
            for _ in range(GROUPS):
                units = group(rng, tau, outliers, both)
                centre = math.asin(math.sqrt(sum(r for r, _, _ in units) / sum(n for _, n, _ in units)))
                scored = []
                for r, n, _ in units:
                    s = 0.5 / math.sqrt(n)
                    scored.append(((math.asin(math.sqrt(r / n)) - centre) / s, s))
                for name, method in METHODS.items():
                    widened = method(scored)
                    for (z, s), (_, _, moved) in zip(scored, units):
                        out = abs(widened(z, s)) > Z
                        counts[name][0 if moved else 2] += out
                        counts[name][1 if moved else 3] += 1
            for name, (hit, true, false, others) in counts.items():
                missed = "" if true == 0 else f"{100 * (1 - hit / true):.0f} missed, "
                found[name].append(f"{missed}{1000 * false / others:.0f} false")
        print(f"| **true spread {tau:.2f}** (±{100 * (math.sin(math.asin(math.sqrt(RATE)) + tau) ** 2 - RATE):.1f} points) | | | | | | | |")
        for name, cells in found.items():
            print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
