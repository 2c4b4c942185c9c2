using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class SizeOfTests
{
    [Theory]
    [InlineData(new long[] { 2, 3, 4 }, 24)]
    [InlineData(new long[] { }, 1)]
    [InlineData(new long[] { 0, 7 }, 0)]
    public void CountsElements(long[] shape, long expected)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Int32, shape).Node("Size", ["x"], ["y"]).Output("y");
        OperatorCheck.Run(model);
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Constant!.ToInt64Array().ShouldBe([expected]);
    }
}
