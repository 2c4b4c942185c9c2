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

public sealed class ConcatFromSequenceTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(-1, 1)]
    public void Joins(int axis, int newAxis) => OperatorCheck.Run(new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2, 3).Input("b", OnnxDataType.Float, 2, 3)
        .Node("SequenceConstruct", ["a", "b", "a"], ["s"]).Node("ConcatFromSequence", ["s"], ["y"], ("axis", axis), ("new_axis", newAxis)).Output("y"));

    [Fact]
    public void Nothing_is_refused() => OperatorCheck.Fails(new ModelBuilder()
        .Node("SequenceEmpty", [], ["s"]).Node("ConcatFromSequence", ["s"], ["y"], ("axis", 0)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
