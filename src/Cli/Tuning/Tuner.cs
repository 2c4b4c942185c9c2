using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using AotCompiler.Cli.Compilation;
using AotCompiler.Emission;
using AotCompiler.Lowering.Tuning;

namespace AotCompiler.Cli.Tuning;

/// <summary>
/// Finds the fastest choice of every layer by measuring them in the running model, where caches are as they will be. A round builds the
/// model with the n-th choice of all layers at once, so that rounds are as many as one layer's choices, not the sum of all.
/// </summary>
internal sealed class Tuner
{
    /// <summary>Choices of a layer that are tried: those with the best estimates.</summary>
    public const int MostChoices = 10;

    // Less than this is not told from noise.
    private const double NeededGain = 0.98;
    private const double RoundSeconds = 0.4;
    private const int Confirmations = 3;

    private readonly MeasuredModel _model;
    private readonly Simd _simd;
    private readonly double _seconds;
    private readonly Action<string> _progress;
    private readonly CancellationToken _cancellation;
    private readonly long _start = Stopwatch.GetTimestamp();

    /// <param name="model">The model.</param>
    /// <param name="simd">The vectors to measure.</param>
    /// <param name="seconds">When to begin no more rounds.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="cancellation">Ends the work.</param>
    public Tuner(MeasuredModel model, Simd simd, double seconds, Action<string> progress, CancellationToken cancellation)
    {
        _model = model;
        _simd = simd;
        _seconds = seconds;
        _progress = progress;
        _cancellation = cancellation;
    }

    /// <summary>Builds that were measured.</summary>
    public int Rounds { get; private set; }

    /// <summary>All layers with more than one choice, with what was found.</summary>
    public IReadOnlyList<TunedLayerGroup> Layers { get; private set; } = [];

    /// <summary>Fastest run without tuning, in milliseconds.</summary>
    public double DefaultMs { get; private set; }

    /// <summary>Fastest run with tuning, in milliseconds.</summary>
    public double TunedMs { get; private set; }

    public double Elapsed => Stopwatch.GetElapsedTime(_start).TotalSeconds;

    /// <summary>Does the work.</summary>
    public void Run()
    {
        using TunedBuild plain = BuildWith([]);
        plain.Measure(RoundSeconds, _cancellation);
        IReadOnlyList<TunedLayerGroup> ways = TunedLayerGroup.OfDecisions(plain.Schedule);
        Try(plain, ways, []);
        using TunedBuild lowered = Build(ways);
        lowered.Measure(RoundSeconds, _cancellation);
        IReadOnlyList<TunedLayerGroup> tiles = TunedLayerGroup.OfSteps(lowered.Schedule, _simd, MostChoices);
        Try(lowered, tiles, ways);
        Layers = [.. ways, .. tiles];
        Confirm(plain);
    }

    /// <summary>Measures the choices of some layers, one after the other, while others stay.</summary>
    private void Try(TunedBuild first, IReadOnlyList<TunedLayerGroup> layers, IReadOnlyList<TunedLayerGroup> others)
    {
        Note(first, layers, static g => g.Choices[0]);
        int rounds = layers.Select(static g => g.Choices.Count).DefaultIfEmpty(1).Max();
        for (int n = 1; n < rounds && Elapsed < _seconds; n++)
        {
            _progress($"choice {n + 1} of up to {rounds}");
            int round = n;
            string Choice(TunedLayerGroup g) => g.Choices[round % g.Choices.Count];
            using TunedBuild build = BuildWith([.. others.Select(static g => new TunedLayer(g.Layer, g.Best)), .. layers.Select(g => new TunedLayer(g.Layer, Choice(g)))]);
            build.Measure(RoundSeconds, _cancellation);
            Note(build, layers, Choice);
        }

        foreach (TunedLayerGroup group in layers)
        {
            double usual = group.Times.GetValueOrDefault(group.Choices[0]);
            (string choice, double time) = group.Times.MinBy(static t => t.Value);
            group.Best = time < usual * NeededGain ? choice : group.Choices[0];
        }
    }

    /// <summary>Measures the winners together against the default, in turns: a layer that is not faster there keeps the default.</summary>
    private void Confirm(TunedBuild plain)
    {
        using TunedBuild tuned = Build(Layers);
        var defaults = new Dictionary<TunedLayerGroup, double>();
        var times = new Dictionary<TunedLayerGroup, double>();
        for (int i = 0; i < Confirmations; i++)
        {
            _progress($"confirming, {i + 1} of {Confirmations}");
            plain.Measure(RoundSeconds, _cancellation);
            tuned.Measure(RoundSeconds, _cancellation);
            foreach (TunedLayerGroup group in Layers)
            {
                defaults[group] = Math.Min(defaults.GetValueOrDefault(group, double.MaxValue), group.TimeIn(plain));
                times[group] = Math.Min(times.GetValueOrDefault(group, double.MaxValue), group.TimeIn(tuned));
            }
        }

        foreach (TunedLayerGroup group in Layers)
        {
            group.Confirm(defaults[group], times[group], NeededGain);
        }

        ConfirmRun(plain);
    }

    /// <summary>
    /// Measures whole runs with what is left against the default, in turns: choices whose steps are faster one by one, but which do not
    /// make the model faster, are given up.
    /// </summary>
    private void ConfirmRun(TunedBuild plain)
    {
        using TunedBuild tuned = Build(Layers);
        (DefaultMs, TunedMs) = (double.MaxValue, double.MaxValue);
        for (int i = 0; i < Confirmations; i++)
        {
            _progress($"confirming the whole run, {i + 1} of {Confirmations}");
            plain.Measure(RoundSeconds, _cancellation);
            tuned.Measure(RoundSeconds, _cancellation);
            DefaultMs = Math.Min(DefaultMs, plain.FastestRun);
            TunedMs = Math.Min(TunedMs, tuned.FastestRun);
        }

        if (TunedMs >= DefaultMs)
        {
            TunedMs = DefaultMs;
            foreach (TunedLayerGroup group in Layers)
            {
                group.Confirm(group.DefaultTime, double.MaxValue, NeededGain);
            }
        }
    }

    private static void Note(TunedBuild build, IReadOnlyList<TunedLayerGroup> layers, Func<TunedLayerGroup, string> choice)
    {
        foreach (TunedLayerGroup group in layers)
        {
            group.Note(choice(group), group.TimeIn(build));
        }
    }

    private TunedBuild Build(IReadOnlyList<TunedLayerGroup> layers) => BuildWith(layers.Select(static g => new TunedLayer(g.Layer, g.Best)).ToArray());

    private TunedBuild BuildWith(TunedLayer[] layers)
    {
        Rounds++;
        return TunedBuild.Make(_model, layers, _simd.Bits, _cancellation);
    }
}
