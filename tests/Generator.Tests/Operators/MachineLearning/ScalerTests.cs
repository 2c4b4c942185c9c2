using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class ScalerTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Int64)]
    public void ShiftsAndScales(int type)
    {
        OperatorCheck.Run(Model((OnnxDataType)type, [1f, 2, 3], [0.5f, 2, -1]));
        OperatorCheck.Run(Model((OnnxDataType)type, [1f], [2f]));
        OperatorCheck.Run(Model((OnnxDataType)type, [0f], [1f]));
    }

    [Fact]
    public void ComputesByHand() => ScheduleCheck.Evaluate(Model(OnnxDataType.Float, [1f, 2, 3], [0.5f, 2, -1]), ScheduleCheck.Counting(2, 3))
        .Floats().ToArray().ShouldBe([-0.5f, -2, 1, 1, 4, -2]);

    [Fact]
    public void RefusesWrongLengths() => OperatorCheck.Fails(Model(OnnxDataType.Float, [1f, 2], [1f])).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(OnnxDataType type, float[] offset, float[] scale) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", type, 2, 3)
        .Node("ai.onnx.ml", "Scaler", ["x"], ["y"], ("offset", offset), ("scale", scale))
        .Output("y");
}
