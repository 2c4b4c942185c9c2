using System.Collections.Generic;
using AotCompiler.Cli.Numerics;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc verify</c>.</summary>
/// <param name="Model">File name of the model.</param>
/// <param name="Passed">True if there is a case and every case passed.</param>
/// <param name="Isa">Instruction set compiled for.</param>
/// <param name="AbsoluteTolerance">An element passes if its error is at most this plus the relative tolerance times (the expected value's magnitude plus the output's <see cref="VerifyOutput.Rms"/>).</param>
/// <param name="RelativeTolerance">See <paramref name="AbsoluteTolerance"/>.</param>
/// <param name="Cases">One per data set.</param>
/// <param name="Error">Why there are no cases; null if there are.</param>
internal sealed record VerifyReport(
    string Model, bool Passed, string Isa, double AbsoluteTolerance, double RelativeTolerance, IReadOnlyList<VerifyCase> Cases, string? Error)
{
    /// <summary>True if the model rounds to codes and no tolerance was given, so that a step of a code is tolerated.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Quantized { get; init; }

    /// <summary>What a step of a code is in each output where that is known; empty unless the model rounds to codes.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyDictionary<string, QuantizationStep> Steps { get; init; } = new Dictionary<string, QuantizationStep>();
}

/// <summary>One data set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Passed">True if every output passed.</param>
/// <param name="Outputs">One per expected output; empty if the case could not be run.</param>
/// <param name="Error">Why the case could not be run; null if it was.</param>
internal sealed record VerifyCase(string Name, bool Passed, IReadOnlyList<VerifyOutput> Outputs, string? Error);

/// <summary>One output of one data set.</summary>
/// <param name="Name">Name in the model.</param>
/// <param name="Type">Element type and shape that were computed.</param>
/// <param name="Rms">Root mean square of the expected elements, the output's scale.</param>
/// <param name="MaxAbs">Largest absolute error; the largest double where it is infinite, since JSON has no infinity.</param>
/// <param name="MaxRel">Largest relative error of an element that is not expected to be zero; see <paramref name="MaxAbs"/>.</param>
/// <param name="MaxUlp">Largest number of representable values between an element and what is expected.</param>
/// <param name="Mismatches">Elements out of tolerance.</param>
/// <param name="ElementwiseMismatches">Elements that would be out of tolerance without <paramref name="Rms"/>: |actual − expected| &gt; atol + rtol · |expected|.</param>
/// <param name="Passed">True if type and shape agree and no element is out of tolerance, the <see cref="NoFarther"/> ones excepted, or only as many codes as are tolerated.</param>
/// <param name="Error">Why the tensors could not be compared; null if they were.</param>
internal sealed record VerifyOutput(
    string Name, string Type, double Rms, double MaxAbs, double MaxRel, long MaxUlp, long Mismatches, long ElementwiseMismatches, bool Passed, string? Error)
{
    /// <summary>The comparison in steps of a code; null for an output whose step is not known, as those of models that do not quantise.</summary>
    public CodeComparison? Codes { get; init; }

    /// <summary>Elements out of tolerance that pass all the same: they are no farther from the value in double precision than the reference is.</summary>
    public long NoFarther { get; init; }

    /// <summary>True if random numbers reach the output, so that only its type and shape were compared.</summary>
    public bool Random { get; init; }

    public static VerifyOutput Of(string name, TensorData actual, double rms, TensorComparison comparison, long elementwiseMismatches, bool tolerated) => comparison.Incomparable is { } reason
        ? new(name, actual.ToString(), rms, double.MaxValue, double.MaxValue, long.MaxValue, actual.Count, actual.Count, false, reason)
        : new(name, actual.ToString(), rms, Finite(comparison.MaxAbs), Finite(comparison.MaxRel), comparison.MaxUlp, comparison.MismatchCount, elementwiseMismatches, comparison.Passed || tolerated, null) { NoFarther = comparison.NoFartherCount };

    private static double Finite(double value) => double.IsFinite(value) ? value : double.MaxValue;
}
