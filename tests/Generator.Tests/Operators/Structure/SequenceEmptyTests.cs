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

public sealed class SequenceEmptyTests
{
    [Fact]
    public void Has_no_elements() => OperatorCheck.Import(new ModelBuilder().Node("SequenceEmpty", [], ["s"]).Node("SequenceLength", ["s"], ["n"]).Output("n").ToBytes())
        .Outputs[0].Value.Constant!.ToInt64Array().ShouldBe([0L]);

    [Fact]
    public void Grows() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3)
        .Node("SequenceEmpty", [], ["s"], ("dtype", 1)).Node("SequenceInsert", ["s", "x"], ["t"]).Node("ConcatFromSequence", ["t"], ["y"], ("axis", 0), ("new_axis", 1)).Output("y"));
}
