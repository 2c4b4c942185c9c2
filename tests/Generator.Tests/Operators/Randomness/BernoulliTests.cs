using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

public sealed class BernoulliTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.Bool)]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Int64)]
    public void HasTheProbability(int from, int to)
    {
        var type = (ElementType)from;
        var bytes = new byte[4000 * type.Size()];
        for (int i = 0; i < 4000; i++)
        {
            ElementEvaluation.Write(bytes, type, i, 0.3);
        }

        RandomCheck.Run(
            new ModelBuilder().Input("x", (OnnxDataType)from, 4000).Node("Bernoulli", ["x"], ["y"], ("dtype", to)).Output("y"),
            Tensor.FromBytes(type, new Shape(4000), bytes, "x")).First.ShouldHave(mean: 0.3, variance: 0.21);
    }

    [Fact]
    public void CertaintiesAreCertain()
    {
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(200), Enumerable.Range(0, 200).Select(static i => (float)(i % 2)).ToArray());
        CompiledModel.Compile(new ModelBuilder().Input("x", OnnxDataType.Float, 200).Node("Bernoulli", ["x"], ["y"]).Output("y").ToBytes())
            .RunAt([], x)[0].Bytes.SequenceEqual(x.Bytes).ShouldBeTrue();
    }
}
