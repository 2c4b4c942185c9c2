using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Compilation;
using AotCompiler.Cli.Data;
using AotCompiler.Cli.Numerics;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Conformance;

/// <summary>A case whose model was compiled to C#.</summary>
/// <param name="Case">The case.</param>
/// <param name="DataSets">The data sets to run.</param>
/// <param name="Inputs">Inputs of the model, those that became constants excepted.</param>
/// <param name="Constants">Which inputs became constants.</param>
/// <param name="Result">The code.</param>
internal sealed record CompiledCase(
    ConformanceCase Case, IReadOnlyList<TestDataSet> DataSets, ModelInputs Inputs, ConstantInputs Constants, CompilationResult Result)
{
    /// <summary>True if the model makes random numbers: the specification leaves the generator open, so that only types and shapes can be compared.</summary>
    public bool IsRandom => Result.Graph!.IsRandom;

    /// <summary>Runs all data sets and compares the outputs.</summary>
    /// <returns>Why the case fails, or null, and the largest error of a floating-point output in units of its last place.</returns>
    public (string? Reason, long MaxUlp) Run(ModelSession session, Tolerance tolerance)
    {
        long ulp = 0;
        foreach (TestDataSet set in DataSets)
        {
            try
            {
                IReadOnlyDictionary<string, TensorData> inputs = Inputs.Match(set.ReadInputs(), set.Name);
                using ModelSession? other = session.Accepts(inputs) ? null : OpenFor(inputs);
                ModelSession fitting = other ?? session;
                fitting.SetInputs(inputs);
                fitting.Run();
                foreach ((string name, TensorData expected, TensorData actual, _) in TestDataSet.PairOutputs(set.ReadOutputs(), fitting.GetOutputs()))
                {
                    TensorComparison comparison = IsRandom ? TensorComparison.CompareForm(expected, actual) : tolerance.Compare(expected, actual);
                    if (!comparison.Passed)
                    {
                        return ($"{set.Name}, output '{name}': {Explain(comparison)}", ulp);
                    }

                    ulp = Math.Max(ulp, comparison.MaxUlp);
                }
            }
            catch (Exception e) when (e is CommandException or ModelException)
            {
                return ($"{set.Name}: {e.Message}", ulp);
            }
        }

        return (null, ulp);
    }

    /// <summary>Data sets may have other sizes of the free dimensions than the first, which the case was compiled for.</summary>
    private ModelSession OpenFor(IReadOnlyDictionary<string, TensorData> inputs)
    {
        CompilationResult result = Case.CompileFor(Inputs, inputs);
        return ModelSession.LoadAll([result], CancellationToken.None)[0];
    }

    private static string Explain(TensorComparison comparison) => comparison.Incomparable
        ?? $"{comparison.MismatchCount} elements out of tolerance, the worst at {comparison.WorstIndex}; largest error {comparison.MaxAbs:g3} absolute, {comparison.MaxRel:g3} relative";
}

/// <summary>How much an output may differ, as the suite's own runner sees it.</summary>
/// <param name="Relative">Relative tolerance, for types with at least as many digits.</param>
/// <param name="Absolute">Absolute tolerance.</param>
internal sealed record Tolerance(double Relative, double Absolute)
{
    /// <summary>
    /// Compares. Where the tolerance is finer, f16 and bf16 may differ by two units in their last place, and f32 by the rounding
    /// of the tensor's largest element: the suite's expected outputs hold such noise where sums cancel to zero.
    /// </summary>
    public TensorComparison Compare(TensorData expected, TensorData actual)
    {
        double step = expected.Type switch
        {
            OnnxDataType.Float16 => 1.0 / 1024,
            OnnxDataType.BFloat16 => 1.0 / 128,
            _ => 0,
        };
        return TensorComparison.Compare(expected, actual, Math.Max(Absolute, Rounding(expected)), Math.Max(Relative, 2 * step));
    }

    private static double Rounding(TensorData expected)
    {
        double largest = 0;
        if (expected.Type == OnnxDataType.Float)
        {
            foreach (float element in MemoryMarshal.Cast<byte, float>(expected.Data))
            {
                largest = float.IsFinite(element) ? Math.Max(largest, Math.Abs(element)) : largest;
            }
        }

        return largest / (1 << 24);
    }
}
