using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class GroupNormTests
{
    [Fact]
    public void Puts_channels_last() => EquivalenceCheck.Run(
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 3, 8).Input("g", OnnxDataType.Float, 8).Input("h", OnnxDataType.Float, 8)
            .Node("com.microsoft", "GroupNorm", ["x", "g", "h"], ["y"], ("groups", 2), ("activation", 1)).Output("y"),
        new ModelBuilder(24).Input("x", OnnxDataType.Float, 2, 3, 3, 8).Input("g", OnnxDataType.Float, 8).Input("h", OnnxDataType.Float, 8)
            .Node("Transpose", ["x"], ["t"], ("perm", new long[] { 0, 3, 1, 2 })).Node("GroupNormalization", ["t", "g", "h"], ["n"], ("num_groups", 2)).Node("Swish", ["n"], ["w"]).Node("Transpose", ["w"], ["y"], ("perm", new long[] { 0, 2, 3, 1 })).Output("y"), tolerance: 1e-4);

    [Fact]
    public void Refuses_other_activations() => OperatorCheck.Fails(new ModelBuilder(24).Import("com.microsoft", 1).Input("x", OnnxDataType.Float, 2, 3, 3, 8).Input("g", OnnxDataType.Float, 8).Input("h", OnnxDataType.Float, 8)
        .Node("com.microsoft", "GroupNorm", ["x", "g", "h"], ["y"], ("groups", 2), ("activation", 2)).Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
}
