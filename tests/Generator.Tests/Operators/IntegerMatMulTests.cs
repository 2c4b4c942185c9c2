using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Products of codes whose zero point is known only at run time.</summary>
public sealed class IntegerMatMulTests
{
    /// <summary>As an exporter writes it, and as ONNX Runtime fuses it: sums are exact, whatever their length.</summary>
    [Theory]
    [InlineData(5, 33, 20, (int)OnnxDataType.Int8, 0)]
    [InlineData(1, 64, 48, (int)OnnxDataType.Int8, 3)]
    [InlineData(9, 300, 16, (int)OnnxDataType.UInt8, 90)]
    [InlineData(7, 1100, 17, (int)OnnxDataType.UInt8, 255)]
    public void OfDynamicallyQuantisedNumbers(int rows, int terms, int columns, int type, int zeroPoint)
    {
        ModelBuilder model = Weights(rows, terms, columns, (OnnxDataType)type, zeroPoint)
            .Node("DynamicQuantizeLinear", ["x"], ["q", "xs", "xz"]).Node("MatMulInteger", ["q", "w", "xz", "wz"], ["i"])
            .Node("Cast", ["i"], ["f"], ("to", 1)).Node("Mul", ["xs", "ws"], ["s"]).Node("Mul", ["f", "s"], ["m"]).Node("Add", ["m", "b"], ["y"]).Output("y");
        OperatorCheck.Run(model, relative: 1e-6);
        KernelOf(model).ShouldContain("of codes");
    }

    [Fact]
    public void FusedByExporters()
    {
        ModelBuilder model = Fused(9, 700, 35);
        OperatorCheck.Run(model, relative: 1e-6);
        KernelOf(model).ShouldContain("of codes");
    }

    [Theory]
    [InlineData((int)OnnxDataType.UInt8, 0)]
    [InlineData((int)OnnxDataType.Int8, 1)]
    public void OfZeroPointsThatAreInputs(int type, int transposed)
    {
        long[] dims = transposed == 1 ? [19, 300] : [300, 19];
        ModelBuilder model = new ModelBuilder().Import("com.microsoft", 1).Input("x", (OnnxDataType)type, 6, 300).Input("xz", (OnnxDataType)type).Initializer("xs", [], 0.1f)
            .RandomCodes("w", OnnxDataType.Int8, dims).Quantization("w", 0.01f, 0, OnnxDataType.Int8).RawInitializer("c", OnnxDataType.Int32, [19], [.. Enumerable.Range(0, 76).Select(static i => (byte)(i % 4 == 0 ? i : 0))]).Quantization("y", 5f, 9, (OnnxDataType)type)
            .Node("com.microsoft", "QGemm", ["x", "xs", "xz", "w", "ws", "wz", "c", "ys", "yz"], ["y"], ("transB", transposed)).Output("y");
        OperatorCheck.Run(model, low: type == (int)OnnxDataType.UInt8 ? 1 : -128, high: 127, absolute: 1);
        KernelOf(model).ShouldContain("of codes");
    }

    /// <summary>Without vectors sums are f32.</summary>
    [Fact]
    public void ProcessorsWithoutVectorsSumReals()
    {
        CompilerOptions options = new() { Isa = TargetIsa.TryParse("armv7")! };
        string code = string.Concat(ModelCompiler.Compile(ModelFile.FromBytes(Fused(3, 300, 5).ToBytes()), NoExternalData.Instance, options).Code!.Sources.Select(static f => f.Text));
        code.ShouldNotContain("Vector128");
        code.ShouldNotContain("double*");
    }

    private static ModelBuilder Fused(int rows, int terms, int columns) => Weights(rows, terms, columns, OnnxDataType.UInt8, 128)
        .Node("com.microsoft", "DynamicQuantizeMatMul", ["x", "w", "ws", "wz", "b"], ["y"]).Output("y");

    private static ModelBuilder Weights(int rows, int terms, int columns, OnnxDataType type, int zeroPoint) => new ModelBuilder().Import("com.microsoft", 1)
        .Input("x", OnnxDataType.Float, rows, terms).RandomCodes("w", type, terms, columns).Quantization("w", 0.01f, zeroPoint, type)
        .Initializer("b", [columns], Enumerable.Range(0, columns).Select(static i => 0.1f * i).ToArray());

    private static string KernelOf(ModelBuilder model) =>
        CompiledModel.Compile(model.ToBytes()).Result.Plan!.Schedule.Steps.Single(static s => s.Node?.Operator.Name == "IntegerMatMul").Kernel;
}
