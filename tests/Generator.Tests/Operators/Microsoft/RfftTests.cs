using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class RfftTests
{
    [Fact]
    public void Is_one_sided() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 8)
            .Node("com.microsoft", "Rfft", ["x"], ["y"], ("signal_ndim", 1), ("normalized", 0), ("onesided", 1)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 8)
            .Initializer("last", [1], 2L).Initializer("axis", [], 1L).Node("Unsqueeze", ["x", "last"], ["u"]).Node("DFT", ["u", "", "axis"], ["y"], ("onesided", 1)).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Refuses_other_forms() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 3, 8)
        .Node("com.microsoft", "Rfft", ["x"], ["y"], ("normalized", 1)).Output("y")).Code.ShouldBe(DiagnosticCodes.FeatureUnsupported);
}
