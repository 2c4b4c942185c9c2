using System;
using System.Collections.Generic;

namespace AotCompiler.Cli.Profiling.Html;

/// <summary>Maps values of an axis to pixels.</summary>
internal sealed class Scale
{
    private readonly Func<double, double> _form;
    private readonly double _low;
    private readonly double _high;
    private readonly double _start;
    private readonly double _end;

    private Scale(Func<double, double> form, double low, double high, double start, double end, IReadOnlyList<double> ticks)
    {
        _form = form;
        _low = form(low);
        _high = form(high);
        _start = start;
        _end = end;
        Ticks = ticks;
    }

    /// <summary>Round values to label.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Pixels of a value.</summary>
    public double this[double value] => _start + ((_form(value) - _low) / (_high - _low) * (_end - _start));

    /// <summary>From zero, in steps of 1, 2 or 5 times a power of ten; in those of a unit, of a power of two.</summary>
    /// <param name="high">Largest value.</param>
    /// <param name="start">Pixels of zero.</param>
    /// <param name="end">Pixels of <paramref name="high"/>.</param>
    /// <param name="ticks">About how many labels.</param>
    /// <param name="unit">For instance 1024 for KiB; 1 for none.</param>
    public static Scale Linear(double high, double start, double end, int ticks, double unit = 1)
    {
        high = high > 0 ? high : 1;
        double step = unit > 1 ? unit * Math.Pow(2, Math.Ceiling(Math.Log2(high / unit / ticks))) : RoundUp(high / ticks);
        var values = new List<double>();
        for (double value = 0; value <= high * 1.0001; value += step)
        {
            values.Add(value);
        }

        return new Scale(static v => v, 0, high, start, end, values);
    }

    /// <summary>Logarithmic, with a label at every power of ten.</summary>
    public static Scale Logarithmic(double low, double high, double start, double end)
    {
        var values = new List<double>();
        for (double value = Math.Pow(10, Math.Ceiling(Math.Log10(low) - 1e-9)); value <= high * 1.0001; value *= 10)
        {
            values.Add(value);
        }

        return new Scale(Math.Log10, low, high, start, end, values);
    }

    private static double RoundUp(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        double digits = value / power;
        return power * (digits <= 1 ? 1 : digits <= 2 ? 2 : digits <= 5 ? 5 : 10);
    }
}
