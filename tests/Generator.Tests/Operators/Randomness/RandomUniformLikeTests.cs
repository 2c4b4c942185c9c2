using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

public sealed class RandomUniformLikeTests
{
    [Fact]
    public void HasTheShapeOfTheInputAndAnyType()
    {
        (double[] first, _) = RandomCheck.Run(
            new ModelBuilder().Input("x", OnnxDataType.Int32, 3000).Node("RandomUniformLike", ["x"], ["y"], ("dtype", (int)OnnxDataType.Double)).Output("y"),
            Tensor.FromBytes(ElementType.Int32, new Shape(3000), new byte[12000], "x"));
        first.Min().ShouldBeGreaterThanOrEqualTo(0);
        first.Max().ShouldBeLessThan(1);
        first.ShouldHave(mean: 0.5, variance: 1.0 / 12);
    }
}
