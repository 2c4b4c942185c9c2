using System;
using System.Linq;
using System.Runtime.InteropServices;
using AotCompiler.Cli.Numerics;
using AotCompiler.Onnx;
using Shouldly;

namespace AotCompiler.Cli.Tests.Numerics;

public sealed class CodeComparisonTests
{
    [Fact]
    public void CodesAreComparedAsTheyAre()
    {
        var expected = new TensorData(OnnxDataType.Int8, [4], [0, 127, 0x80, 5]);
        var actual = new TensorData(OnnxDataType.Int8, [4], [0, 126, 0x80, 7]);
        CodeComparison.Of(expected, actual, new QuantizationStep(1, false)).ShouldBe(new CodeComparison(4, 2, 2));
    }

    [Fact]
    public void RealNumbersAreComparedInUnitsOfTheirScale()
    {
        CodeComparison result = CodeComparison.Of(Floats(1, 2, 3, 4), Floats(1, 2.5f, 3, 4.01f), new QuantizationStep(0.5, false)).ShouldNotBeNull();
        (result.Count, result.Equal, result.LargestStep).ShouldBe((4, 3, 1));
    }

    /// <summary>The sum that a softmax divides by changes with one number, but is no difference of the others.</summary>
    [Fact]
    public void ProbabilitiesAreComparedByTheNumbersTheyWereMadeOf()
    {
        float[] numbers = [0.1f, 0.5f, -2, 1, 0.3f];
        float[] other = [0.1f, 0.5f, -2, 1.2f, 0.3f];
        CodeComparison result = CodeComparison.Of(Floats(Softmax(numbers)), Floats(Softmax(other)), new QuantizationStep(0.1, true)).ShouldNotBeNull();
        (result.Count, result.Equal).ShouldBe((5, 4));
        result.LargestStep.ShouldBe(2, 1e-3);
    }

    [Fact]
    public void NotANumberIsNoCode() =>
        CodeComparison.Of(Floats(1, 2), Floats(1, float.NaN), new QuantizationStep(1, false)).ShouldBe(new CodeComparison(2, 1, double.MaxValue));

    [Fact]
    public void OtherTypesAndShapesAreNotCompared()
    {
        CodeComparison.Of(Floats(1, 2), Floats(1), new QuantizationStep(1, false)).ShouldBeNull();
        var whole = new TensorData(OnnxDataType.Int64, [1], new byte[8]);
        CodeComparison.Of(whole, whole, new QuantizationStep(1, false)).ShouldBeNull();
    }

    private static float[] Softmax(float[] x)
    {
        double sum = x.Sum(static v => Math.Exp(v));
        return x.Select(v => (float)(Math.Exp(v) / sum)).ToArray();
    }

    private static TensorData Floats(params float[] values) => new(OnnxDataType.Float, [values.Length], MemoryMarshal.AsBytes<float>(values).ToArray());
}
