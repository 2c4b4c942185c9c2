using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class WhereTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Bool)]
    public void BroadcastsAllThree(int type) => ElementwiseCheck.Run(new ModelBuilder()
        .Input("c", OnnxDataType.Bool, 3, 37).Input("r", OnnxDataType.Bool, 3, 1).Input("x", (OnnxDataType)type, 3, 37).Input("y", (OnnxDataType)type, 37).Input("s", (OnnxDataType)type)
        .Node("Where", ["c", "x", "y"], ["a"]).Node("Where", ["r", "x", "s"], ["b"]).Node("Where", ["r", "s", "y"], ["d"]).Output("a").Output("b").Output("d"));

    [Fact]
    public void ChoosesAtCompileTime() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2).Input("y", OnnxDataType.Float, 2).Initializer("c", [1], false)
        .Node("Where", ["c", "x", "y"], ["z"]).Node("Exp", ["z"], ["w"]).Output("w")).ShouldBe(["Exp"]);

    [Fact]
    public void RefusesDifferentTypes() => OperatorCheck.Fails(new ModelBuilder()
        .Input("c", OnnxDataType.Bool, 2).Input("x", OnnxDataType.Float, 2).Input("y", OnnxDataType.Int32, 2)
        .Node("Where", ["c", "x", "y"], ["z"]).Output("z")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
