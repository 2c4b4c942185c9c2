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

public sealed class SplitToSequenceTests
{
    [Theory]
    [InlineData(new long[] { 2, 4 }, 1)]
    [InlineData(new long[] { 0, 5, 1 }, -1)]
    [InlineData(new long[] { 1, 2 }, 0)]
    public void By_lengths(long[] lengths, int axis)
    {
        ModelBuilder model = Model().Initializer("l", [lengths.Length], lengths).Node("SplitToSequence", ["x", "l"], ["s"], ("axis", axis)).Output("s");
        OperatorCheck.Import(model.ToBytes()).Outputs.Select(o => (long)o.Value.Shape[axis < 0 ? axis + 2 : axis]).ShouldBe(lengths);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void By_chunks() => OperatorCheck.Import(Model().Initializer("l", [], 4L).Node("SplitToSequence", ["x", "l"], ["s"], ("axis", 1)).Output("s").ToBytes())
        .Outputs.Select(static o => o.Value.Shape.ToString()).ShouldBe(["[3, 4]", "[3, 2]"]);

    [Theory]
    [InlineData(0, "[6]")]
    [InlineData(1, "[1, 6]")]
    public void Into_single_rows(int keep, string shape) => OperatorCheck.Import(Model().Node("SplitToSequence", ["x"], ["s"], ("keepdims", keep)).Output("s").ToBytes())
        .Outputs.Select(static o => o.Value.Shape.ToString()).ShouldBe([shape, shape, shape]);

    [Fact]
    public void Lengths_must_fit() => OperatorCheck.Fails(Model().Initializer("l", [2], 1L, 1).Node("SplitToSequence", ["x", "l"], ["s"]).Output("s")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void Lengths_must_be_constant() => OperatorCheck.Fails(Model().Input("l", OnnxDataType.Int64, 2).Node("SplitToSequence", ["x", "l"], ["s"]).Output("s")).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    [Fact]
    public void The_number_of_parts_is_bounded() => OperatorCheck.Fails(new ModelBuilder().Input("x", OnnxDataType.Float, 10_000).Node("SplitToSequence", ["x"], ["s"]).Output("s")).Code.ShouldBe(DiagnosticCodes.TooLarge);

    private static ModelBuilder Model() => new ModelBuilder().Input("x", OnnxDataType.Float, 3, 6);
}
