"""Reference values for tests/suite/variation: independent of the engine's code.

Run in tests/ with scipy 1.17.1, statsmodels 0.15.0 and numpy 2.4.6; it prints
what the tests quote. Formulas are written out from their sources or taken from
these libraries, never from the engine.
"""
import csv
import numpy as np
from scipy import integrate, optimize, stats
from scipy.special import expit
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

np.set_printoptions(precision=12, linewidth=150)


print("== Wilson (statsmodels proportion_confint)")
for k, n, a in [(481, 823, .05), (0, 10, .05), (10, 10, .05), (1, 3, .05), (481, 823, .002), (7, 50, .1)]:
    lo, hi = proportion_confint(k, n, alpha=a, method="wilson")
    print(k, n, a, float(lo), float(hi))

print("== multiple testing (statsmodels multipletests)")
p = [0.01, 0.013, 0.014, 0.19, 0.35, 0.5, 0.63, 0.67, 0.75, 0.81, 0.014, 0.0001]
for m in ("fdr_bh", "fdr_by", "holm"):
    print(m, [float(x) for x in multipletests(p, method=m)[1]])

print("== Poisson intervals (chi-square quantiles)")
for o, level in [(0, .95), (1, .95), (5, .95), (10, .95), (100, .95), (10000, .95), (10, .998), (3000000, .95)]:
    a = 1 - level
    lo = stats.chi2.ppf(a / 2, 2 * o) / 2 if o else 0.0
    print(o, level, float(lo), float(stats.chi2.isf(a / 2, 2 * (o + 1)) / 2))

print("== exact binomial limits, interpolated; mid-p")
def interp(dist, q):
    r = dist.ppf(q)
    a = (dist.cdf(r) - q) / (dist.cdf(r) - dist.cdf(r - 1))
    return max(0.0, r - a)
for n, th in [(20, .1), (57, .15), (400, .02)]:
    d = stats.binom(n, th)
    print(n, th, [float(min(1, interp(d, q) / n)) for q in (.025, .975, .001, .999)])
for e in (4.5, 9.2):
    d = stats.poisson(e)
    print("poisson", e, [float(interp(d, q) / e) for q in (.025, .975, .001, .999)])
def midp(d, k):
    half = d.pmf(k) / 2
    return float(min(1, 2 * min(d.cdf(k - 1) + half, d.sf(k) + half)))
print("midp", midp(stats.binom(20, .1), 5), midp(stats.binom(57, .15), 3), midp(stats.poisson(4.5), 11))

rows = [r for r in csv.DictReader(open("data/nhs/ae_attendances.csv")) if r["type"] == "1"]
def n_(x): return float(x)

print("== funnel: A&E type 1, March 2019, seen within four hours, by organisation")
m = sorted([r for r in rows if r["period"] == "2019-03-01" and n_(r["attendances"]) > 0], key=lambda r: r["org_code"])
n = np.array([n_(r["attendances"]) for r in m]); r_ = n - np.array([n_(x["breaches"]) for x in m])
theta = r_.sum() / n.sum()
y = np.arcsin(np.sqrt(r_ / n)); s = 1 / (2 * np.sqrt(n)); t = np.arcsin(np.sqrt(theta))
z = (y - t) / s
lz, uz = np.quantile(z, [.1, .9]); w = np.clip(z, lz, uz)
k = len(z); phi = (w ** 2).sum() / k
W1 = (1 / s ** 2).sum(); W2 = (1 / s ** 4).sum()
tau2 = max(0, (k * phi - (k - 1)) / (W1 - W2 / W1))
print("units", k, "theta", float(theta), "phi", float(phi), "tau2", float(tau2), "winsor", float(lz), float(uz))
def lim(sd, q): return np.sin(np.clip(t + q * sd, 0, np.pi / 2)) ** 2
z95, z998 = stats.norm.ppf(.975), stats.norm.ppf(.999)
sa = np.sqrt(s ** 2 + tau2); za = (y - t) / sa
print("outside raw", int((np.abs(z) > z95).sum()), int((np.abs(z) > z998).sum()), "adj", int((np.abs(za) > z95).sum()), int((np.abs(za) > z998).sum()))
sm = s * np.sqrt(phi); zm = (y - t) / sm
print("outside multiplicative", int((np.abs(zm) > z95).sum()), int((np.abs(zm) > z998).sum()))
for c in ("RM3", "RTF", "RRF", "RAL"):
    i = [x["org_code"] for x in m].index(c)
    print(c, i, int(r_[i]), int(n[i]), "z", float(z[i]), "za", float(za[i]), "midp", midp(stats.binom(int(n[i]), theta), int(r_[i])), "p_adj", float(2 * stats.norm.sf(abs(za[i]))),
          "lim", [float(lim(s[i], q)) for q in (-z95, z95, -z998, z998)], "adj", [float(lim(sa[i], q)) for q in (-z95, z95, -z998, z998)])

