#!/usr/bin/env python3
"""Times models against ONNX Runtime with `aotc bench` and writes docs/benchmarks.md.

    python3 eng/benchmark.py LIBONNXRUNTIME --models FOLDER [--list eng/benchmark-models.txt] [--threads 1 2] [--isa ISA]
                             [--seconds S] [--results FILE.json] [--wrap COMMAND] [--native] [--no-run]

Each line of the list is `GROUP | PATH`, the path below FOLDER. ONNX Runtime runs with all its optimisations and the same number of
threads, in the same process, in alternating short bursts; the ratio is that of the medians (ONNX Runtime's time divided by ours). What
is measured is kept in the results file, so that a long list can be measured in parts and --no-run writes the page again. --wrap runs
each measurement under a command, for instance "taskset -c 2". --native also builds each model's own program with NativeAOT and runs it
as a whole process: its peak resident memory (by the command `time`) and how long a first answer takes, reading the input included. LIBONNXRUNTIME comes from the npm package onnxruntime-node:
bin/napi-v6/linux/x64/libonnxruntime.so.1.
"""
import argparse
import json
import math
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
AOTC = ROOT / "src/Cli/bin/Release/net10.0/aotc.dll"
PAGE = ROOT / "docs/benchmarks.md"


def read_list(path):
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            group, model = (part.strip() for part in line.split("|"))
            yield group, model


def name_of(model):
    path = pathlib.Path(model)
    return path.parent.name if path.stem == "model" else path.stem


