using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

public sealed class RandomNormalLikeTests
{
    [Fact]
    public void HasTheShapeOfTheInput()
    {
        byte[] zeros = new byte[64 * 65 * 4];
        RandomCheck.Run(
            new ModelBuilder().Input("x", OnnxDataType.Float, 64, 65).Node("RandomNormalLike", ["x"], ["y"]).Output("y"),
            Tensor.FromBytes(ElementType.Float32, new Shape(64, 65), zeros, "x")).First.ShouldHave(mean: 0, variance: 1);
    }

    [Fact]
    public void TakesSizesOfTheRun() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["n", 5])
            .Node("RandomNormalLike", ["x"], ["r"], ("seed", 1f))
            .Node("Add", ["x", "r"], ["y"])
            .Output("y"),
        "n=1..9",
        ["n=9"]);
}
