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

public sealed class SequenceLengthTests
{
    [Fact]
    public void Is_a_constant() => OperatorCheck.Import(new ModelBuilder()
            .Input("a", OnnxDataType.Float, 2).Node("SequenceConstruct", ["a", "a", "a"], ["s"]).Node("SequenceLength", ["s"], ["n"]).Output("n").ToBytes())
        .Outputs[0].Value.Constant!.ToInt64Array().ShouldBe([3L]);
}
