using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class OneHotEncoderTests
{
    [Fact]
    public void MarksNumbersAndStrings()
    {
        OperatorCheck.Run(Model(OnnxDataType.Int64, ("cats_int64s", new long[] { -1, 0, 1 })));
        OperatorCheck.Run(Model(OnnxDataType.Float, ("cats_int64s", new long[] { -1, 0, 1 })));
        OperatorCheck.Run(Model(OnnxDataType.String, ("cats_strings", new[] { "b", "a" })));
    }

    [Fact]
    public void UnknownCategoriesAreZeros() => ScheduleCheck.Evaluate(Model(OnnxDataType.String, ("cats_strings", new[] { "b", "a" })), Tensor.OfStrings(new Shape(3), ["a", "x", "b"]))
        .Floats().ToArray().ShouldBe([0f, 1, 0, 0, 1, 0]);

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(Model(OnnxDataType.String, ("cats_int64s", new long[] { 1 }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(OnnxDataType type, (string, object) categories) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", type, 3)
        .Node("ai.onnx.ml", "OneHotEncoder", ["x"], ["y"], categories)
        .Output("y");

    /// <summary>With zeros = 0 an element of no category ends the run.</summary>
    [Fact]
    public void AnUnknownCategoryMayBeAnError()
    {
        CompiledModel compiled = CompiledModel.Compile(new ModelBuilder().Import("ai.onnx.ml", 1)
            .Input("x", OnnxDataType.Int64, 3)
            .Node("ai.onnx.ml", "OneHotEncoder", ["x"], ["y"], ("cats_int64s", new long[] { 1, 2, 5 }), ("zeros", 0))
            .Output("y").ToBytes());
        compiled.RunAt([], Tensor.Vector(5, 1, 2))[0].AsSpan<float>().ToArray().ShouldBe([0f, 0f, 1f, 1f, 0f, 0f, 0f, 1f, 0f]);
        Should.Throw<System.ArgumentOutOfRangeException>(() => compiled.RunAt([], Tensor.Vector(5, 3, 2)));
    }
}
