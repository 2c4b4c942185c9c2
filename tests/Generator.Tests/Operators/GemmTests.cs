using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class GemmTests
{
    [Theory]
    [InlineData(1, 20, 10, false, false)]
    [InlineData(1, 256, 120, false, true)]
    [InlineData(5, 33, 16, true, false)]
    [InlineData(17, 8, 100, true, true)]
    [InlineData(1, 1, 1, false, false)]
    [InlineData(30, 64, 64, false, true)]
    public void ConstantWeights(int m, int k, int n, bool transA, bool transB) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, (long[])(transA ? [k, m] : [m, k]))
            .Initializer("b", transB ? [n, k] : [k, n], Weights.Random(k * n, 1))
            .Initializer("c", [n], Weights.Random(n, 2))
            .Node("Gemm", ["a", "b", "c"], ["y"], ("transA", transA ? 1 : 0), ("transB", transB ? 1 : 0))
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(new long[] { })]
    [InlineData(new long[] { 1 })]
    [InlineData(new long[] { 7, 1 })]
    [InlineData(new long[] { 1, 21 })]
    [InlineData(new long[] { 7, 21 })]
    public void FactorsAndBroadcastOfC(long[] shape) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, 7, 12)
            .Initializer("b", [12, 21], Weights.Random(12 * 21, 1))
            .Input("c", OnnxDataType.Float, shape)
            .Node("Gemm", ["a", "b", "c"], ["y"], ("alpha", 0.5f), ("beta", 2f))
            .Output("y"),
        absolute: 1e-4);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void WeightsKnownOnlyAtRunTime(bool transB) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Float, 6, 12)
            .Input("b", OnnxDataType.Float, (long[])(transB ? [19, 12] : [12, 19]))
            .Node("Gemm", ["a", "b"], ["y"], ("alpha", 1.5f), ("transB", transB ? 1 : 0))
            .Output("y"),
        absolute: 1e-4);

    [Fact]
    public void DoublePrecision() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Double, 3, 5)
            .Input("b", OnnxDataType.Double, 5, 4)
            .Input("c", OnnxDataType.Double, 4)
            .Node("Gemm", ["a", "b", "c"], ["y"], ("alpha", 0.5f), ("beta", 0.25f))
            .Output("y"));

    /// <summary>Factors and a C of each shape, with constant and run-time B; factors of integers are truncated at the end.</summary>
    [Theory]
    [InlineData(nameof(OnnxDataType.Double), false, 0.5f, 0.25f)]
    [InlineData(nameof(OnnxDataType.Double), true, 1f, 1f)]
    [InlineData(nameof(OnnxDataType.Int32), false, 1f, 1f)]
    [InlineData(nameof(OnnxDataType.Int32), true, 0.5f, 0.25f)]
    [InlineData(nameof(OnnxDataType.Int64), true, 1f, 1f)]
    [InlineData(nameof(OnnxDataType.UInt64), false, 1f, 1f)]
    public void OtherElements(string name, bool trans, float alpha, float beta)
    {
        OnnxDataType type = System.Enum.Parse<OnnxDataType>(name);
        foreach (long[] c in new long[][] { [], [37], [11, 1], [11, 37] })
        {
            OperatorCheck.Run(
                new ModelBuilder()
                    .Input("a", type, (long[])(trans ? [20, 11] : [11, 20]))
                    .Input("b", type, (long[])(trans ? [37, 20] : [20, 37]))
                    .Input("c", type, c)
                    .Node("Gemm", ["a", "b", "c"], ["y"], ("alpha", alpha), ("beta", beta), ("transA", trans ? 1 : 0), ("transB", trans ? 1 : 0))
                    .Output("y"),
                relative: 1e-12,
                absolute: 1e-10,
                low: 0,
                high: 50);
        }
    }

    /// <summary>
    /// One column or one row are dot products where the terms are neighbours; where the rows of a transposed A are, it is read in place as the matrix of a row.
    /// </summary>
    [Theory]
    [InlineData(21, 1, false, false, true)]
    [InlineData(21, 1, false, true, true)]
    [InlineData(21, 1, true, false, false)]
    [InlineData(37, 1, true, true, false)]
    [InlineData(1, 21, false, true, true)]
    [InlineData(1, 21, false, false, false)]
    public void SingleColumnsAndRows(int m, int n, bool transA, bool transB, bool dots)
    {
        foreach (long[] c in new long[][] { [], [n], [m, 1], [m, n] })
        {
            foreach (string type in new[] { nameof(OnnxDataType.Float), nameof(OnnxDataType.Double) })
            {
                OnnxDataType element = System.Enum.Parse<OnnxDataType>(type);
                ModelBuilder model = new ModelBuilder()
                    .Input("a", element, (long[])(transA ? [50, m] : [m, 50]))
                    .Input("b", element, (long[])(transB ? [n, 50] : [50, n]))
                    .Input("c", element, c)
                    .Node("Gemm", ["a", "b", "c"], ["g"], ("alpha", 0.5f), ("beta", 0.25f), ("transA", transA ? 1 : 0), ("transB", transB ? 1 : 0))
                    .Node("Relu", ["g"], ["y"])
                    .Output("y");
                ScheduleCheck.Steps(model).Any(static s => s is DotProductStep).ShouldBe(dots);
                OperatorCheck.Run(model, absolute: 1e-4);
            }
        }

        OperatorCheck.Run(
            new ModelBuilder()
                .Input("a", OnnxDataType.Float, (long[])(transA ? [50, m] : [m, 50]))
                .Initializer("b", transB ? [n, 50] : [50, n], Weights.Random(n * 50, 1))
                .Initializer("c", [n], Weights.Random(n, 2))
                .Node("Gemm", ["a", "b", "c"], ["y"], ("alpha", 0.5f), ("beta", 0.25f), ("transA", transA ? 1 : 0), ("transB", transB ? 1 : 0))
                .Output("y"),
            absolute: 1e-4);
    }

    /// <summary>Constant weights and C of f64, which are packed as they are.</summary>
    [Fact]
    public void DoubleWeights() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Double, 9, 20)
            .Initializer("b", [37, 20], Weights.Random(37 * 20, 1).Select(static w => (double)w).ToArray())
            .Initializer("c", [37], Weights.Random(37, 2).Select(static w => (double)w).ToArray())
            .Node("Gemm", ["a", "b", "c"], ["y"], ("alpha", 0.3f), ("beta", 0.7f), ("transB", 1))
            .Output("y"),
        relative: 1e-12,
        absolute: 1e-10);

    [Fact]
    public void OldBroadcastAttributeIsAccepted() => OperatorCheck.Run(
        new ModelBuilder(opset: 6)
            .Input("a", OnnxDataType.Float, 2, 5)
            .Initializer("b", [5, 4], Weights.Random(20, 1))
            .Initializer("c", [4], Weights.Random(4, 2))
            .Node("Gemm", ["a", "b", "c"], ["y"], ("broadcast", 1))
            .Output("y"));

    [Fact]
    public void InnerDimensionsMustAgree() => OperatorCheck.Fails(new ModelBuilder()
        .Input("a", OnnxDataType.Float, 2, 5)
        .Input("b", OnnxDataType.Float, 4, 4)
        .Node("Gemm", ["a", "b"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