print("== ratio funnel")
O = np.array([3, 12, 25, 8, 40, 18, 0, 60]); E = np.array([5.5, 10.2, 18.4, 9.9, 31.0, 22.5, 2.1, 41.7])
s = 1 / (2 * np.sqrt(E)); z = (np.sqrt(O / E) - 1) / s
w = np.clip(z, *np.quantile(z, [.1, .9])); phi = (w ** 2).mean(); k = len(z)
W1 = (1 / s ** 2).sum(); W2 = (1 / s ** 4).sum(); tau2 = max(0, (k * phi - (k - 1)) / (W1 - W2 / W1))
print("z", z.tolist(), "phi", float(phi), "tau2", float(tau2))

print("== random-intercept logistic, likelihood by fixed-grid integration")
def mle(r, n):
    r = np.asarray(r, float); n = np.asarray(n, float)
    def loglik(mu, sg, parts=False):
        # Per unit: trapezium on 4,001 points over the mode +/- 12 posterior sd.
        out = []; rates = []
        for a, b in zip(r, n):
            h = lambda e: a * e - b * np.logaddexp(0, e) - .5 * ((e - mu) / sg) ** 2
            lo, hi = mu - b * sg * sg - 1, mu + b * sg * sg + 1
            mode = optimize.brentq(lambda e: a - b * expit(e) - (e - mu) / sg ** 2, lo, hi, xtol=1e-14)
            sd = 1 / np.sqrt(b * expit(mode) * (1 - expit(mode)) + 1 / sg ** 2)
            e = np.linspace(mode - 12 * sd, mode + 12 * sd, 4001)
            v = np.exp(h(e) - h(mode)); tot = np.trapezoid(v, e)
            out.append(h(mode) + np.log(tot) - np.log(sg) - .5 * np.log(2 * np.pi))
            if parts:
                mean = np.trapezoid(v * e, e) / tot
                rates.append((np.trapezoid(v * expit(e), e) / tot, mean, np.trapezoid(v * (e - mean) ** 2, e) / tot))
        return (sum(out), np.array(rates)) if parts else sum(out)
    def moments(x):
        # The likelihood equations: mu is the mean of E[eta], sigma^2 that of E[(eta - mu)^2].
        m = loglik(x[0], np.exp(x[1]), True)[1]
        return [np.mean(m[:, 1] - x[0]), np.mean(m[:, 2] + (m[:, 1] - x[0]) ** 2) / np.exp(2 * x[1]) - 1]
    best = optimize.minimize(lambda x: -loglik(x[0], np.exp(x[1])), [np.log(r.sum() / (n.sum() - r.sum())), np.log(.4)],
                             method="Nelder-Mead", options=dict(xatol=1e-10, fatol=1e-12, maxiter=4000))
    x = optimize.fsolve(moments, best.x, xtol=1e-13)  # sharper than the maximum of a large sum
    mu, sg = x[0], np.exp(x[1]); top = loglik(mu, sg)
    prof = lambda q: -optimize.minimize_scalar(lambda u: -loglik(u, q), bracket=(mu - .3, mu + .3), tol=1e-12).fun
    drop = lambda q: 2 * (top - prof(q)) - stats.chi2.ppf(.95, 1)
    up = optimize.brentq(drop, sg, 9.9, xtol=1e-10)
    low = optimize.brentq(drop, 1e-3, sg, xtol=1e-10) if drop(1e-3) > 0 else 0.0
    mor = lambda q: float(np.exp(np.sqrt(2) * q * stats.norm.ppf(.75)))
    print("mu", float(mu), "var", float(sg ** 2), "MOR", mor(sg), mor(low), mor(up), "ICC", float(sg ** 2 / (sg ** 2 + np.pi ** 2 / 3)),
          "9010", float(np.exp(2 * stats.norm.ppf(.9) * sg)), "rates", loglik(mu, sg, True)[1][:6, 0].tolist())
