using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class CastTests
{
    private static readonly OnnxDataType[] _types =
    [
        .. ElementwiseCheck.Numbers, OnnxDataType.Bool, OnnxDataType.Float16, OnnxDataType.BFloat16,
        OnnxDataType.Float8E4M3FN, OnnxDataType.Float8E4M3FNUZ, OnnxDataType.Float8E5M2, OnnxDataType.Float8E5M2FNUZ, OnnxDataType.Float8E8M0,
        OnnxDataType.Float4E2M1, OnnxDataType.Int4, OnnxDataType.UInt4, OnnxDataType.Int2, OnnxDataType.UInt2,
    ];

    public static TheoryData<int> Types() => new(_types.Select(static t => (int)t));

    [Theory]
    [MemberData(nameof(Types))]
    public void ConvertsToEveryType(int from)
    {
        ModelBuilder model = new ModelBuilder().Input("x", (OnnxDataType)from, 3, 37);
        foreach (OnnxDataType to in _types)
        {
            model.Node("Cast", ["x"], [$"y{to}"], ("to", (int)to)).Output($"y{to}");
        }

        ElementwiseCheck.Run(model);
    }

    [Fact]
    public void KnownValues()
    {
        ElementwiseCheck.Evaluate("Cast", OnnxDataType.Float, [[-1.9, 2.5, double.NaN, 1e30]], attributes: ("to", (int)OnnxDataType.Int32)).ShouldBe([-1, 2, 0, int.MaxValue]);
        ElementwiseCheck.Evaluate("Cast", OnnxDataType.Int32, [[-1, 257, 0]], attributes: ("to", (int)OnnxDataType.UInt8)).ShouldBe([255, 1, 0]);
        ElementwiseCheck.Evaluate("Cast", OnnxDataType.Float, [[0.25, 0, double.NaN]], attributes: ("to", (int)OnnxDataType.Bool)).ShouldBe([1, 0, 1]);
        ElementwiseCheck.Evaluate("Cast", OnnxDataType.Double, [[65520, 1e-8, 0.1]], attributes: ("to", (int)OnnxDataType.Float16)).ShouldBe([double.PositiveInfinity, 0, 0.0999755859375]);
    }

    [Theory]
    [InlineData((int)OnnxDataType.Float8E4M3FN, 1, 448)]
    [InlineData((int)OnnxDataType.Float8E4M3FN, 0, double.NaN)]
    [InlineData((int)OnnxDataType.Float8E5M2, 1, 57344)]
    [InlineData((int)OnnxDataType.Float8E5M2, 0, double.PositiveInfinity)]
    public void SaturatesOnDemand(int to, int saturate, double expected) => ElementwiseCheck.Evaluate(
        "Cast", OnnxDataType.Float, [[1e6, double.PositiveInfinity]], attributes: [("to", to), ("saturate", saturate)]).ShouldBe([expected, expected]);

    [Theory]
    [InlineData("up", 4)]
    [InlineData("down", 2)]
    [InlineData("nearest", 4)]
    public void RoundsPowersOfTwo(string mode, double expected) => ElementwiseCheck.Evaluate(
        "Cast", OnnxDataType.Float, [[3]], attributes: [("to", (int)OnnxDataType.Float8E8M0), ("round_mode", mode)]).ShouldBe([expected]);

    [Fact]
    public void NarrowIntegersKeepTheirLowBits()
    {
        ElementwiseCheck.Evaluate("Cast", OnnxDataType.Int32, [[-1, 9, 17]], attributes: ("to", (int)OnnxDataType.Int4)).ShouldBe([-1, -7, 1]);
        ElementwiseCheck.Evaluate("Cast", OnnxDataType.Float, [[3.7, -1]], attributes: ("to", (int)OnnxDataType.UInt2)).ShouldBe([3, 3]);
    }

    [Fact]
    public void RefusesAnUnknownRounding() => OperatorCheck.Fails(new ModelBuilder(24)
        .Input("x", OnnxDataType.Float, 3).Node("Cast", ["x"], ["y"], ("to", (int)OnnxDataType.Float8E8M0), ("round_mode", "odd")).Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    [Fact]
    public void TakesTheNameOfTheTypeInOldOpsets() => ElementwiseCheck.Evaluate("Cast", OnnxDataType.Float, [[1.5]], opset: 1, attributes: ("to", "INT64")).ShouldBe([1]);

    [Fact]
    public void RemovesAConversionToTheSameType() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Node("Cast", ["x"], ["y"], ("to", 1)).Node("Exp", ["y"], ["z"]).Output("z")).ShouldBe(["Exp"]);

    [Theory]
    [InlineData(99)]
    [InlineData(-1)]
    public void RefusesOtherTargets(int to) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Node("Cast", ["x"], ["y"], ("to", to)).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
