using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class MicrosoftRangeTests
{
    [Fact]
    public void Counts_by_one() => EquivalenceCheck.Run(
        new ModelBuilder(24).Initializer("a", [1], 2f).Initializer("b", [], 7f).Initializer("a0", [], 2f).Initializer("d", [], 1f).Input("x", OnnxDataType.Float, 5)
            .Node("com.microsoft", "Range", ["a", "b"], ["r"]).Node("Add", ["r", "x"], ["y"]).Output("y"),
        new ModelBuilder(24).Initializer("a", [1], 2f).Initializer("b", [], 7f).Initializer("a0", [], 2f).Initializer("d", [], 1f).Input("x", OnnxDataType.Float, 5)
            .Node("Range", ["a0", "b", "d"], ["r"]).Node("Add", ["r", "x"], ["y"]).Output("y"));
}
