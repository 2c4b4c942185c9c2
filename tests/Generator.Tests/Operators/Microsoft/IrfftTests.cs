using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class IrfftTests
{
    [Fact]
    public void Undoes_the_transform() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 8)
            .Node("com.microsoft", "Rfft", ["x"], ["f"]).Node("com.microsoft", "Irfft", ["f"], ["y"]).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 3, 8)
            .Node("Identity", ["x"], ["y"]).Output("y"), tolerance: 1e-4);
}
