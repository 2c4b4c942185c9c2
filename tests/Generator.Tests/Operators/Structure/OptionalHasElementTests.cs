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

public sealed class OptionalHasElementTests
{
    [Theory]
    [InlineData("x", 1)]
    [InlineData("s", 1)]
    [InlineData("full", 1)]
    [InlineData("empty", 0)]
    [InlineData("", 0)]
    public void Is_a_constant(string input, byte expected) => OperatorCheck.Import(new ModelBuilder(18)
            .Input("x", OnnxDataType.Float, 2).Node("SequenceConstruct", ["x"], ["s"]).Node("Optional", ["x"], ["full"]).Node("Optional", [], ["empty"])
            .Node("OptionalHasElement", input.Length == 0 ? [] : [input], ["h"]).Output("h").ToBytes())
        .Outputs[0].Value.Constant!.Bytes.ToArray().ShouldBe([expected]);
}
