using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class BitCastTests
{
    [Theory]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.Int64, (int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Float16, (int)OnnxDataType.UInt16)]
    [InlineData((int)OnnxDataType.Int8, (int)OnnxDataType.Float8E5M2)]
    [InlineData((int)OnnxDataType.Int4, (int)OnnxDataType.UInt4)]
    [InlineData((int)OnnxDataType.UInt4, (int)OnnxDataType.Int4)]
    [InlineData((int)OnnxDataType.Int4, (int)OnnxDataType.Float4E2M1)]
    [InlineData((int)OnnxDataType.Float4E2M1, (int)OnnxDataType.Int4)]
    [InlineData((int)OnnxDataType.UInt2, (int)OnnxDataType.Int2)]
    public void KeepsTheBits(int from, int to) => ElementwiseCheck.Run(
        new ModelBuilder(26).Input("x", (OnnxDataType)from, 3, 7).Node("BitCast", ["x"], ["y"], ("to", to)).Output("y"), low: 0, high: 4, limits: false);

    [Fact]
    public void KnownValues()
    {
        ElementwiseCheck.Evaluate("BitCast", OnnxDataType.Float, [[1, -2]], opset: 26, attributes: ("to", (int)OnnxDataType.Int32)).ShouldBe([0x3F800000, -0x40000000]);
        ElementwiseCheck.Evaluate("BitCast", OnnxDataType.Int4, [[-1, 7]], opset: 26, attributes: ("to", (int)OnnxDataType.UInt4)).ShouldBe([15, 7]);
        ElementwiseCheck.Evaluate("BitCast", OnnxDataType.UInt2, [[3, 1]], opset: 26, attributes: ("to", (int)OnnxDataType.Int2)).ShouldBe([-1, 1]);
    }

    /// <summary>The bits of a 16-bit float that is computed are those of the number rounded to 16 bits.</summary>
    [Fact]
    public void RoundsWhatWasComputedInF32() => ElementwiseCheck.Run(
        new ModelBuilder(26).Input("x", OnnxDataType.Float16, 37).Node("Neg", ["x"], ["a"]).Node("BitCast", ["a"], ["y"], ("to", (int)OnnxDataType.Int16)).Output("y"), limits: false);

    [Theory]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.UInt8, (int)OnnxDataType.UInt4)]
    public void RefusesAnotherWidth(int from, int to) => OperatorCheck.Fails(new ModelBuilder(26)
        .Input("x", (OnnxDataType)from, 3).Node("BitCast", ["x"], ["y"], ("to", to)).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesStrings() => OperatorCheck.Fails(new ModelBuilder(26)
        .Input("x", OnnxDataType.Float, 3).Node("BitCast", ["x"], ["y"], ("to", (int)OnnxDataType.String)).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
