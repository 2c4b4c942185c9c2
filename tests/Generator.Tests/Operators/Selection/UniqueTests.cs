using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Selection;

public sealed class UniqueTests
{
    [Theory]
    [InlineData(null, 1)]
    [InlineData(null, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(-1, 1)]
    public void AllResults(int? axis, int sorted)
    {
        var model = new ModelBuilder();
        OnnxDataType[] types = [OnnxDataType.Float, OnnxDataType.Int64, OnnxDataType.UInt64, OnnxDataType.Bool, OnnxDataType.Int8, OnnxDataType.Double, OnnxDataType.String];
        foreach (OnnxDataType type in types)
        {
            (string, object)[] attributes = axis is { } a ? [("axis", a), ("sorted", sorted)] : [("sorted", sorted)];
            string x = $"x{type}";
            model.Input(x, type, 3, 7, 2)
                .Node("Unique", [type == OnnxDataType.Float ? "floor" : x], [$"y{x}", $"i{x}", $"g{x}", $"c{x}"], attributes)
                .Output($"y{x}").Output($"i{x}").Output($"g{x}").Output($"c{x}");
        }

        model.Node("Floor", ["xFloat"], ["floor"]);
        OperatorCheck.Run(model, low: 0, high: 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(33)]
    public void OnlyElements(int length) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Int32, length)
            .Node("Unique", ["x"], ["y", "", "group"])
            .Node("Add", ["y", "y"], ["twice"])
            .Output("twice").Output("group"),
        low: -5,
        high: 5);

    [Fact]
    public void NaNIsOneValueAboveAll()
    {
        byte[] model = new ModelBuilder().Input("x", OnnxDataType.Float, 5).Node("Unique", ["x"], ["y", "first", "group", "count"])
            .Output("first").Output("group").Output("count").ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(5), [float.NaN, 2f, float.NaN, -1f, 2f]);
        OperatorCheck.RunOn(model, [x]);
        CompiledModel.Compile(model).RunAt([], x)[0].ToInt64Array().ShouldBe([3, 1, 0]);
    }

    [Fact]
    public void ConstantsAreFolded() => OperatorCheck.Interpret(new ModelBuilder()
        .Initializer("x", [4], 2f, 1f, 2f, 0f)
        .Node("Unique", ["x"], ["y"], ("sorted", 0))
        .Output("y")).AsSpan<float>().ToArray().ShouldBe([2f, 1f, 0f]);

    [Fact]
    public void TheAxisMustExist() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4)
        .Node("Unique", ["x"], ["y"], ("axis", 1))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
