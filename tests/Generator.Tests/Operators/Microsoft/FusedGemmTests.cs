using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class FusedGemmTests
{
    [Fact]
    public void Takes_its_parameters_by_name() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 3, 4).Input("b", OnnxDataType.Float, 5, 4).Input("c", OnnxDataType.Float, 5)
            .Node("com.microsoft", "FusedGemm", ["a", "b", "c"], ["y"], ("transB", 1), ("alpha", 0.5f), ("activation", "HardSigmoid"), ("activation_alpha", 0.3f), ("activation_beta", 0.4f)).Output("y"),
        new ModelBuilder(24).Input("a", OnnxDataType.Float, 3, 4).Input("b", OnnxDataType.Float, 5, 4).Input("c", OnnxDataType.Float, 5)
            .Node("Gemm", ["a", "b", "c"], ["g"], ("transB", 1), ("alpha", 0.5f)).Node("HardSigmoid", ["g"], ["y"], ("alpha", 0.3f), ("beta", 0.4f)).Output("y"));
}
