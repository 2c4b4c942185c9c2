using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

/// <summary>What all random operators must do, and the statistics of what they make.</summary>
internal static class RandomCheck
{
    /// <summary>
    /// Compares with the oracle in every width; then the numbers of two runs of one instance differ, those of a new instance are the first again, and
    /// so are those after a reset.
    /// </summary>
    /// <returns>Output 0 of the first run, then of the second.</returns>
    public static (double[] First, double[] Second) Run(ModelBuilder model, params Tensor[] inputs)
    {
        byte[] bytes = model.ToBytes();
        OperatorCheck.RunOn(bytes, inputs, relative: 1e-4, absolute: 1e-5);
        CompiledModel compiled = CompiledModel.Compile(bytes);
        double[] first = Numbers(compiled.RunAt([], inputs)[0]);
        double[] second = Numbers(compiled.RunAt([], inputs)[0]);
        second.ShouldNotBe(first);
        Numbers(CompiledModel.Compile(bytes).RunAt([], inputs)[0]).ShouldBe(first);
        compiled.Reset();
        Numbers(compiled.RunAt([], inputs)[0]).ShouldBe(first);
        return (first, second);
    }

    /// <summary>Fails unless mean and variance are those of the distribution, within five standard errors.</summary>
    public static void ShouldHave(this double[] numbers, double mean, double variance)
    {
        double actual = numbers.Average();
        actual.ShouldBe(mean, 5 * Math.Sqrt(variance / numbers.Length));
        numbers.Average(x => (x - mean) * (x - mean)).ShouldBe(variance, 5 * variance * Math.Sqrt(2.0 / numbers.Length));
    }

    private static double[] Numbers(Tensor tensor) => Enumerable.Range(0, (int)tensor.Shape.ElementCount).Select(i => ElementEvaluation.Read(tensor, i)).ToArray();
}
