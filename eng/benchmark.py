#!/usr/bin/env python3
"""Times models against ONNX Runtime with `aotc bench` and writes docs/benchmarks.md and the table of the README.

    python3 eng/benchmark.py LIBONNXRUNTIME --models FOLDER [--list eng/benchmark-models.txt] [--threads 1 2] [--isa ISA ...]
                             [--only WORD ...] [--seconds S] [--rounds N] [--until SECONDS] [--results FILE.json] [--wrap COMMAND]
                             [--native] [--programs FOLDER] [--no-run]

Each line of the list is `GROUP | PATH`, the path below FOLDER. ONNX Runtime runs with all its optimisations and the same number of
threads, in the same process, in alternating short bursts. A round is one such process; of each side, the round with the least median
counts, because what else a machine does only ever adds time; the ratio is ONNX Runtime's time divided by ours.

Every round is kept in the results file at once. A run that is ended, or ends itself after --until seconds, goes on where it was when it
is started again: rounds are added until there are --rounds of each. --no-run writes the pages from what there is. --wrap runs each
measurement under a command, for instance "taskset -c 2". --native also builds each model's own program with NativeAOT, keeps it in
--programs, and runs it as a whole process: its peak resident memory (by the command `time`) and how long a first answer takes, reading
the input included; and it times a NativeAOT library of the model beside the just-in-time compiler's code. LIBONNXRUNTIME comes from the npm package onnxruntime-node: bin/napi-v6/linux/x64/libonnxruntime.so.1.
"""
import argparse
import json
import math
import os
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
README = ROOT / "README.md"
README_BEGIN, README_END = "<!-- eng/benchmark.py writes from here -->", "<!-- to here -->"
START_OFTEN = """
import subprocess, sys, time
for _ in range(20):
    start = time.perf_counter()
    subprocess.run(sys.argv[1:], check=True, capture_output=True)
    print(1e3 * (time.perf_counter() - start))
"""

# What keeps the just-in-time compiler from what a processor of the instruction set does not have, such as its 32 registers.
NARROW = {"x86-64-v3": {"DOTNET_EnableAVX512": "0"}}
NONE = "–"


def read_list(path):
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            group, model = (part.strip() for part in line.split("|"))
            yield group, model


def name_of(model):
    path = pathlib.Path(model)
    return path.parent.name if path.stem == "model" else path.stem


class Results:
    """What was measured: rounds of a model on threads and an instruction set, and what its own program needs."""

    def __init__(self, path):
        self._path = pathlib.Path(path)
        self._data = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {"rounds": {}, "programs": {}}

    def rounds(self, name, threads, isa):
        return self._data["rounds"].get(f"{name} {threads} {isa}", [])

    def add_round(self, name, threads, isa, report):
        self._data["rounds"].setdefault(f"{name} {threads} {isa}", []).append(report)
        self._save()

    def program(self, name):
        return self._data["programs"].get(name)

    def set_program(self, name, report):
        self._data["programs"][name] = report
        self._save()

    def native_ratio(self, name):
        """Time of the model's NativeAOT library divided by that of the just-in-time compiler's code."""
        return self._data.get("nativeRatios", {}).get(name)

    def set_native_ratio(self, name, ratio):
        self._data.setdefault("nativeRatios", {})[name] = ratio
        self._save()

    def best(self, name, threads, isa):
        """The round with our least median, with ONNX Runtime's least median of all rounds; None without rounds."""
        rounds = self.rounds(name, threads, isa)
        if not rounds:
            return None
        best = dict(min(rounds, key=lambda r: r["medianMs"]))
        best["onnxruntimeMedianMs"] = min(r["onnxruntimeMedianMs"] for r in rounds)
        best["ratio"] = best["onnxruntimeMedianMs"] / best["medianMs"]
        peak = max(r["peakGigaFlops"] for r in rounds) * threads
        best["percentOfPeak"] = 100 * 2e-6 * best["multiplyAdds"] / max(best["medianMs"], 1e-6) / peak
        return best

    def peak(self):
        return max((r["peakGigaFlops"] for rounds in self._data["rounds"].values() for r in rounds), default=0)

    def version(self):
        return next((r["onnxruntimeVersion"] for rounds in self._data["rounds"].values() for r in rounds), "?")

    def _save(self):
        partial = self._path.with_suffix(".partial")
        partial.write_text(json.dumps(self._data, indent=1), encoding="utf-8")
        partial.replace(self._path)


