using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class BinarizerTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.Int32)]
    public void ComparesWithAThreshold(int type) => OperatorCheck.Run(Model((OnnxDataType)type));

    [Fact]
    public void TheThresholdItselfIsZero() => ScheduleCheck.Evaluate(Model(OnnxDataType.Float), Tensor.Create(ElementType.Float32, new Shape(3), [0.5f, 0.51f, -1]))
        .Floats().ToArray().ShouldBe([0f, 1, 0]);

    private static ModelBuilder Model(OnnxDataType type) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", type, 3)
        .Node("ai.onnx.ml", "Binarizer", ["x"], ["y"], ("threshold", 0.5f))
        .Output("y");
}
