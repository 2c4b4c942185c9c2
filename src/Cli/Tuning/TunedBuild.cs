using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Bench;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Profiling;
using AotCompiler.Compiler;
using AotCompiler.Lowering;
using AotCompiler.Lowering.Tuning;

namespace AotCompiler.Cli.Tuning;

/// <summary>A step's fastest time in one build.</summary>
/// <param name="NodeName">Name of its node; null for a step the compiler added.</param>
/// <param name="Layer">Shape of the layer it can be tuned as; null if it cannot.</param>
/// <param name="Milliseconds">The time.</param>
internal sealed record TunedStep(string? NodeName, string? Layer, double Milliseconds);

/// <summary>The model built with some choices, loaded, and measured.</summary>
internal sealed class TunedBuild : IDisposable
{
    private readonly ModelSession _session;

    private TunedBuild(ModelSession session)
    {
        _session = session;
    }

    public Schedule Schedule => _session.Plan.Schedule;

    /// <summary>Steps with their times in the last measurement.</summary>
    public IReadOnlyList<TunedStep> Steps { get; private set; } = [];

    /// <summary>Fastest whole run of the last measurement, in milliseconds.</summary>
    public double FastestRun { get; private set; }

    /// <summary>Builds.</summary>
    /// <param name="model">The model, whose inputs are used.</param>
    /// <param name="layers">Choices that differ from the default.</param>
    /// <param name="vectorBits">The vectors they are for.</param>
    /// <param name="cancellation">Ends the build.</param>
    public static TunedBuild Make(MeasuredModel model, IEnumerable<TunedLayer> layers, int vectorBits, CancellationToken cancellation)
    {
        var table = new TuningTable { FileName = "tuning", ModelSha256 = model.Source.File.Sha256, VectorBits = vectorBits, Layers = new(layers.ToArray()) };
        CompilerOptions options = model.Options with { Profile = true, Tuning = table };

        // One round may hide layers that another has: what the compiler says about that is no news to the user.
        var silent = new Terminal(TextWriter.Null, TextWriter.Null);
        ModelSession session = ModelSession.Open(model.Source, options, threads: 1, silent, cancellation);
        try
        {
            IReadOnlyDictionary<string, TensorData> tensors = model.Tensors;
            session.SetInputs(tensors);
            session.Run();
            return new TunedBuild(session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Measures all steps for so many seconds.</summary>
    public void Measure(double seconds, CancellationToken cancellation)
    {
        StepTimes times = StepTimes.Measure([_session.Model], Schedule.Steps.Count, new BenchmarkLength(seconds, null), cancellation)[0];
        Steps = Schedule.Steps.Select(s => new TunedStep(s.Node?.Name, (s as ITunable)?.Layer, times[s.Index].Min)).ToArray();
        FastestRun = times.Whole.Min;
    }

    public void Dispose() => _session.Dispose();
}
