using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Structure;

public sealed class OptionalGetElementTests
{
    [Theory]
    [InlineData("x")]
    [InlineData("full")]
    public void Passes_on(string input) => OperatorCheck.Run(new ModelBuilder(18)
        .Input("x", OnnxDataType.Float, 2).Node("Optional", ["x"], ["full"]).Node("OptionalGetElement", [input], ["e"]).Node("Neg", ["e"], ["y"]).Output("y"));

    [Fact]
    public void Of_nothing_is_refused() => OperatorCheck.Fails(new ModelBuilder(18).Node("Optional", [], ["o"]).Node("OptionalGetElement", ["o"], ["y"]).Output("y"))
        .Message.ShouldContain("no element");
}
