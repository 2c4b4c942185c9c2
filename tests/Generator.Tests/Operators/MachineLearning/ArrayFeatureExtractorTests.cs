using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class ArrayFeatureExtractorTests
{
    [Fact]
    public void PicksColumns()
    {
        OperatorCheck.Run(Model(OnnxDataType.Float, 2, 3, 4));
        OperatorCheck.Run(Model(OnnxDataType.String, 2, 4));
        ScheduleCheck.Evaluate(Model(OnnxDataType.Float, 2, 4), ScheduleCheck.Counting(2, 4)).Floats().ToArray().ShouldBe([3f, 1, 7, 5]);
    }

    [Fact]
    public void AVectorIsOneRow() => ScheduleCheck.Evaluate(Model(OnnxDataType.Float, 4), ScheduleCheck.Counting(4)).Shape.ShouldBe(new Shape(1, 2));

    private static ModelBuilder Model(OnnxDataType type, params long[] shape) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", type, shape)
        .Initializer("i", [2], 3L, 1L)
        .Node("ai.onnx.ml", "ArrayFeatureExtractor", ["x", "i"], ["y"])
        .Output("y");
}
