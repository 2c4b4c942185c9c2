using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class MelWeightMatrixTests
{
    [Fact]
    public void Is_a_constant() => OperatorCheck.Import(new ModelBuilder(17)
            .Initializer("bins", [], 8L).Initializer("dft", [], 16L).Initializer("rate", [], 8192L).Initializer("low", [], 0f).Initializer("high", [], 4096f)
            .Node("MelWeightMatrix", ["bins", "dft", "rate", "low", "high"], ["y"]).Output("y").ToBytes())
        .Outputs[0].Value.Constant!.Shape.ShouldBe(new Shape(9, 8));
}
