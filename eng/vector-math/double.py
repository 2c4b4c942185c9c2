#!/usr/bin/env python3
"""Constants of src/Runtime/DoublePrecision: tables as pairs of doubles, the bits of 2/pi, the polynomial of the arc sine.

Other polynomials there are Taylor series, whose coefficients the source gives as fractions. Needs mpmath. Run: python3 double.py
"""
import struct
from mpmath import mp, mpf, asin, atan, chebyt, cos, floor, ldexp, log, pi, sqrt

mp.prec = 1400


def nearest(x):
    return float(x)


def truncated(x, bits):
    """The first so many bits of a positive number."""
    exponent = int(floor(log(x, 2)))
    return float(ldexp(floor(ldexp(x, bits - 1 - exponent)), exponent + 1 - bits))


def pair(x):
    high = nearest(x)
    return high, nearest(x - mpf(high))


def show(name, values):
    print(f"{name}:")
    for v in values:
        print(f"    {v!r},")


def parts(x, *bits):
    """A number as a sum of doubles with so many bits each, and one with all that it has."""
    result = []
    for b in bits:
        result.append(truncated(x, b))
        x -= mpf(result[-1])
    return result + [nearest(x)]


def chebyshev(f, low, high, degree):
    """Coefficients, lowest first, of the polynomial that interpolates at the Chebyshev nodes."""
    nodes = [cos(pi * (2 * i + 1) / (2 * degree + 2)) for i in range(degree + 1)]
    xs = [(low + high) / 2 + (high - low) / 2 * t for t in nodes]
    a = mp.matrix(degree + 1, degree + 1)
    b = mp.matrix(degree + 1, 1)
    for i, x in enumerate(xs):
        for j in range(degree + 1):
            a[i, j] = x ** j
        b[i] = f(x)
    return [nearest(c) for c in mp.lu_solve(a, b)]


show("ln 2, 32 bits and the rest", parts(log(2), 32))
show("pi/2, three times 33 bits and the rest", parts(pi / 2, 33, 33, 33))
show("pi/2", pair(pi / 2))
show("atan(i/8), high, i = 0..8", [pair(atan(mpf(i) / 8))[0] for i in range(9)])
show("atan(i/8), low, i = 0..8", [pair(atan(mpf(i) / 8))[1] for i in range(9)])
show("ln(i/64), high, i = 45..91", [pair(log(mpf(i) / 64))[0] for i in range(45, 92)])
show("ln(i/64), low, i = 45..91", [pair(log(mpf(i) / 64))[1] for i in range(45, 92)])
words = int(floor(ldexp(2 / pi, 20 * 64)))
print("2/pi, 64 bits each:")
for i in range(20):
    print(f"    0x{(words >> (64 * (19 - i))) & (2**64 - 1):016X},")
mp.prec = 200
f = lambda z: (asin(sqrt(z)) - sqrt(z)) / (z * sqrt(z)) if z else mpf(1) / 6
poly = chebyshev(f, mpf(0), mpf(1) / 4, 12)
show("(asin(x) - x) / x^3 in powers of x^2, 0 <= x <= 1/2", poly)
worst = max(abs((sum(mpf(c) * z ** j for j, c in enumerate(poly)) - f(z)) * z) for z in [mpf(i) / 4000 for i in range(1, 1001)])
print(f"largest relative error {float(worst):.2e}")
