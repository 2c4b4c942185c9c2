using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class TensorScatterTests
{
    [Theory]
    [InlineData("linear", 2)]
    [InlineData("circular", 3)]
    public void Writes_from_a_position_on(string mode, long start) => OperatorCheck.RunOn(
        new ModelBuilder(24)
            .Input("x", OnnxDataType.Float, 2, 4, 3).Input("u", OnnxDataType.Float, 2, 2, 3).Input("i", OnnxDataType.Int64, 2)
            .Node("TensorScatter", ["x", "u", "i"], ["y"], ("mode", mode)).Output("y").ToBytes(),
        [ScheduleCheck.Counting(2, 4, 3), ScheduleCheck.Counting(2, 2, 3), Tensor.Vector(0, start)]);
}
