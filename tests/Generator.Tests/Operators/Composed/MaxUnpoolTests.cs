using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class MaxUnpoolTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Puts_values_back(bool larger)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 2, 2).Initializer("i", [1, 1, 2, 2], 5L, 7, 13, 15).Initializer("s", [4], 1L, 1, 5, 5);
        OperatorCheck.Run(model.Node("MaxUnpool", larger ? ["x", "i", "s"] : ["x", "i"], ["y"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })).Output("y"));
    }
}
