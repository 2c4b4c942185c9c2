using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Checks com.microsoft.QLinearAdd and QLinearMul, which differ in nothing but the arithmetic.</summary>
internal static class BinaryCodesCheck
{
    private static readonly string[] _inputs = ["a", "as", "az", "b", "bs", "bz", "ys", "yz"];

    /// <summary>Runs the operator on codes of different scales, one operand a row that is broadcast.</summary>
    public static void Broadcasts(string op) => OperatorCheck.Run(
        Model().Input("a", OnnxDataType.UInt8, 3, 37).Input("b", OnnxDataType.UInt8, 37)
            .Quantization("a", 0.05f, 100).Quantization("b", 0.1f, 3).Quantization("y", 0.12f, 60)
            .Node("com.microsoft", op, _inputs, ["y"]).Output("y"), low: 0, high: 255, absolute: 1);

    /// <summary>Runs the operator with scales whose results are exact or ties: no code may differ in any width.</summary>
    public static void IsExactInAllWidths(string op) => OperatorCheck.Run(
        Model().Input("a", OnnxDataType.Int8, 3, 37).Input("b", OnnxDataType.Int8, 3, 37)
            .Quantization("a", 0.25f, 3, OnnxDataType.Int8).Quantization("b", 0.5f, -4, OnnxDataType.Int8).Quantization("y", 2f, 5, OnnxDataType.Int8)
            .Node("com.microsoft", op, _inputs, ["y"]).Output("y"), low: -128, high: 127, relative: 0, absolute: 0);

    /// <summary>The codes of [1, 3, 5, 250, 0] and other codes, both in steps of a half from 0; the result's zero point is 3.</summary>
    public static byte[] Codes(string op, byte[] other, float step)
    {
        Tensor codes = OperatorCheck.Interpret(Model()
            .RawInitializer("a", OnnxDataType.UInt8, [5], [1, 3, 5, 250, 0]).RawInitializer("b", OnnxDataType.UInt8, [5], other)
            .Quantization("a", 0.5f, 0).Quantization("b", 0.5f, 0).Quantization("y", step, 3)
            .Node("com.microsoft", op, _inputs, ["y"]).Output("y"));
        return codes.Bytes.ToArray();
    }

    /// <summary>Operands of different types are refused.</summary>
    public static void RefusesDifferentTypes(string op) => OperatorCheck.Fails(Model()
        .Input("a", OnnxDataType.UInt8, 3).Input("b", OnnxDataType.Int8, 3).Quantization("a", 1, 0).Quantization("b", 1, 0, OnnxDataType.Int8)
        .Node("com.microsoft", op, ["a", "as", "az", "b", "bs", "bz", "as", "az"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model() => new ModelBuilder().Import("com.microsoft", 1);
}