mle([2, 5, 1, 9, 0, 14, 3, 7, 12, 4], [10, 12, 8, 20, 6, 31, 22, 9, 40, 7])
mle([3, 4, 3, 5, 4, 30], [30, 41, 29, 52, 38, 90])
print("A&E March 2019:"); mle(r_, n)

print("== p and p' chart: RM3 type 1, seen within four hours, 36 months")
m = sorted([r for r in rows if r["org_code"] == "RM3"], key=lambda r: r["period"])
n = np.array([n_(x["attendances"]) for x in m]); r_ = n - np.array([n_(x["breaches"]) for x in m])
c = r_.sum() / n.sum(); sd = np.sqrt(c * (1 - c) / n); z = (r_ / n - c) / sd
sz = np.abs(np.diff(z)).mean() / 1.128
print(len(n), "centre", float(c), "sigma_z", float(sz), "first limits", float(c - 3 * sd[0] * sz), float(c + 3 * sd[0] * sz), "p", float(c - 3 * sd[0]), float(c + 3 * sd[0]))
ev = np.array([4, 7, 2, 9, 5, 6]); ex = np.array([1.2, 1.5, .9, 1.6, 1.1, 1.4])
c = ev.sum() / ex.sum(); sd = np.sqrt(c / ex); z = (ev / ex - c) / sd
print("u", float(c), float(np.abs(np.diff(z)).mean() / 1.128), float(c + 3 * sd[0]), float(max(0, c - 3 * sd[0])))

print("== order-statistic intervals (binomial)")
for n, q in [(10, .5), (5, .5), (100, .95), (100, .9), (1000, .95), (59, .95)]:
    b = stats.binom(n, q); F = [b.cdf(i) for i in range(-1, n + 1)]
    l = max(i for i in range(0, n + 1) if F[i] <= .025)          # F[i] = P(B <= i-1) = P(B < i)
    u = min([i for i in range(0, n + 2) if i <= n + 1 and 1 - (F[i] if i <= n else 1) <= .025])
    print(n, q, "l", l, "u", u, "coverage", float((1 if u == n + 1 else F[u]) - (F[l] if l else 0)))

print("== XmR on every organisation's type-1 series (NHSRplotthedots' definitions, by window)")
from collections import Counter
def xmr(y, k=2.66, screen=True, shift=7, trend=7, gaps=()):
    """gaps: the points before which periods have no value; no range and no window goes across one."""
    y = np.asarray(y); mean = y.mean(); n = len(y)
    mr = np.array([abs(y[i] - y[i - 1]) for i in range(1, n) if i not in gaps])
    if len(mr) == 0:
        return ["."] * n, None
    amr = mr.mean()
    if screen and amr > 0:
        amr = mr[mr < 3.267 * amr].mean()
    if amr == 0:                             # nothing varies, or all that does was screened out
        return ["."] * n, None
    upl, lpl = mean + k * amr, mean - k * amr
    nu, nl = mean + k * amr * 2 / 3, mean - k * amr * 2 / 3
    rel = np.sign(y - mean); out = np.where(y > upl, 1, np.where(y < lpl, -1, 0))
    near = (out == 0) & ((y > nu) | (y < nl))
    T = [0] * n; S = [0] * n; W = [0] * n
    whole = lambda first, last: first >= 0 and not any(i in gaps for i in range(first + 1, last + 1))
    for e in range(n):                       # windows by their last point, later ones overwrite
        if whole(e - trend + 1, e):
            d = np.sign(np.diff(y[e - trend + 1:e + 1]))
            if abs(d.sum()) == trend - 1:
                for i in range(e - trend + 1, e + 1): T[i] = int(d[0])
        if whole(e - shift + 1, e) and abs(rel[e - shift + 1:e + 1].sum()) == shift:
            for i in range(e - shift + 1, e + 1): S[i] = int(rel[e])
        if whole(e - 2, e) and abs(rel[e - 2:e + 1].sum()) == 3 and near[e - 2:e + 1].sum() >= 2:
            for i in range(e - 2, e + 1):
                if near[i]: W[i] = int(rel[e])
    pick = lambda i: next((f"{c}{'+' if v > 0 else '-'}" for c, v in (("O", out[i]), ("T", T[i]), ("2", W[i]), ("S", S[i])) if v), ".")
    return [pick(i) for i in range(n)], (lpl, upl)
