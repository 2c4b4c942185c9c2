using AotCompiler.Diagnostics;
using AotCompiler.Ir;
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

    [Fact]
    public void Counts_between_data() => DataSizesCheck.Compile(
            new ModelBuilder(24).Input("a", OnnxDataType.Float, 1).Input("b", OnnxDataType.Float).Node("com.microsoft", "Range", ["a", "b"], ["y"]).Output("y"), "y.shape.value=0..9")
        .RunAt([], DataSizesCheck.Floats(0.5f), Tensor.Scalar(3f))[0].AsSpan<float>().ToArray().ShouldBe([0.5f, 1.5f, 2.5f]);
}
