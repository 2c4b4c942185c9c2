using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

public sealed class RandomNormalTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.BFloat16)]
    public void HasMeanAndScale(int type)
    {
        (double[] first, double[] second) = RandomCheck.Run(new ModelBuilder()
            .Node("RandomNormal", [], ["y"], ("shape", new long[] { 100, 100 }), ("mean", 3f), ("scale", 2f), ("seed", 7f), ("dtype", type))
            .Output("y"));
        first.ShouldHave(mean: 3, variance: 4);
        second.ShouldHave(mean: 3, variance: 4);

        // 68.27 % lie within one standard deviation.
        first.Count(static x => Math.Abs(x - 3) < 2).ShouldBeInRange(6594, 7060);
    }

    [Fact]
    public void AScalar() => RandomCheck.Run(new ModelBuilder().Node("RandomNormal", [], ["y"], ("shape", Array.Empty<long>())).Output("y")).First.Length.ShouldBe(1);
}
