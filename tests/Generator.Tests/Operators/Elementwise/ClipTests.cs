using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class ClipTests
{
    [Theory]
    [InlineData(-1f, 1f)]
    [InlineData(0f, 6f)]
    [InlineData(1f, -1f)]
    public void TakesConstantBounds(float low, float high) => ElementwiseCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 37).Initializer("l", [], low).Initializer("h", [], high)
        .Node("Clip", ["x", "l", "h"], ["y"]).Node("Clip", ["x", "l"], ["z"]).Node("Clip", ["x", "", "h"], ["w"]).Output("y").Output("z").Output("w"));

    [Fact]
    public void TakesBoundsAtRunTime() => ElementwiseCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 37).Input("l", OnnxDataType.Float).Input("h", OnnxDataType.Float, 1).Initializer("c", [], 0.5f)
            .Node("Clip", ["x", "l", "h"], ["y"]).Node("Clip", ["x", "c", "h"], ["z"]).Node("Clip", ["x", "", "h"], ["w"]).Output("y").Output("z").Output("w"),
        limits: false);

    [Theory]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Int8)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.UInt64)]
    public void ClipsOtherTypes(int type) => ElementwiseCheck.Run(
        new ModelBuilder()
            .Input("x", (OnnxDataType)type, 3, 7).Input("l", (OnnxDataType)type).Input("h", (OnnxDataType)type).RawInitializer("c", (OnnxDataType)type, [], OneAsBytes(type))
            .Node("Clip", ["x", "l", "h"], ["y"]).Node("Clip", ["x", "c", "h"], ["z"]).Output("y").Output("z"),
        low: 0,
        high: 9,
        limits: false);

    [Fact]
    public void KnownValues()
    {
        ElementwiseCheck.Evaluate("Clip", OnnxDataType.Float, [[-3, 0.5, 3, double.NaN], [-1], [1]]).ShouldBe([-1, 0.5, 1, double.NaN]);
        ElementwiseCheck.Evaluate("Clip", OnnxDataType.Float, [[-3, 0.5, 3], [1], [-1]]).ShouldBe([-1, -1, -1]);
    }

    [Fact]
    public void TakesBoundsFromAttributesInOldOpsets() => ElementwiseCheck.Evaluate("Clip", OnnxDataType.Float, [[-3, 0.5, 3]], opset: 6, attributes: [("min", -1f), ("max", 1f)])
        .ShouldBe([-1, 0.5, 1]);

    [Fact]
    public void RemovesAClipWithoutBounds() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Node("Clip", ["x"], ["y"]).Node("Exp", ["y"], ["z"]).Output("z")).ShouldBe(["Exp"]);

    [Fact]
    public void RefusesBoundsThatAreNoNumber() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Input("l", OnnxDataType.Float, 3).Node("Clip", ["x", "l"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static byte[] OneAsBytes(int type) => ElementEvaluation.Fill((ElementType)type, Shape.Scalar, 1).Bytes.ToArray();

    [Fact]
    public void RefusesOtherTypes() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Bool, 3).Node("Clip", ["x"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