def models(arguments):
    for group, model in read_list(arguments.list):
        if not arguments.only or any(word in f"{group} {model}" for word in arguments.only):
            yield group, model


def bench(model, threads, isa, arguments):
    command = [*shlex.split(arguments.wrap), "dotnet", str(AOTC), "bench", str(model), "--against-onnxruntime", arguments.library,
               "--isa", isa, "--threads", str(threads), "--seconds", str(arguments.seconds), "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **NARROW.get(isa, {})})
    if result.returncode != 0:
        print(f"{name_of(model)}: {result.stderr.strip() or result.stdout.strip()}", file=sys.stderr, flush=True)
        return None
    return json.loads(result.stdout)


def measure(arguments, results, end):
    """Round by round over all models, so that a busy minute does not meet all rounds of one."""
    for number in range(arguments.rounds):
        for group, model in models(arguments):
            name = name_of(model)
            for isa in arguments.isa:
                for threads in arguments.threads:
                    if time.monotonic() > end:
                        print("time is over; the same command goes on from here", flush=True)
                        return
                    if len(results.rounds(name, threads, isa)) > number:
                        continue
                    if report := bench(pathlib.Path(arguments.models) / model, threads, isa, arguments):
                        results.add_round(name, threads, isa, report)
                        print(f"round {number + 1} of {arguments.rounds}: {group}: {name}, {threads} threads, {isa}: {report['medianMs']:.4f} ms, "
                              f"ratio {report['ratio']:.2f}", flush=True)


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


def dimension_options(name, results, arguments):
    """Values of free dimensions, as the measurements took them from the data set."""
    rounds = [r for isa in arguments.isa for threads in arguments.threads for r in results.rounds(name, threads, isa)]
    return [word for key, value in (rounds[0]["dimensions"].items() if rounds else []) for word in ("--dim", f"{key}={value}")]


def built(model, product, results, arguments, *options):
    """A file that `aotc build` makes of the model, unless it is there from an earlier run."""
    folder = pathlib.Path(arguments.programs) / name_of(model)
    if not (folder / product).exists():
        command = ["dotnet", str(AOTC), "build", str(model), "-o", str(folder), "--name", "program", *dimension_options(name_of(model), results, arguments), *options]
        subprocess.run(command, check=True, capture_output=True, text=True)
    return folder / product


def program_of(model, results, arguments):
    """The model's own program, for AVX2, which is what a build chooses by itself."""
    return built(model, "program", results, arguments)


def native_ratio(model, results, arguments):
    """NativeAOT's code beside the just-in-time compiler's, both for 512-bit vectors, in one process, in alternating bursts."""
    library = built(model, "lib/libprogram.so", results, arguments, "--kind", "shared", "--isa", "x86-64-v4")
    command = [*shlex.split(arguments.wrap), "dotnet", str(AOTC), "bench", str(model), "--library", str(library), "--isa", "x86-64-v4",
               "--seconds", str(arguments.seconds), "--json", *dimension_options(name_of(model), results, arguments)]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["libraries"][0]
    if not report["sameBits"]:
        print(f"{name_of(model)}: NativeAOT's results have other bits", file=sys.stderr, flush=True)
    return report["ratio"]


def whole_process(program, model, arguments):
    """Bytes of the model's own program, its peak resident memory, and the milliseconds of a whole process, the best of some."""
    timer = shutil.which("time") or sys.exit("--native needs the command `time` (Debian's package of that name)")
    with tempfile.TemporaryDirectory() as folder:
        command = [str(program), "-o", folder, *map(str, inputs_of(model, folder))]
        spent = subprocess.run([*shlex.split(arguments.wrap), sys.executable, "-c", START_OFTEN, *command], check=True, capture_output=True, text=True).stdout.split()
        resident = subprocess.run([timer, "-f", "%M", *command], check=True, capture_output=True, text=True).stderr.split()[-1]
        return {"programBytes": program.stat().st_size, "residentBytes": 1024 * int(resident), "processMs": min(map(float, spent))}


def measure_once(arguments, known, end, measure):
    """Measures what is not known yet of the models, until the time is over."""
    for _, model in models(arguments):
        if known(name_of(model)) is not None or time.monotonic() > end:
            continue
        try:
            measure(name_of(model), pathlib.Path(arguments.models) / model)
        except subprocess.CalledProcessError as error:
            print(f"{name_of(model)}: {error.stderr}", file=sys.stderr, flush=True)


def measure_native(arguments, results, end):
    def program(name, model):
        report = whole_process(program_of(model, results, arguments), model, arguments)
        results.set_program(name, report)
        print(f"{name}: program of {report['programBytes']:,} bytes, {report['residentBytes']:,} resident, {report['processMs']:.1f} ms", flush=True)

    def ratio(name, model):
        results.set_native_ratio(name, native_ratio(model, results, arguments))
        print(f"{name}: NativeAOT takes {results.native_ratio(name):.2f} times what the just-in-time compiler's code takes", flush=True)

    measure_once(arguments, results.program, end, program)
    measure_once(arguments, results.native_ratio, end, ratio)


def plural(threads):
    return f"{threads} thread{'s' if threads > 1 else ''}"


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def milliseconds(value):
    return f"{value:.4f}" if value < 1 else f"{value:.3f}" if value < 10 else f"{value:.2f}"


def timing_cells(report):
    return [NONE] * 3 if report is None else [milliseconds(report["medianMs"]), milliseconds(report["onnxruntimeMedianMs"]), f"{report['ratio']:.2f}"]


def memory_cells(report):
    bound = report["arenaBytes"] / report["arenaLowerBoundBytes"] if report["arenaLowerBoundBytes"] else 1
    return [f"{report['arenaBytes']:,}", f"{bound:.3f}", f"{report['weightBytes']:,}"]


def native_cells(name, report, results):
    ratio = results.native_ratio(name)
    return program_cells(results.program(name), report) + [NONE if ratio is None else f"{ratio:.2f}"]


def program_cells(program, report):
    if program is None:
        return [NONE] * 3
    return [f"{program['programBytes']:,}", f"{(program['residentBytes'] - report['arenaBytes'] - report['weightBytes']) / 2**20:.1f}", f"{program['processMs']:.1f}"]


def timing_heads(threads):
    return [head for t in threads for head in (f"ours, {plural(t)}", "ONNX Runtime", "ratio")]


def row(name, cells):
    return f"| {name} | {' | '.join(cells)} |"


def heads(cells):
    return [row("model", cells), f"|---|{'---:|' * len(cells)}"]


def full_tables(arguments, results, isa, with_programs):
    lines = []
    for group in dict.fromkeys(group for group, _ in read_list(arguments.list)):
        rows, ratios = [], {t: [] for t in arguments.threads}
        for name in (name_of(m) for g, m in read_list(arguments.list) if g == group):
            reports = [results.best(name, t, isa) for t in arguments.threads]
            if not any(reports):
                continue
            for t, report in zip(arguments.threads, reports):
                ratios[t] += [] if report is None else [report["ratio"]]
            first = next(r for r in reports if r)
            cells = [cell for report in reports for cell in timing_cells(report)] + [f"{first['percentOfPeak']:.0f}"]
            rows.append(row(name, cells + (memory_cells(first) + native_cells(name, first, results) if with_programs else [])))
        if rows:
            more = ["arena, bytes", "÷ lower bound", "weights, bytes", "program, bytes", "resident, MiB more", "process, ms", "NativeAOT ÷ JIT"] if with_programs else []
            means = [f"{mean(r):.2f} with {plural(t)}" for t, r in ratios.items() if r]
            lines += [f"### {group}", "", *heads([*timing_heads(arguments.threads), "% of peak", *more]), *rows, "",
                      f"Geometric mean of the ratios: {', '.join(means)}.", ""]
    return lines


def readme_table(arguments, results, isa):
    rows = []
    for _, model in read_list(arguments.list):
        name = name_of(model)
        reports = [results.best(name, t, isa) for t in arguments.threads]
        if any(reports):
            first = next(r for r in reports if r)
            cells = [cell for report in reports for cell in timing_cells(report)]
            rows.append(row(name, [*cells, f"{first['percentOfPeak']:.0f}", *memory_cells(first)[:2], *program_cells(results.program(name), first)[1:]]))
    return [*heads([*timing_heads(arguments.threads), "% of peak", "arena, bytes", "÷ lower bound", "resident, MiB more", "process, ms"]), *rows]


def write_page(arguments, results):
    lines = [
        "# Benchmarks", "",
        f"Written by `eng/benchmark.py` from measurements of `aotc bench`: ONNX Runtime {results.version()} with all its optimisations in the same process,",
        f"in alternating bursts, in up to {arguments.rounds} processes (the round with the least median counts, for each side). Times are medians in milliseconds,",
        "batch 1, f32; the ratio is ONNX Runtime's time divided by ours: above 1 ours is faster. The percentage is that of the fused multiply-adds one core of",
        f"the machine does at best ({results.peak():.0f} GFLOP/s), for one thread and counting the operations of the layers' definition, so that Winograd's algorithm",
        "may exceed 100. The arena is all working memory of a run; its lower bound is the most that is live at once. Then come the model's own program, made by",
        "`aotc build` (NativeAOT, AVX2): its bytes, weights included; its peak resident memory beyond arena and weights; the time of a whole process that reads",
        "the input, runs once and writes the output. The last column is the time of a NativeAOT library (512-bit vectors) divided by that of the same code",
        "under the just-in-time compiler, in one process. What bounds the ratios that are small: [limits.md](limits.md).", "",
        "## All instruction sets of the machine (512-bit vectors)", "", *full_tables(arguments, results, "auto", with_programs=True),
    ]
    narrow = full_tables(arguments, results, "x86-64-v3", with_programs=False)
    if narrow:
        lines += ["## AVX2 (`--isa x86-64-v3`, 256-bit vectors)", "", "ONNX Runtime keeps all instruction sets of the machine here: it has no switch for them.", "", *narrow]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


def write_readme(arguments, results):
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(README_BEGIN)
    _, after = rest.split(README_END)
    README.write_text("\n".join([before + README_BEGIN, *readme_table(arguments, results, "auto"), README_END]) + after, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--models", required=True)
    parser.add_argument("--list", default=str(ROOT / "eng/benchmark-models.txt"))
    parser.add_argument("--only", nargs="+", default=[], help="models whose group or path has one of these words")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--isa", nargs="+", default=["auto"])
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--until", type=float, default=math.inf, help="seconds after which no further measurement begins")
    parser.add_argument("--results", default="benchmarks.json")
    parser.add_argument("--wrap", default="")
    parser.add_argument("--native", action="store_true")
    parser.add_argument("--programs", default="benchmark-programs")
    parser.add_argument("--no-run", action="store_true")
    arguments = parser.parse_args()
    results = Results(arguments.results)
    if not arguments.no_run:
        end = time.monotonic() + arguments.until
        subprocess.run(["dotnet", "build", str(ROOT / "src/Cli"), "-c", "Release", "-v", "q", "-nologo"], check=True, stdout=subprocess.DEVNULL)
        measure(arguments, results, end)
        if arguments.native:
            measure_native(arguments, results, end)
    # The pages show both numbers of threads, whichever were measured now.
    arguments.threads = [1, 2]
    write_page(arguments, results)
    write_readme(arguments, results)


if __name__ == "__main__":
    main()