orgs = sorted({r["org_code"] for r in rows})
for name, kw in (("MAKING_DATA_COUNT", {}), ("ABSPC", dict(k=3 / 1.128, screen=False, shift=8, trend=6))):
    points, last, sure, widths, sig = Counter(), Counter(), Counter(), 0.0, ""
    for o in orgs:
        m = sorted([r for r in rows if r["org_code"] == o and n_(r["attendances"]) > 0], key=lambda r: r["period"])
        if not m: continue
        y = [(n_(x["attendances"]) - n_(x["breaches"])) / n_(x["attendances"]) for x in m]
        marks, lim_ = xmr(y, **kw)
        points.update(marks); last[marks[-1][-1]] += 1
        sure["none" if lim_ is None else "fail" if .95 > lim_[1] else "pass" if .95 < lim_[0] else "hit"] += 1
        widths += 0 if lim_ is None else lim_[1] - lim_[0]
    print(name, sum(points.values()), sorted(points.items()), sorted(last.items()), sorted(sure.items()), float(widths))

print("== XmR with a gap: every organisation's type-1 series without October 2017 to March 2018")
points, widths = Counter(), 0.0
for o in orgs:
    m = sorted([r for r in rows if r["org_code"] == o and n_(r["attendances"]) > 0], key=lambda r: r["period"])
    m = [x for x in m if not "2017-10" <= x["period"][:7] <= "2018-03"]
    if not m: continue
    y = [(n_(x["attendances"]) - n_(x["breaches"])) / n_(x["attendances"]) for x in m]
    gaps = {i for i in range(1, len(m)) if m[i]["period"][:7] >= "2018-04" and m[i - 1]["period"][:7] <= "2017-09"}
    marks, lim_ = xmr(y, gaps=gaps)
    points.update(marks)
    widths += 0 if lim_ is None else lim_[1] - lim_[0]
print(sum(points.values()), sorted(points.items()), float(widths))

print("== two failures in 480, in months 5 and 15 of 24; six in months 2, 6, 10, 14, 18 and 22")
for failures in ({4, 14}, {1, 5, 9, 13, 17, 21}):
    print(xmr([0.95 if i in failures else 1.0 for i in range(24)]))

print("== evidence: Poisson tails and two rates against one, written out")
def tail(k, mean):
    return sum(float(stats.poisson.pmf(i, mean)) for i in range(k + 1))


def best(r, n):
    return (r * np.log(r / n) if r else 0) + ((n - r) * np.log((n - r) / n) if n - r else 0)


print([tail(k, m) for k, m in ((0, 10), (3, 12.5), (40, 60))])
print(2 * (best(90, 100) + best(60, 100) - best(150, 200)))

print("== days that lie an hour early in summer: four organisations, the first of them read an hour early in summer")
day = np.array([3, 2, 2, 2, 2, 2, 2, 3, 4, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 5, 4, 4, 3])
days = [[day * 4, np.roll(day, -1) * 6], [day * 9, day * 12], [day * 5 + np.arange(24) * 2, day * 7 + np.arange(24) * 3], [day * 2, day * 3 + np.arange(24) % 2]]


def scored(own, others):
    """Off in winter and in summer, their variances, and what an hour is worth."""
    usual = others[0] + others[1] + 1
    f = usual / usual.sum()
    s = np.log(np.roll(f, -1) / f)
    mean = (f * s).sum(); var = (f * s * s).sum() - mean ** 2
    off = lambda k: (own[k] * s).sum() / own[k].sum() - (others[k] * s).sum() / others[k].sum()
    return [(off(k), var / own[k].sum() + var / others[k].sum()) for k in (0, 1)], (np.roll(f, -1) * s).sum() - mean


all_ = [sum(d[k] for d in days) for k in (0, 1)]
own = [scored(d, [all_[k] - d[k] for k in (0, 1)]) for d in days]
z = np.array([off / np.sqrt(v) for seasons, _ in own for off, v in seasons]); s = np.array([np.sqrt(v) for seasons, _ in own for _, v in seasons])
w = np.clip(z, *np.quantile(z, [.1, .9])); W1, W2 = (1 / s ** 2).sum(), (1 / s ** 4).sum()
tau2 = max(0, ((w ** 2).sum() - (len(z) - 1)) / (W1 - W2 / W1))
for ((a, va), (b, vb)), hour in own:
    B = tau2 / (tau2 + va); se = np.sqrt(vb + tau2 * (1 - B))
    print("tau2", float(tau2), "z", float((b - B * a) / se), "expected", float(hour / se), "ratio", float(np.exp(hour / se * ((b - B * a) / se - hour / se / 2))))
