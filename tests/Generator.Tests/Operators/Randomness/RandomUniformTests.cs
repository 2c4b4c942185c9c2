using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

public sealed class RandomUniformTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Float16)]
    public void FillsTheRange(int type)
    {
        (double[] first, double[] second) = RandomCheck.Run(new ModelBuilder()
            .Node("RandomUniform", [], ["y"], ("shape", new long[] { 50, 3, 41 }), ("low", -2f), ("high", 4f), ("dtype", type))
            .Output("y"));
        foreach (double[] numbers in new[] { first, second })
        {
            numbers.Min().ShouldBeInRange(-2, -1.98);
            numbers.Max().ShouldBeInRange(3.98, 4);
            numbers.ShouldHave(mean: 1, variance: 3);
        }

        Correlation(first, second).ShouldBe(0, 5 / Math.Sqrt(first.Length));
        Correlation(first[1..], first[..^1]).ShouldBe(0, 5 / Math.Sqrt(first.Length));
    }

    [Fact]
    public void TheSeedDecides()
    {
        double[] Of(float seed) => RandomCheck.Run(new ModelBuilder().Node("RandomUniform", [], ["y"], ("shape", new long[] { 9 }), ("seed", seed)).Output("y")).First;
        Of(1).ShouldBe(Of(1));
        Of(1).ShouldNotBe(Of(2));
    }

    [Fact]
    public void NodesWithoutASeedDiffer()
    {
        CompiledModel compiled = CompiledModel.Compile(new ModelBuilder()
            .Node("RandomUniform", [], ["x"], ("shape", new long[] { 9 }))
            .Node("RandomUniform", [], ["y"], ("shape", new long[] { 9 }))
            .Output("x").Output("y").ToBytes());
        var results = compiled.RunAt([]);
        results[0].Bytes.SequenceEqual(results[1].Bytes).ShouldBeFalse();
    }

    private static double Correlation(double[] a, double[] b)
    {
        (double meanA, double meanB) = (a.Average(), b.Average());
        double Sum(Func<double, double, double> f) => a.Zip(b, f).Sum();
        return Sum((x, y) => (x - meanA) * (y - meanB)) / Math.Sqrt(Sum((x, _) => (x - meanA) * (x - meanA)) * Sum((_, y) => (y - meanB) * (y - meanB)));
    }
}
