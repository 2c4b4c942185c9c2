using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Experimental;

public sealed class DynamicSliceTests
{
    [Fact]
    public void Is_a_slice() => EquivalenceCheck.Run(
        new ModelBuilder(10).Input("x", OnnxDataType.Float, 4, 6).Initializer("s", [2], 1L, 2L).Initializer("e", [2], 3L, 6L).Initializer("a", [2], 0L, 1L)
            .Node("DynamicSlice", ["x", "s", "e", "a"], ["y"]).Output("y"),
        new ModelBuilder(10).Input("x", OnnxDataType.Float, 4, 6).Initializer("s", [2], 1L, 2L).Initializer("e", [2], 3L, 6L).Initializer("a", [2], 0L, 1L)
            .Node("Slice", ["x", "s", "e", "a"], ["y"]).Output("y"));
}
