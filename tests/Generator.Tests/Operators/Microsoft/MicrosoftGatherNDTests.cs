using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftGatherNDTests
{
    [Fact]
    public void Is_the_standard_one() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 4, 5).Input("i", OnnxDataType.Int64, 3, 2)
            .Node("com.microsoft", "GatherND", ["x", "i"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 4, 5).Input("i", OnnxDataType.Int64, 3, 2)
            .Node("GatherND", ["x", "i"], ["y"]).Output("y"), low: 0, high: 4);
}
