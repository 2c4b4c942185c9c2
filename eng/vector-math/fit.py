#!/usr/bin/env python3
"""Minimax coefficients of src/Runtime/VectorMath.

Polynomials: Remez exchange in 60-digit arithmetic. Coefficients are rounded to float32 one at a time,
lowest degree first, and the others are fitted again around the rounded ones, so that rounding costs
almost nothing. Rationals: Loeb's linearised fit with Lawson's reweighting, which converges to the
minimax solution for the well-behaved functions used here.

Needs mpmath and numpy. Run: python3 fit.py [name ...]
"""
import sys
import numpy as np
from mpmath import mp, mpf, matrix, lu_solve

mp.dps = 60


def f32(v):
    """Nearest float32 as an exact high-precision number (double rounding is harmless here)."""
    return mpf(float(np.float32(float(v))))


def remez(target, weight, powers, lo, hi, iterations=12, grid=1500):
    """Minimises max |weight(x) (sum c_k x^powers[k] - target(x))| over [lo, hi]."""
    n = len(powers)
    lo, hi = mpf(lo), mpf(hi)
    nodes = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * (i + mpf(1) / 2) / (n + 1)) for i in range(n + 1)]
    xs = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * i / grid) for i in range(grid + 1)]
    ts = [target(x) for x in xs]
    ws = [weight(x) for x in xs]
    best = None
    for _ in range(iterations):
        a = matrix(n + 1, n + 1)
        b = matrix(n + 1, 1)
        for i, x in enumerate(nodes):
            for j, p in enumerate(powers):
                a[i, j] = x ** p
            a[i, n] = (-1) ** i / weight(x)
            b[i] = target(x)
        s = lu_solve(a, b)
        c = [s[j] for j in range(n)]
        err = [w * (sum(cj * x ** p for cj, p in zip(c, powers)) - t) for x, t, w in zip(xs, ts, ws)]
        worst = max(abs(e) for e in err)
        if best is None or worst < best[1]:
            best = (c, worst)
        # One extremum per run of equal sign, then the n + 1 consecutive ones with the largest smallest.
        ext = []
        for x, e in zip(xs, err):
            if ext and (e > 0) == (ext[-1][1] > 0):
                if abs(e) > abs(ext[-1][1]):
                    ext[-1] = (x, e)
            else:
                ext.append((x, e))
        while len(ext) > n + 1:
            ext.pop(0 if abs(ext[0][1]) < abs(ext[-1][1]) else -1)
        if len(ext) < n + 1:
            break
        nodes = [x for x, _ in ext]
        if worst / min(abs(e) for _, e in ext) < mpf("1.001"):
            break
    return best


def fit_rounded(target, weight, powers, lo, hi, fixed=None):
    """Remez with float32 coefficients: rounds the lowest free power, refits the rest, repeats."""
    done = dict(fixed or {})
    free = [p for p in powers if p not in done]
    while free:
        rest = lambda x: target(x) - sum(c * x ** p for p, c in done.items())
        c, ideal = remez(rest, weight, free, lo, hi)
        done[free[0]] = f32(c[0])
        free = free[1:]
    xs = [mpf(lo) + (mpf(hi) - mpf(lo)) * i / 4000 for i in range(4001)]
    err = max(abs(weight(x) * (sum(c * x ** p for p, c in done.items()) - target(x))) for x in xs)
    return done, err


def fit_rational(target, np_, nq, lo, hi, rounds=60, grid=600):
    """target(u) ~ P(u)/Q(u) with Q(0) = 1, relative error, on [lo, hi]."""
    lo, hi = mpf(lo), mpf(hi)
    us = [(lo + hi) / 2 - (hi - lo) / 2 * mp.cos(mp.pi * (i + mpf(1) / 2) / grid) for i in range(grid)]
    ts = [target(u) for u in us]
    lawson = [mpf(1)] * grid
    q_old = [mpf(1)] * grid
    best = None
    for it in range(rounds):
        n = np_ + nq + 1
        ata = mp.zeros(n, n)
        atb = mp.zeros(n, 1)
        for u, t, w, q in zip(us, ts, lawson, q_old):
            row = [u ** k / t for k in range(np_ + 1)] + [-(u ** k) for k in range(1, nq + 1)]
            s = w / (q * q)
            for i in range(n):
                ri = row[i] * s
                atb[i] += ri
                for j in range(i, n):
                    ata[i, j] += ri * row[j]
        for i in range(n):
            for j in range(i):
                ata[i, j] = ata[j, i]
        c = lu_solve(ata, atb)
        p = [c[k] for k in range(np_ + 1)]
        q = [mpf(1)] + [c[np_ + k] for k in range(1, nq + 1)]
        qv = [sum(b * u ** k for k, b in enumerate(q)) for u in us]
        err = [sum(a * u ** k for k, a in enumerate(p)) / v / t - 1 for u, v, t in zip(us, qv, ts)]
        worst = max(abs(e) for e in err)
        if best is None or worst < best[0]:
            best = (worst, p, q)
        q_old = qv
        mean = sum(w * abs(e) for w, e in zip(lawson, err))
        lawson = [w * abs(e) / mean * grid for w, e in zip(lawson, err)]
    return best


def show(name, coefficients, err):
    print(f"{name}: error {mp.nstr(err, 4)} = 2^{mp.nstr(mp.log(err, 2), 5)}")
    for p, c in sorted(coefficients.items()):
        print(f"    x^{p}: {np.float32(float(c))!r}f")


def show_rational(name, fit):
    worst, p, q = fit
    show(name + " P", dict(enumerate(p)), worst)
    show(name + " Q", dict(enumerate(q)), worst)


def exp_q():
    """exp(r) = 1 + r + r^2 q(r), |r| <= ln2/2."""
    h = mp.log(2) / 2 * mpf("1.0005")
    t = lambda r: (mp.expm1(r) - r) / r ** 2 if abs(r) > mpf(10) ** -12 else mpf(1) / 2 + r / 6
    for n in (3, 4, 5):
        show(f"exp q deg {n}", *fit_rounded(t, lambda r: (r * r + mpf(10) ** -9) / mp.exp(r), list(range(n + 1)), -h, h, {0: mpf(0.5)}))


def log_p():
    """log(1+f) = f - f^2/2 + f^3 p(f), m in [sqrt(1/2), sqrt(2))."""
    def t(f):
        if abs(f) < mpf(10) ** -8:
            return mpf(1) / 3 - f / 4 + f * f / 5
        return (mp.log1p(f) - f + f * f / 2) / f ** 3
    def w(f):
        return abs(f ** 3 / mp.log1p(f)) if abs(f) > mpf(10) ** -8 else f * f
    lo, hi = mp.sqrt(mpf(1) / 2) - 1, mp.sqrt(2) - 1
    for n in (6, 7, 8):
        show(f"log p deg {n}", *fit_rounded(t, w, list(range(n + 1)), lo, hi))


def erf_rational():
    """erf(x) = x P(x^2)/Q(x^2), |x| <= 3.92 (beyond it erf rounds to 1)."""
    def t(u):
        x = mp.sqrt(u)
        return mp.erf(x) / x if u > 0 else 2 / mp.sqrt(mp.pi)
    hi = mpf("3.925") ** 2
    for np_, nq in ((4, 5), (5, 5), (5, 6)):
        show_rational(f"erf {np_}/{nq}", fit_rational(t, np_, nq, mpf(10) ** -12, hi))


if __name__ == "__main__":
    names = sys.argv[1:] or ["exp_q", "log_p", "erf_rational"]
    for name in names:
        globals()[name]()
