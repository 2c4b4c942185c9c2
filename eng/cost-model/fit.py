#!/usr/bin/env python3
"""Fits the cost model of register tiles (src/Generator/Kernels/TileCost.cs) to measurements of this machine.

    aotc tune MODEL.onnx --isa x86-64-v4 --json -o /dev/null > a.json      # several models, both widths, on a quiet machine
    python3 eng/cost-model/fit.py a.json b.json ...

For each vector width and kind of input it prints the coefficients with the least error, and for them and for those in use:
  regret  time of the tiles that the model prefers divided by that of the fastest ones measured
  error   mean relative error of the estimates, up to one common factor (the clock)
Only the standard library is needed.
"""
import collections
import itertools
import json
import math
import re
import statistics
import sys

LAYER = re.compile(r"\[([\d·]*)\] (\d+)×(\d+)×(\d+) outputs, (\d+)×(\d+)@(\d+) positions, terms ([^,]*)")
TILE = re.compile(r"tile (\d+)x(\d+)$")
FIRST_LEVEL_BYTES = 24 * 1024
IN_USE = {512: (4, 1.0, 0.75), 256: (4, 2.0, 0.75), 128: (4, 2.0, 0.75)}


def read(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    for layer in report["layers"]:
        found = LAYER.match(layer["layer"])
        if not found:
            continue
        batch = math.prod(int(n) for n in found[1].split("·")) if found[1] else 1
        groups, blocks, last, rows, positions, _ = map(int, found.groups()[1:7])
        reduction = found[8].replace(" irregular", "")
        lanes = reduction.endswith(" by lanes")
        parts = [[int(loop.split("@")[0]) for loop in part.split("·")] for part in reduction.replace(" by lanes", "").split(" + ")]
        for tried in layer["tried"]:
            tile = TILE.match(tried["choice"])
            microseconds = tried["us"] / len(layer["nodes"])
            if tile and microseconds >= 1.5:
                yield {
                    "bits": report["vectorBits"], "lanes": lanes, "layer": (path, layer["layer"]), "us": microseconds,
                    "count": batch * groups * rows, "positions": positions, "blocks": max(1, blocks if last == 16 else blocks - 1),
                    "terms": sum(math.prod(p) for p in parts), "splittable": 1 if lanes else min(p[-1] for p in parts) // 2,
                    "tile": (int(tile[1]), int(tile[2])),
                }


def parts(total, size):
    return [(total // size, size)] + ([(1, total % size)] if total % size else [])


def estimate(row, latency, stream, loop):
    registers = 16 * 32 // row["bits"]
    p, q = row["tile"]
    split = 1
    while p * q * registers * split * 2 <= 8 and split * 2 <= row["splittable"]:
        split *= 2
    cycles = 0
    for blocks, b in parts(row["blocks"], q):
        for positions, n in parts(row["positions"], p):
            width = b * registers
            loads = (n * width + width if row["lanes"] else n + width) / 2
            weights = 0 if row["lanes"] or row["terms"] * b * 64 <= FIRST_LEVEL_BYTES else b * stream
            cycles += blocks * positions * (max(latency / split, n * width / 2, loads, weights) + (0.5 if split > 1 else loop))
    spilled = 2 if row["lanes"] and p * q * registers > 16 else 1
    return row["count"] * row["terms"] * cycles * spilled


def judge(rows, coefficients):
    layers = collections.defaultdict(list)
    for row in rows:
        layers[row["layer"]].append((estimate(row, *coefficients), row["us"]))
    preferred = sum(min(tried)[1] for tried in layers.values())
    fastest = sum(min(us for _, us in tried) for tried in layers.values())
    logs = [math.log(us / cycles) for tried in layers.values() for cycles, us in tried]
    middle = statistics.median(logs)
    return preferred / fastest, statistics.fmean(abs(l - middle) for l in logs)


def main():
    rows = [row for path in sys.argv[1:] for row in read(path)]
    for bits, lanes in sorted({(r["bits"], r["lanes"]) for r in rows}):
        mine = [r for r in rows if (r["bits"], r["lanes"]) == (bits, lanes)]
        grid = itertools.product((2, 3, 4, 5), (0, 0.5, 1.0, 1.5, 2.0, 2.5), (0.25, 0.5, 0.75, 1.0))
        best = min(grid, key=lambda c: sum(judge(mine, c)))
        print(f"{bits} bits, {'one input per lane' if lanes else 'one input for all lanes'}: {len(mine)} times")
        for name, coefficients in (("best", best), ("in use", IN_USE[bits])):
            regret, error = judge(mine, coefficients)
            print(f"  {name}: latency {coefficients[0]}, stream {coefficients[1]}, loop {coefficients[2]}: regret {regret:.4f}, error {error:.3f}")


if __name__ == "__main__":
    main()
