using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Emission;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>The node that <see cref="Optimization.AttentionFusionTests"/> find: here it is written into the model.</summary>
public sealed class ScaledDotProductAttentionTests
{
    /// <summary>Rows, features, keys, columns: tails of every kind, several blocks of rows, one row, one key, two runs of a sum.</summary>
    [Theory]
    [InlineData(7, 16, 16, 16)]
    [InlineData(5, 9, 37, 21)]
    [InlineData(30, 4, 1100, 7)]
    [InlineData(1, 24, 50, 32)]
    [InlineData(3, 8, 1, 5)]
    [InlineData(3, 2, 4500, 3)]
    public void MatchesTheOracle(int rows, int features, int keys, int columns)
    {
        ModelBuilder model = Model([2, rows, features], [2, features, keys], [2, keys, columns], ["q", "k", "v"], ("scale", 0.3f));
        OperatorCheck.Run(model, absolute: 1e-5);
        ScheduleCheck.Steps(model).OfType<AttentionStep>().Count().ShouldBe(1);
    }

    /// <summary>An odd number of heads has its rows in two parts each, if there are enough of them: two threads then have as many units.</summary>
    [Theory]
    [InlineData(1, 65, 2)]
    [InlineData(3, 30, 6)]
    [InlineData(2, 65, 2)]
    [InlineData(3, 20, 3)]
    [InlineData(9, 65, 9)]
    public void OddHeadsAreDivided(int heads, int rows, int units)
    {
        ModelBuilder model = Model([heads, rows, 8], [heads, 8, 37], [heads, 37, 20], ["q", "k", "v"]);
        OperatorCheck.Run(model, absolute: 1e-5);
        ScheduleCheck.Steps(model).OfType<AttentionStep>().Single().ParallelExtent(Simd.V512).Maximum.ShouldBe(units);
    }

    [Theory]
    [InlineData(6, 37)]
    [InlineData(1, 37)]
    [InlineData(6, 1)]
    public void AddsAMask(int maskRows, int maskKeys) => OperatorCheck.Run(
        Model([3, 6, 8], [3, 8, 37], [3, 37, 20], ["q", "k", "v", "m"]).Input("m", OnnxDataType.Float, maskRows, maskKeys), absolute: 1e-5);

    [Fact]
    public void FillsWhereTheMaskIsZero() => OperatorCheck.Run(
        Model([3, 6, 8], [3, 8, 4], [3, 4, 20], ["q", "k", "v", "m"], ("fill", float.NegativeInfinity))
            .Initializer("m", [3, 1, 4], 1f, 0f, 1f, 1f, 0f, 1f, 0f, 0f, 1f, 1f, 1f, 1f),
        absolute: 1e-5);

    /// <summary>Without the maximum the exponentials would overflow.</summary>
    [Fact]
    public void LargeScoresStayFinite() => OperatorCheck.Run(
        Model([2, 6, 8], [2, 8, 21], [2, 21, 16], ["q", "k", "v"], ("scale", 40f)), relative: 1e-3, absolute: 1e-3);

    [Fact]
    public void HeadsMayShareKeysAndValues() => OperatorCheck.Run(
        Model([2, 4, 6, 8], [2, 1, 8, 21], [2, 1, 21, 16], ["q", "k", "v"]), absolute: 1e-5);

    /// <summary>Heads, rows and keys that each run chooses: blocks of rows and of keys that are not whole, one row, one key, two runs of a sum.</summary>
    [Theory]
    [InlineData("batch=1..3;rows=1..40;keys=1..70", null, new[] { "batch=1;rows=1;keys=1", "batch=3;rows=40;keys=70", "batch=2;rows=13;keys=16", "batch=1;rows=25;keys=33" })]
    [InlineData("batch=1..2;rows=1..40;keys=1..70", new[] { "rows", "1" }, new[] { "batch=1;rows=1;keys=1", "batch=2;rows=40;keys=70", "batch=2;rows=7;keys=31", "batch=1;rows=12;keys=64" })]
    [InlineData("batch=1..2;rows=1..40;keys=1..70", new[] { "1", "keys" }, new[] { "batch=1;rows=1;keys=1", "batch=2;rows=40;keys=70", "batch=2;rows=7;keys=31", "batch=1;rows=12;keys=64" })]
    [InlineData("batch=1..2;rows=1..40;keys=1..70", new[] { "rows", "keys" }, new[] { "batch=1;rows=1;keys=1", "batch=2;rows=40;keys=70", "batch=2;rows=7;keys=31", "batch=1;rows=13;keys=29" })]
    [InlineData("batch=1..1;rows=1..6;keys=1..4500", null, new[] { "batch=1;rows=5;keys=4400", "batch=1;rows=6;keys=17" })]
    public void SizesOfTheRun(string ranges, string[]? mask, string[] sizes)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("q", OnnxDataType.Float, ["batch", 2, "rows", 8])
            .Input("k", OnnxDataType.Float, ["batch", 2, "keys", 8])
            .Input("v", OnnxDataType.Float, ["batch", 2, "keys", 20])
            .Initializer("scale", [], 0.4f)
            .Node("Transpose", ["k"], ["kt"], ("perm", new long[] { 0, 1, 3, 2 }))
            .Node("MatMul", ["q", "kt"], ["products"])
            .Node("Mul", ["products", "scale"], ["scaled"]);
        model = mask is not null
            ? model.Input("m", OnnxDataType.Float, ["batch", 1, .. mask.Select(static d => d == "1" ? (object)1 : d)]).Node("Add", ["scaled", "m"], ["scores"])
            : model.Node("Identity", ["scaled"], ["scores"]);
        model = model
            .Node("Softmax", ["scores"], ["weights"], ("axis", -1))
            .Node("MatMul", ["weights", "v"], ["heads"])
            .Node("Transpose", ["heads"], ["y"], ("perm", new long[] { 0, 2, 1, 3 }))
            .Output("y");
        ScheduleCheck.Steps(model, new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges) }).OfType<AttentionStep>().Count().ShouldBe(1);
        RunTimeSizesCheck.Run(model, ranges, sizes);
    }

    [Fact]
    public void RefusesOperandsThatDoNotFit() => OperatorCheck.Fails(
        Model([2, 6, 8], [2, 7, 21], [2, 21, 16], ["q", "k", "v"])).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void RefusesNoKeys() => OperatorCheck.Fails(
        Model([2, 6, 8], [2, 8, 0], [2, 0, 16], ["q", "k", "v"])).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model(long[] q, long[] k, long[] v, string[] inputs, params (string, object)[] attributes) => new ModelBuilder()
        .Import("aotcompiler.internal", 1)
        .Input("q", OnnxDataType.Float, q)
        .Input("k", OnnxDataType.Float, k)
        .Input("v", OnnxDataType.Float, v)
        .Node("aotcompiler.internal", "ScaledDotProductAttention", inputs, ["y"], attributes)
        .Output("y");
}