def bench(model, threads, arguments):
    command = [*shlex.split(arguments.wrap), "dotnet", str(AOTC), "bench", str(model), "--against-onnxruntime", arguments.library,
               "--isa", arguments.isa, "--threads", str(threads), "--seconds", str(arguments.seconds), "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        print(f"{name_of(model)}: {result.stderr.strip() or result.stdout.strip()}", file=sys.stderr)
        return None
    return json.loads(result.stdout)


def inputs_of(model, folder):
    """The model's own data set; without one, arrays of zeros."""
    data = sorted((model.parent / "test_data_set_0").glob("input_*.pb"))
    if data:
        return data
    graph = subprocess.run(["dotnet", str(AOTC), "inspect", str(model), "--stage", "graph", "--json"], check=True, capture_output=True, text=True)
    return [zeros(pathlib.Path(folder) / f"input_{i}.npy", value) for i, value in enumerate(json.loads(graph.stdout)["inputs"])]


def zeros(path, value):
    kind, size = {"f32": ("<f4", 4), "i64": ("<i8", 8), "i32": ("<i4", 4)}[value["type"]]
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({''.join(f'{d},' for d in value['shape'])}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + bytes(size * math.prod(value["shape"])))
    return path


def whole_process(model, arguments):
    """Bytes of the model's own program, its peak resident memory, and the milliseconds of a whole process, the best of twenty."""
    timer = shutil.which("time") or sys.exit("--native needs the command `time` (Debian's package of that name)")
    with tempfile.TemporaryDirectory() as folder:
        isa = ["--isa", arguments.isa] if arguments.isa != "auto" else []
        subprocess.run(["dotnet", str(AOTC), "build", str(model), "-o", folder, "--name", "program", *isa], check=True, capture_output=True)
        program = pathlib.Path(folder) / "program"
        command = [*shlex.split(arguments.wrap), str(program), "-o", folder, *map(str, inputs_of(model, folder))]
        spent = []
        for _ in range(20):
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            spent.append(1e3 * (time.perf_counter() - start))
        resident = subprocess.run([timer, "-f", "%M", *command], check=True, capture_output=True, text=True).stderr.split()[-1]
        return {"programBytes": program.stat().st_size, "residentBytes": 1024 * int(resident), "processMs": min(spent)}


def measure_native(arguments, results):
    for _, model in read_list(arguments.list):
        key = f"{name_of(model)} native {arguments.isa}"
        if key not in results:
            try:
                results[key] = whole_process(pathlib.Path(arguments.models) / model, arguments)
            except subprocess.CalledProcessError as error:
                print(f"{key}: {error.stderr}", file=sys.stderr)
                continue
            pathlib.Path(arguments.results).write_text(json.dumps(results, indent=1), encoding="utf-8")
            print(f"{key}: {results[key]['residentBytes']:,} bytes resident, {results[key]['processMs']:.1f} ms", flush=True)


def measure(arguments, results):
    for group, model in read_list(arguments.list):
        for threads in arguments.threads:
            key = f"{name_of(model)} {threads} {arguments.isa}"
            if key not in results and (report := bench(pathlib.Path(arguments.models) / model, threads, arguments)):
                results[key] = report
                pathlib.Path(arguments.results).write_text(json.dumps(results, indent=1), encoding="utf-8")
                print(f"{group}: {key}: {report['medianMs']:.4f} ms, ratio {report['ratio']:.2f}", flush=True)


def page(arguments, results):
    threads = arguments.threads
    version = next((r["onnxruntimeVersion"] for r in results.values()), "?")
    lines = [
        "# Benchmarks", "",
        f"Written by `eng/benchmark.py` from measurements of `aotc bench`: ONNX Runtime {version} with all its optimisations in the same process,",
        "in alternating bursts. Times are medians in milliseconds, batch 1; the ratio is ONNX Runtime's time divided by ours: above 1 ours is faster.",
        "The percentage is that of the fused multiply-adds one core of the machine does at best, for one thread and counting the operations of the",
        "layers' definition, so that Winograd's algorithm may exceed 100. The arena is all working memory of a run; its lower bound is the most that",
        "is live at once. The last three columns are those of the model's own program, made by `aotc build`: its bytes, weights included; its peak",
        "resident memory beyond arena and weights; the time of a whole process that reads the input, runs once and writes the output.",
        "What bounds the ratios that are small: [limits.md](limits.md).", "",
    ]
    groups = dict.fromkeys(group for group, _ in read_list(arguments.list))
    for group in groups:
        rows, ratios = [], {t: [] for t in threads}
        for model in (m for g, m in read_list(arguments.list) if g == group):
            reports = [results.get(f"{name_of(model)} {t} {arguments.isa}") for t in threads]
            if not any(reports):
                continue
            cells = []
            for t, report in zip(threads, reports):
                cells += ["–"] * 3 if report is None else [f"{report['medianMs']:.4g}", f"{report['onnxruntimeMedianMs']:.4g}", f"{report['ratio']:.2f}"]
                ratios[t] += [] if report is None else [report["ratio"]]
            first = next(r for r in reports if r)
            native = results.get(f"{name_of(model)} native {arguments.isa}")
            whole = " – | – | –" if native is None else (
                f" {native['programBytes']:,} | {(native['residentBytes'] - first['arenaBytes'] - first['weightBytes']) / 2**20:.1f} | {native['processMs']:.1f}")
            bound = first["arenaBytes"] / first["arenaLowerBoundBytes"] if first["arenaLowerBoundBytes"] else 1
            rows.append(f"| {name_of(model)} | {' | '.join(cells)} | {first['percentOfPeak']:.0f} | {first['arenaBytes']:,} | {bound:.3f} | {first['weightBytes']:,} |{whole} |")
        if not rows:
            continue
        heads = "".join(f" ours, {t} thread{'s' if t > 1 else ''} | ONNX Runtime | ratio |" for t in threads)
        lines += [f"## {group}", "", f"| model |{heads} % of peak | arena, bytes | ÷ lower bound | weights, bytes | program, bytes | resident, MiB more | process, ms |",
                  f"|---|{'---:|' * (3 * len(threads) + 7)}", *rows]
        means = [f"{math.exp(sum(map(math.log, r)) / len(r)):.2f} with {t} thread{'s' if t > 1 else ''}" for t, r in ratios.items() if r]
        lines += ["", f"Geometric mean of the ratios: {', '.join(means)}.", ""]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--models", required=True)
    parser.add_argument("--list", default=str(ROOT / "eng/benchmark-models.txt"))
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--isa", default="auto")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--results", default="benchmarks.json")
    parser.add_argument("--wrap", default="")
    parser.add_argument("--native", action="store_true")
    parser.add_argument("--no-run", action="store_true")
    arguments = parser.parse_args()
    kept = pathlib.Path(arguments.results)
    results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if not arguments.no_run:
        subprocess.run(["dotnet", "build", str(ROOT / "src/Cli"), "-c", "Release", "-v", "q", "-nologo"], check=True, stdout=subprocess.DEVNULL)
        measure(arguments, results)
        if arguments.native:
            measure_native(arguments, results)
    page(arguments, results)


if __name__ == "__main__":
    main()
