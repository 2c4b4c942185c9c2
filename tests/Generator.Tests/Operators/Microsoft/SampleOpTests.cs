using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class SampleOpTests
{
    [Fact]
    public void Is_the_identity() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("com.microsoft", "SampleOp", ["x"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 37)
            .Node("Identity", ["x"], ["y"]).Output("y"));
}
