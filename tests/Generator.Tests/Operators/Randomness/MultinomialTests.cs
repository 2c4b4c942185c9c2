using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

public sealed class MultinomialTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.Int64)]
    public void SamplesByProbability(int type)
    {
        Tensor logits = Tensor.Create(ElementType.Float32, new Shape(2, 3), new[] { 0.1f, 0.2f, 0.7f, 1f, 0f, 1f }.Select(static p => MathF.Log(p)).ToArray());
        (double[] first, _) = RandomCheck.Run(
            new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Node("Multinomial", ["x"], ["y"], ("sample_size", 5000), ("dtype", type)).Output("y"),
            logits);
        double[] Shares(int row) => Enumerable.Range(0, 3).Select(c => first.Skip(row * 5000).Take(5000).Count(x => x == c) / 5000.0).ToArray();
        double[] expected = [0.1, 0.2, 0.7, 0.5, 0, 0.5];
        double[] actual = [.. Shares(0), .. Shares(1)];
        for (int i = 0; i < expected.Length; i++)
        {
            actual[i].ShouldBe(expected[i], 0.036);
        }

        actual[4].ShouldBe(0);
    }
}
