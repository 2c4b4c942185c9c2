using System.Collections.Generic;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class ScatterNDTests
{
    [Theory]
    [InlineData("none", new long[] { 6, 1 }, new long[] { 6, 4, 17 })]
    [InlineData("add", new long[] { 5, 2 }, new long[] { 5, 17 })]
    [InlineData("mul", new long[] { 2, 3, 3 }, new long[] { 2, 3 })]
    [InlineData("max", new long[] { 3, 2 }, new long[] { 3, 17 })]
    [InlineData("min", new long[] { 7, 3 }, new long[] { 7 })]
    [InlineData("none", new long[] { 0, 2 }, new long[] { 0, 17 })]
    public void WritesTuples(string reduction, long[] indices, long[] updates)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Int32, OnnxDataType.UInt8 })
        {
            OperatorCheck.Run(
                new ModelBuilder()
                    .Input("x", type, 3, 4, 17)
                    .Input("i", OnnxDataType.Int64, indices)
                    .Input("u", type, updates)
                    .Node("ScatterND", ["x", "i", "u"], ["y"], ("reduction", reduction))
                    .Output("y"),
                low: type == OnnxDataType.UInt8 ? 0 : -3,
                high: 3);
        }
    }

    [Fact]
    public void RefusesUpdatesOfAnotherShape() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4, 3)
        .Input("i", OnnxDataType.Int64, 2, 1)
        .Input("u", OnnxDataType.Float, 2, 2)
        .Node("ScatterND", ["x", "i", "u"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    /// <summary>Rows of updates are joined with vectors and single elements; some meet the same row.</summary>
    [Theory]
    [InlineData("add")]
    [InlineData("mul")]
    [InlineData("min")]
    [InlineData("max")]
    public void JoinsRows(string reduction)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.Int8 })
        {
            OperatorCheck.Run(new ModelBuilder(opset: 18)
                .Input("x", type, 4, 37)
                .Input("u", type, 5, 37)
                .Initializer("i", [5, 1], 2L, 0L, 2L, 3L, 2L)
                .Node("ScatterND", ["x", "i", "u"], ["y"], ("reduction", reduction))
                .Output("y"));
        }
    }

    /// <summary>Constant tuples that walk through a slice are a copy into it; their numbers are not even stored.</summary>
    [Theory]
    [InlineData("2:7:2 0:5", new long[] { 3, 5 })]
    [InlineData("1:2 2:5 -3:9:2", new long[] { 1, 3, 2 })]
    [InlineData("0:7 1:2 4:9", new long[] { 7, 5 })]
    [InlineData("3:4", new long[] { 1 })]
    [InlineData("0:7 0:5 0:9", new long[] { 1, 7, 5, 1, 9 })]
    public void SlicesAreCopied(string slice, long[] tuples)
    {
        ModelBuilder model = Assignment(Tuples(slice), tuples);
        OperatorCheck.Run(model);
        ScheduleCheck.Steps(model).ShouldAllBe(static s => s is CopyStep);
        ScheduleCheck.Steps(model).SelectMany(static s => s.Reads).ShouldAllBe(static v => v.Type == ElementType.Float32);
    }

    /// <summary>Tuples in another order, or some twice, are written one after the other.</summary>
    [Theory]
    [InlineData(new long[] { 2, 1, 0 })]
    [InlineData(new long[] { 0, 1, 1 })]
    [InlineData(new long[] { 0, 1, 3 })]
    public void OtherTuplesAreScattered(long[] rows)
    {
        ModelBuilder model = Assignment(rows, [3]);
        OperatorCheck.Run(model);
        ScheduleCheck.Steps(model).Count(static s => s is ScatterStep).ShouldBe(1);
    }

    /// <summary>Columns before rows are no slice in the order of the axes.</summary>
    [Fact]
    public void TransposedTuplesAreScattered()
    {
        long[] columnsFirst = Enumerable.Range(0, 6).SelectMany(static i => new long[] { i % 3, i / 3 }).ToArray();
        ModelBuilder model = Assignment(columnsFirst, [2, 3]);
        OperatorCheck.Run(model);
        ScheduleCheck.Steps(model).Count(static s => s is ScatterStep).ShouldBe(1);
    }

    private static ModelBuilder Assignment(long[] indices, long[] tuples)
    {
        long count = tuples.Aggregate(1L, static (a, b) => a * b);
        return new ModelBuilder()
            .Input("x", OnnxDataType.Float, 7, 5, 9)
            .Input("v", OnnxDataType.Float, [.. tuples, .. new long[] { 7, 5, 9 }.Skip((int)(indices.Length / count))])
            .Initializer("i", [.. tuples, indices.Length / count], indices)
            .Node("ScatterND", ["x", "i", "v"], ["y"])
            .Output("y");
    }

    /// <summary>The index tuples of a slice such as <c>1:7:2 -3:9</c>, row-major.</summary>
    private static long[] Tuples(string slice)
    {
        IEnumerable<long[]> tuples = [[]];
        foreach (string range in slice.Split(' '))
        {
            int[] numbers = range.Split(':').Select(int.Parse).ToArray();
            int start = numbers[0] < 0 ? numbers[0] + numbers[1] : numbers[0];
            int step = numbers.Length == 3 ? numbers[2] : 1;
            long[] values = Enumerable.Range(0, (numbers[1] - start + step - 1) / step).Select(i => (long)(start + (i * step) - (numbers[0] < 0 ? numbers[1] : 0))).ToArray();
            tuples = tuples.SelectMany(_ => values, static (tuple, value) => tuple.Append(value).ToArray()).ToArray();
        }

        return tuples.SelectMany(static t => t).ToArray();
    }
}
