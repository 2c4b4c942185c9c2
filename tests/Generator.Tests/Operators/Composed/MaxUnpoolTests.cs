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

    /// <summary>Windows of two leave out the last row and column of 3 × 5, whose cells the indices of MaxPool count all the same.</summary>
    [Fact]
    public void IndicesOfMaxPoolCountInTheShapeThatItTook() => EquivalenceCheck.Run(
        Pooled().Initializer("s", [4], 1L, 2, 3, 5).Node("MaxUnpool", ["p", "i", "s"], ["y"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })).Output("y"),
        Pooled().Initializer("z", [30], new float[30]).Initializer("flat", [1], -1L).Initializer("s", [4], 1L, 2, 3, 5)
            .Node("Reshape", ["p", "flat"], ["v"]).Node("Reshape", ["i", "flat"], ["j"]).Node("ScatterElements", ["z", "j", "v"], ["u"]).Node("Reshape", ["u", "s"], ["y"]).Output("y"));

    private static ModelBuilder Pooled() => new ModelBuilder().Input("x", OnnxDataType.Float, 1, 2, 3, 5)
        .Node("MaxPool", ["x"], ["p", "i"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
}
