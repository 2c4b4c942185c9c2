using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class BiasSplitGeluTests
{
    [Fact]
    public void Gates_one_half_by_the_other() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("b", OnnxDataType.Float, 40)
            .Node("com.microsoft", "BiasSplitGelu", ["x", "b"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 40).Input("b", OnnxDataType.Float, 40)
            .Node("Add", ["x", "b"], ["s"]).Node("Split", ["s"], ["l", "r"], ("axis", 2), ("num_outputs", 2)).Node("Gelu", ["r"], ["q"]).Node("Mul", ["l", "q"], ["y"]).Output("y"));

    [Fact]
    public void Refuses_scalars() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("x", OnnxDataType.Float).Input("b", OnnxDataType.Float)
        .Node("com.microsoft", "BiasSplitGelu", ["x", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
