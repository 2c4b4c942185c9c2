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

    [Fact]
    public void Of_different_shapes_the_position_must_be_constant() =>
        OperatorCheck.Fails(Model(3).Input("p", OnnxDataType.Int64).Node("SequenceAt", ["s", "p"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    private static ModelBuilder Model(int second) => new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2).Input("b", OnnxDataType.Float, second).Node("SequenceConstruct", ["a", "b"], ["s"]);
}
