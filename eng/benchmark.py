#!/usr/bin/env python3
"""Times models against ONNX Runtime with `aotc bench` and prints the README's table.

    python3 eng/benchmark.py LIBONNXRUNTIME MODEL.onnx ... [--isa ISA]

ONNX Runtime runs with all its optimisations and one thread, in the same process, in alternating short bursts; the ratio is that of
the medians (ONNX Runtime's time divided by ours). LIBONNXRUNTIME comes from the npm package onnxruntime-node:
bin/napi-v6/linux/x64/libonnxruntime.so.1.
"""
import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
AOTC = ROOT / "src/Cli/bin/Release/net10.0/aotc.dll"


def bench(model, library, isa):
    command = ["dotnet", str(AOTC), "bench", str(model), "--against-onnxruntime", library, "--isa", isa, "--json"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        print(f"{model}: {result.stderr.strip() or result.stdout.strip()}", file=sys.stderr)
        return None
    return json.loads(result.stdout)


def name_of(model):
    path = pathlib.Path(model)
    return path.parent.name if path.stem == "model" else path.stem


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--isa", default="auto")
    arguments = parser.parse_args()
    subprocess.run(["dotnet", "build", str(ROOT / "src/Cli"), "-c", "Release", "-v", "q", "-nologo"], check=True, stdout=subprocess.DEVNULL)
    print("| model | ours, ms | ONNX Runtime, ms | ratio | arena, bytes | ÷ lower bound | weights, bytes | allocated per run |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for model in arguments.models:
        r = bench(model, arguments.library, arguments.isa)
        if r is not None:
            bound = r["arenaBytes"] / r["arenaLowerBoundBytes"] if r["arenaLowerBoundBytes"] else 1
            print(
                f"| {name_of(model)} | {r['medianMs']:.4f} | {r['onnxruntimeMedianMs']:.4f} | {r['ratio']:.2f} "
                f"| {r['arenaBytes']:,} | {bound:.3f} | {r['weightBytes']:,} | {r['allocatedBytesPerRun']} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
