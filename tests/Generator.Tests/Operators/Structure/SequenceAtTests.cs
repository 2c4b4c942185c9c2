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

public sealed class SequenceAtTests
{
    [Theory]
    [InlineData(0, 2)]
    [InlineData(-1, 3)]
    public void At_a_constant_position(long position, int length) =>
        OperatorCheck.Import(Model(3).Initializer("p", [], position).Node("SequenceAt", ["s", "p"], ["y"]).Output("y").ToBytes()).Outputs[0].Value.Shape.ShouldBe(new Shape(length));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void At_a_position_of_run_time(long position) => OperatorCheck.RunOn(
        Model(2).Input("p", OnnxDataType.Int64).Node("SequenceAt", ["s", "p"], ["y"]).Output("y").ToBytes(),
        [Tensor.Create(ElementType.Float32, new Shape(2), [1f, 2]), Tensor.Create(ElementType.Float32, new Shape(2), [3f, 4]), Tensor.Create(ElementType.Int64, Shape.Scalar, [position])]);

    [Theory]
    [InlineData(0, new[] { 1f, 2f })]
    [InlineData(1, new[] { 3f, 4f, 5f })]
    [InlineData(-1, new[] { 3f, 4f, 5f })]
    public void At_a_position_of_the_run_among_tensors_of_different_lengths(long position, float[] expected) => CompiledModel
        .Compile(Model(3).Input("p", OnnxDataType.Int64).Node("SequenceAt", ["s", "p"], ["y"]).Output("y").ToBytes())
        .RunAt([], DataSizesCheck.Floats(1, 2), DataSizesCheck.Floats(3, 4, 5), DataSizesCheck.Int(position))[0].Floats().ToArray().ShouldBe(expected);

    [Fact]
    public void Of_shapes_that_differ_in_two_axes_the_position_must_be_constant() => OperatorCheck.Fails(new ModelBuilder()
            .Input("a", OnnxDataType.Float, 2, 3).Input("b", OnnxDataType.Float, 3, 2).Node("SequenceConstruct", ["a", "b"], ["s"])
            .Input("p", OnnxDataType.Int64).Node("SequenceAt", ["s", "p"], ["y"]).Output("y"))
        .Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    private static ModelBuilder Model(int second) => new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2).Input("b", OnnxDataType.Float, second).Node("SequenceConstruct", ["a", "b"], ["s"]);
}
