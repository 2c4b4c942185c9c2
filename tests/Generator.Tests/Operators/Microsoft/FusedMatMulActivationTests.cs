using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class FusedMatMulActivationTests
{
    [Fact]
    public void Activates() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 3, 4).Input("b", OnnxDataType.Float, 4, 5)
            .Node("com.microsoft", "FusedMatMulActivation", ["a", "b"], ["y"], ("activation", "LeakyRelu"), ("activation_alpha", 0.2f)).Output("y"),
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 3, 4).Input("b", OnnxDataType.Float, 4, 5)
            .Node("MatMul", ["a", "b"], ["p"]).Node("LeakyRelu", ["p"], ["y"], ("alpha", 0.2f)).Output("y"));

    [Fact]
    public void Needs_an_activation() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("a", OnnxDataType.Float, 3, 4).Input("b", OnnxDataType.Float, 4, 5)
        .Node("com.microsoft", "FusedMatMulActivation", ["a", "b"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
}
