using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Products fetch the weights of their next columns while they compute some.</summary>
public sealed class WeightsAheadTests
{
    /// <summary>Some rows and more weights than the cache keeps; one row has nothing to do meanwhile, many rows have time, and few weights stay.</summary>
    [Theory]
    [InlineData(3, 256, 256, true)]
    [InlineData(22, 256, 256, true)]
    [InlineData(22, 128, 264, true)]
    [InlineData(1, 256, 256, false)]
    [InlineData(600, 256, 256, false)]
    [InlineData(22, 128, 128, false)]
    [InlineData(22, 4096, 16, false)]
    public void ProductsWithManyWeights(int rows, int terms, int columns, bool expected)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, rows, terms)
            .Initializer("w", [terms, columns], Weights.Random(terms * columns, 1))
            .Node("MatMul", ["x", "w"], ["y"])
            .Output("y");
        Fetches(model).ShouldBe(expected);
        OperatorCheck.Run(model, absolute: 1e-3);
    }

    /// <summary>What another step has just packed is in the cache.</summary>
    [Fact]
    public void WeightsOfTheRunAreNotFetched() => Fetches(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 22, 256)
        .Input("w", OnnxDataType.Float, 256, 256)
        .Node("MatMul", ["x", "w"], ["y"])
        .Output("y")).ShouldBeFalse();

    [Theory]
    [InlineData("rows=1..40", new[] { "rows=1", "rows=40", "rows=13" })]
    public void RowsOfTheRun(string ranges, string[] sizes)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["rows", 256])
            .Initializer("w", [256, 256], Weights.Random(256 * 256, 1))
            .Node("MatMul", ["x", "w"], ["y"])
            .Output("y");
        RunTimeSizesCheck.Run(model, ranges, sizes);
    }

    private static bool Fetches(ModelBuilder model) => CompiledModel.Compile(model.ToBytes(), "x86-64-v4")
        .Result.Sources.Any(static s => s.Text.Contains("CacheHint.Ahead", System.StringComparison.Ordinal));
}
