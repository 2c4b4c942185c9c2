using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MatMulTests
{
    [Theory]
    [InlineData(new long[] { 7, 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 7, 20 }, new long[] { 20 })]
    [InlineData(new long[] { 20 }, new long[] { 20 })]
    [InlineData(new long[] { 2, 3, 7, 20 }, new long[] { 20, 32 })]
    [InlineData(new long[] { 2, 3, 7, 20 }, new long[] { 2, 3, 20, 9 })]
    [InlineData(new long[] { 2, 1, 7, 20 }, new long[] { 3, 20, 9 })]
    [InlineData(new long[] { 7, 20 }, new long[] { 4, 20, 16 })]
    public void RunTimeOperands(long[] a, long[] b) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, a)
            .Input("b", OnnxDataType.Float, b)
            .Node("MatMul", ["a", "b"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(new long[] { 7, 20 }, new long[] { 20, 33 })]
    [InlineData(new long[] { 4, 3, 20 }, new long[] { 20, 48 })]
    [InlineData(new long[] { 3, 20 }, new long[] { 2, 20, 5 })]
    [InlineData(new long[] { 3, 20 }, new long[] { 20 })]
    public void ConstantRightOperand(long[] a, long[] b)
    {
        long count = 1;
        foreach (long d in b)
        {
            count *= d;
        }

        OperatorCheck.Run(
            new ModelBuilder()
                .Input("a", OnnxDataType.Float, a)
                .Initializer("b", b, Weights.Random(count, 3))
                .Node("MatMul", ["a", "b"], ["y"])
                .Output("y"),
            absolute: 1e-4);
    }

    /// <summary>Few outputs have several sums each: terms that do not divide by their number, blocks that are not whole.</summary>
    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(1, 7, 5)]
    [InlineData(1, 19, 16)]
    [InlineData(1, 35, 33)]
    [InlineData(1, 64, 80)]
    [InlineData(2, 21, 16)]
    [InlineData(3, 18, 10)]
    public void FewOutputs(int m, int k, int n) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, m, k)
            .Initializer("b", [k, n], Weights.Random(k * n, 5))
            .Node("MatMul", ["a", "b"], ["p"])
            .Initializer("bias", [n], Weights.Random(n, 6))
            .Node("Add", ["p", "bias"], ["y"])
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 2)]
    public void CostlyFunctionsRunInASingleRowsProductOnly(int m, int steps)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("a", OnnxDataType.Float, m, 20)
            .Initializer("b", [20, 33], Weights.Random(20 * 33, 3))
            .Node("MatMul", ["a", "b"], ["p"])
            .Node("Tanh", ["p"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-4);
        ScheduleCheck.Steps(model).Count.ShouldBe(steps);
    }

    [Fact]
    public void Integers() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Int32, 2, 3, 4)
            .Input("b", OnnxDataType.Int32, 4, 5)
            .Node("MatMul", ["a", "b"], ["y"])
            .Output("y"),
        low: -50,
        high: 50);

    [Fact]
    public void InnerDimensionsMustAgree() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2, 5)
        .Input("b", OnnxDataType.Float, 4, 4)
        .Node("MatMul", ["a", "b"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>
    /// Behind every register of a tile, long chains are more locals than the just-in-time compiler keeps track of: they are a loop over the
    /// tile's sums, also of a last block whose lanes are not all real.
    /// </summary>
    [Theory]
    [InlineData(2, 64, false)]
    [InlineData(4, 64, true)]
    [InlineData(4, 72, true)]
    [InlineData(4, 69, true)]
    public void LongChainsRunOnStagedSums(int functions, int columns, bool staged)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 29, 24)
            .Initializer("w", [24, columns], Weights.Random(24 * columns, 1))
            .Node("MatMul", ["x", "w"], ["v0"]);
        for (int i = 0; i < functions; i++)
        {
            model.Input($"r{i}", OnnxDataType.Float, i % 2 == 0 ? new long[] { 29, columns } : new long[] { columns }).Node(i % 2 == 0 ? "Add" : "Mul", [$"v{i}", $"r{i}"], [$"v{i + 1}"]);
        }

        model.Node("Identity", [$"v{functions}"], ["y"]).Output("y");
        CompiledModel.Compile(model.ToBytes(), "x86-64-v4").Result.Sources.Any(static s => s.Text.Contains("sums of a tile", System.StringComparison.Ordinal)).ShouldBe(staged);
        OperatorCheck.Run(model, absolute: 1e-4);
    }
}
