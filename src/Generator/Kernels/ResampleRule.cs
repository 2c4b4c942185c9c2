using System;
using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>How the table of an axis is made where it depends on sizes that are known only at run time; words are those of Resize's attributes.</summary>
/// <param name="Mode">nearest, linear or cubic.</param>
/// <param name="Coordinates">coordinate_transformation_mode.</param>
/// <param name="NearestMode">nearest_mode; <c>simple</c> is floor, but ceil where the axis shrinks.</param>
/// <param name="CubicA">cubic_coeff_a.</param>
/// <param name="ExcludeOutside">True to give positions outside the input no weight.</param>
/// <param name="Antialias">True to widen the kernel where the axis shrinks, so that the number of summands depends on the scale.</param>
/// <param name="Scale">The scale.</param>
internal sealed record ResampleRule(string Mode, string Coordinates, string NearestMode, double CubicA, bool ExcludeOutside, bool Antialias, ResampleScale Scale)
{
    /// <summary>The part of the axis that is read, in units of the axis; null for all of it. What lies outside the axis is extrapolated.</summary>
    public ResampleCrop? Crop { get; init; }

    /// <summary>Half the summands of an element that no antialiasing widens; 0 for copies.</summary>
    public int Radius => Mode switch
    {
        "nearest" => 0,
        "linear" => 1,
        _ => 2,
    };

    /// <summary>Summands of each output element without antialiasing.</summary>
    public int Taps => Math.Max(1, 2 * Radius);

    /// <summary>True if the run finds the number of summands.</summary>
    public bool CountsTaps => Antialias && Radius > 0;

    /// <summary>Summands of all output elements, at most: 2 · ⌈radius / scale⌉ of each, where the output length is scale · input or that rounded.</summary>
    public long TableLength(Extent input, Extent output) => CountsTaps
        ? (4L * Radius * input.Maximum) + (2L * Radius * output.Maximum) + 4
        : (long)output.Maximum * Taps;
}

/// <summary>The scale of a resampled axis.</summary>
/// <param name="Fixed">The scale; null if it is a ratio of lengths, or data.</param>
/// <param name="Ratios">Lengths of output and input.</param>
/// <param name="Smallest">True for the smallest of the ratios, false for the greatest.</param>
internal sealed record ResampleScale(float? Fixed, IReadOnlyList<(Extent Output, Extent Input)> Ratios, bool Smallest)
{
    /// <summary>Where the run finds the scale, an element of an f32 vector; null if it is known otherwise.</summary>
    public (TensorView View, int Index)? Data { get; init; }
}

/// <summary>The part of an axis that is read, in units of the axis.</summary>
/// <param name="Start">Where it begins, if the run does not find it in data.</param>
/// <param name="End">Where it ends.</param>
internal sealed record ResampleCrop(double Start, double End)
{
    /// <summary>Where the run finds both, two elements of an f64 vector; null if they are known.</summary>
    public (TensorView View, int Start, int End)? Data { get; init; }
}
