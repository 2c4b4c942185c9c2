using System;
using System.Collections.Generic;

namespace AotCompiler.Cli.Bench;

/// <summary>Times of single runs in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly List<double> _milliseconds = [];
    private bool _sorted = true;

    public int Count => _milliseconds.Count;

    public double Min => Quantile(0);

    /// <summary>Mean of the two middle ones for an even number.</summary>
    public double Median => Count % 2 == 1 ? Sorted()[Count / 2] : (Sorted()[(Count / 2) - 1] + Sorted()[Count / 2]) / 2;

    public double P99 => Quantile(0.99);

    public void Add(double milliseconds)
    {
        _milliseconds.Add(milliseconds);
        _sorted = false;
    }

    /// <summary>The smallest time that at least the fraction of the runs did not exceed (nearest rank).</summary>
    private double Quantile(double fraction) => Sorted()[Math.Max(0, (int)Math.Ceiling(fraction * Count) - 1)];

    private List<double> Sorted()
    {
        if (!_sorted)
        {
            _milliseconds.Sort();
            _sorted = true;
        }

        return Count > 0 ? _milliseconds : throw new InvalidOperationException("nothing was measured");
    }
}
