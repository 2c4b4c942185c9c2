#!/usr/bin/env python3
"""Minimax coefficients of src/Runtime/VectorMath.

Polynomials: Remez exchange in 60-digit arithmetic. Coefficients are rounded to float32 one at a time,
lowest degree first, and the others are fitted again around the rounded ones, so that rounding costs
almost nothing.

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


def show(name, coefficients, err):
    print(f"{name}: error {mp.nstr(err, 4)} = 2^{mp.nstr(mp.log(err, 2), 5)}")
    for p, c in sorted(coefficients.items()):
        print(f"    x^{p}: {np.float32(float(c))!r}f")


def erf_small():
    """erf(x) = x + x p(x^2), |x| <= 1."""
    t = lambda u: mp.erf(mp.sqrt(u)) / mp.sqrt(u) - 1
    show("erf small", *fit_rounded(t, lambda u: 1 / (t(u) + 1), list(range(7)), mpf(10) ** -12, 1))


def erf_large():
    """erfc(x) = exp(-p(x)), 1 <= x <= 3.95, error relative to erf."""
    t = lambda x: -mp.log(mp.erfc(x))
    show("erf large", *fit_rounded(t, lambda x: mp.erfc(x) / mp.erf(x), list(range(7)), 1, mpf("3.95")))


def phi_log2():
    """Phi(-t) = 2^(t p(t) - 1), 0 <= t <= 5.6: beyond, t Phi(-t) is below 6e-8. The error is that of t Phi(-t)."""
    phi = lambda t: mp.erfc(t / mp.sqrt(2)) / 2
    f = lambda t: (mp.log(2 * phi(t)) / mp.log(2)) / t
    w = lambda t: (t * t * phi(t) + mpf(10) ** -9) * mp.log(2)
    show("phi log2", *fit_rounded(f, w, list(range(8)), mpf(10) ** -5, mpf("5.6")))


def exp2_reduced(degree):
    """2^r = 1 + r p(r), |r| <= 1/2, error relative to the result."""
    f = lambda r: mp.log(2) * (1 + r * mp.log(2) / 2) if abs(r) < mpf(10) ** -15 else mp.expm1(r * mp.log(2)) / r
    w = lambda r: (abs(r) + mpf(10) ** -6) / mpf(2) ** r
    show(f"exp2 degree {degree}", *fit_rounded(f, w, list(range(degree)), mpf(-1) / 2, mpf(1) / 2))


def exp2_short():
    exp2_reduced(5)


def exp2_long():
    exp2_reduced(6)


def exp_q():
    """exp(r) = 1 + r + r^2 q(r), |r| <= ln2/2."""
    h = mp.log(2) / 2 * mpf("1.0005")
    t = lambda r: (mp.expm1(r) - r) / r ** 2 if abs(r) > mpf(10) ** -12 else mpf(1) / 2 + r / 6
    show("exp q", *fit_rounded(t, lambda r: (r * r + mpf(10) ** -9) / mp.exp(r), list(range(5)), -h, h, {0: mpf(0.5)}))


def log_p():
    """log(1+f) = f - f^2/2 + f^3 p(f), 1+f in [sqrt(1/2), sqrt(2))."""
    series = lambda f: mpf(1) / 3 - f / 4 + f * f / 5
    t = lambda f: series(f) if abs(f) < mpf(10) ** -8 else (mp.log1p(f) - f + f * f / 2) / f ** 3
    w = lambda f: f * f + mpf(10) ** -12 if abs(f) < mpf(10) ** -8 else abs(f ** 3 / mp.log1p(f))
    show("log p", *fit_rounded(t, w, list(range(8)), mp.sqrt(mpf(1) / 2) - 1, mp.sqrt(2) - 1))


def sine():
    """sin(r) = r + r^3 p(r^2), |r| <= pi/4."""
    t = lambda u: (mp.sin(mp.sqrt(u)) / mp.sqrt(u) - 1) / u
    w = lambda u: u * mp.sqrt(u) / mp.sin(mp.sqrt(u))
    show("sin", *fit_rounded(t, w, list(range(4)), mpf(10) ** -6, (mp.pi / 4) ** 2 * mpf("1.001")))


def cosine():
    """cos(r) = 1 - r^2/2 + r^4 p(r^2), |r| <= pi/4."""
    t = lambda u: (mp.cos(mp.sqrt(u)) - 1 + u / 2) / u ** 2
    w = lambda u: u ** 2 / mp.cos(mp.sqrt(u))
    show("cos", *fit_rounded(t, w, list(range(3)), mpf(10) ** -6, (mp.pi / 4) ** 2 * mpf("1.001")))


def arctangent():
    """atan(x) = x + x^3 p(x^2), 0 <= x <= 1."""
    t = lambda u: (mp.atan(mp.sqrt(u)) / mp.sqrt(u) - 1) / u
    w = lambda u: u * mp.sqrt(u) / mp.atan(mp.sqrt(u))
    show("atan", *fit_rounded(t, w, list(range(8)), mpf(10) ** -6, 1))


def arcsine():
    """asin(x) = x + x^3 p(x^2), 0 <= x <= 1/2."""
    t = lambda u: (mp.asin(mp.sqrt(u)) / mp.sqrt(u) - 1) / u
    w = lambda u: u * mp.sqrt(u) / mp.asin(mp.sqrt(u))
    show("asin", *fit_rounded(t, w, list(range(5)), mpf(10) ** -6, mpf("0.25")))


def hyperbolic_sine():
    """sinh(x) = x + x^3 p(x^2), |x| <= 1."""
    t = lambda u: (mp.sinh(mp.sqrt(u)) / mp.sqrt(u) - 1) / u
    w = lambda u: u * mp.sqrt(u) / mp.sinh(mp.sqrt(u))
    show("sinh", *fit_rounded(t, w, list(range(4)), mpf(10) ** -6, 1))


def power_log2():
    """log2(m) = s p(s^2), s = (m-1)/(m+1), m in [sqrt(1/2), sqrt(2)); double precision."""
    hi = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mpf("1.001")
    t = lambda u: 2 * mp.atanh(mp.sqrt(u)) / mp.sqrt(u) / mp.log(2)
    c, err = remez(t, lambda u: 1 / t(u), list(range(6)), mpf(10) ** -9, hi)
    show_double("pow log2", c, err)


def power_exp2():
    """2^r = p(r), |r| <= 1/2; double precision."""
    c, err = remez(lambda r: mpf(2) ** r, lambda r: mpf(2) ** -r, list(range(8)), mpf(-1) / 2, mpf(1) / 2)
    show_double("pow exp2", c, err)


def show_double(name, coefficients, err):
    print(f"{name}: error {mp.nstr(err, 4)} = 2^{mp.nstr(mp.log(err, 2), 5)}")
    for p, c in enumerate(coefficients):
        print(f"    x^{p}: {float(c)!r}")


def reduction_constants():
    """pi/2 in parts of 33 bits for quadrants below 2^20, and the bits of 2/pi for larger arguments."""
    rest = mp.pi / 2
    for i in range(3):
        part = mp.floor(rest * mpf(2) ** (32 + 33 * i)) / mpf(2) ** (32 + 33 * i) if i < 2 else rest
        print(f"    pi/2 part {i}: {float(part)!r}")
        rest -= part
    mp.dps = 120
    bits = int(mp.floor(2 / mp.pi * mpf(2) ** 251))
    print("    2/pi * 2^-5:", ", ".join(f"0x{(bits >> (192 - 64 * i)) & (2 ** 64 - 1):016X}" for i in range(4)))
    mp.dps = 60


ALL = [exp_q, log_p, erf_small, erf_large, phi_log2, exp2_short, exp2_long, sine, cosine, arctangent, arcsine, hyperbolic_sine,
       power_log2, power_exp2, reduction_constants]

if __name__ == "__main__":
    for fit in ALL:
        if len(sys.argv) == 1 or fit.__name__ in sys.argv[1:]:
            fit()
