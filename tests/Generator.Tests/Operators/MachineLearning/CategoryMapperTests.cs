using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class CategoryMapperTests
{
    [Theory]
    [InlineData((int)OnnxDataType.String)]
    [InlineData((int)OnnxDataType.Int64)]
    public void MapsBothWays(int type) => OperatorCheck.Run(Model((OnnxDataType)type, [1, -1, 7]));

    [Fact]
    public void UnknownStringsGetTheDefault() => ScheduleCheck.Evaluate(Model(OnnxDataType.String, [1, -1, 7]), Tensor.OfStrings(new Shape(4), ["ab", "?", "a", "b"]))
        .ToInt64Array().ShouldBe([7, -1, 1, -1]);

    [Fact]
    public void RefusesOtherCounts() => OperatorCheck.Fails(Model(OnnxDataType.Int64, [1])).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(OnnxDataType type, long[] numbers) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", type, 4)
        .Node("ai.onnx.ml", "CategoryMapper", ["x"], ["y"], ("cats_int64s", numbers), ("cats_strings", new[] { "a", "b", "ab" }))
        .Output("y");
}
