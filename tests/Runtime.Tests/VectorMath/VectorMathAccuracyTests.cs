using System;
using System.Collections.Generic;
using System.Linq;
using Shouldly;

namespace AotCompiler.Runtime.Tests;

public sealed class VectorMathAccuracyTests
{
    public static IEnumerable<object[]> Names => FunctionTable.All.Select(f => new object[] { f.Name });

    [Theory]
    [MemberData(nameof(Names))]
    public void Error_stays_within_the_stated_bound(string name)
    {
        FunctionCase function = FunctionTable.Get(name);
        UlpSurvey survey = UlpSurvey.Measure(function, function.Wide256, UlpSurvey.Stride);
        survey.MaxUlp.ShouldBeLessThanOrEqualTo(function.MaxUlp, $"{name}({survey.WorstInput:R}) = {survey.WorstOutput:R}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void All_widths_give_the_same_bits(string name)
    {
        FunctionCase function = FunctionTable.Get(name);
        float[] x = SampleInputs();
        uint[] expected = Bits(function.Wide256, x);
        Bits(function.Wide128, x).ShouldBe(expected);
        Bits(function.Wide512, x).ShouldBe(expected);
        Bits(function.Scalar, x).ShouldBe(expected);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Arguments_that_the_compiler_knows_give_the_same_bits(string name)
    {
        FunctionCase function = FunctionTable.Get(name);
        float[] folded = new float[Kernels.ConstantArguments.Length];
        function.Constants(Kernels.ConstantArguments, folded);
        Bits(folded).ShouldBe(Bits(function.Scalar, Kernels.ConstantArguments));
    }

    private static float[] SampleInputs()
        => Enumerable.Range(0, 1 << 16).Select(i => BitConverter.UInt32BitsToSingle((uint)i * 65539u)).ToArray();

    // One NaN is as good as another.
    private static uint[] Bits(Kernel kernel, float[] x)
    {
        var y = new float[x.Length];
        kernel(x, y);
        return Bits(y);
    }

    private static uint[] Bits(float[] y)
        => y.Select(v => BitConverter.SingleToUInt32Bits(float.IsNaN(v) ? float.NaN : v)).ToArray();
}
