using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ReverseSequenceTests
{
    [Theory]
    [InlineData(0, 1, new long[] { 5, 3, 7 })]
    [InlineData(1, 0, new long[] { 3, 5 })]
    public void ReversesTheBeginning(int time, int batch, long[] shape) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, shape)
            .Input("l", OnnxDataType.Int64, 3)
            .Node("ReverseSequence", ["x", "l"], ["y"], ("time_axis", time), ("batch_axis", batch))
            .Output("y"),
        low: 0,
        high: 6);

    [Fact]
    public void RunTimeLengthsOutOfRangeThrow()
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 4, 2)
            .Input("l", OnnxDataType.Int64, 2)
            .Node("ReverseSequence", ["x", "l"], ["y"])
            .Output("y").ToBytes());
        Should.Throw<System.Exception>(() => model.Run(ScheduleCheck.Counting(4, 2), Tensor.Vector(4, 5)));
        Should.Throw<System.Exception>(() => model.Run(ScheduleCheck.Counting(4, 2), Tensor.Vector(4, -1)));
    }

    [Fact]
    public void RefusesOtherAxes() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4, 2, 3)
        .Input("l", OnnxDataType.Int64, 3)
        .Node("ReverseSequence", ["x", "l"], ["y"], ("batch_axis", 2))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
