using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Reductions of all types run on vectors, along rows and with one column for each lane; integers wrap around as single ones do.</summary>
public sealed class NativeReductionTests
{
    private static readonly OnnxDataType[] _extrema =
    [
        OnnxDataType.Double, OnnxDataType.Int64, OnnxDataType.UInt64, OnnxDataType.Int32, OnnxDataType.UInt32,
        OnnxDataType.Int16, OnnxDataType.UInt16, OnnxDataType.Int8, OnnxDataType.UInt8, OnnxDataType.Bool,
    ];

    private static readonly OnnxDataType[] _numbers = [.. _extrema.Where(static t => t != OnnxDataType.Bool)];

    /// <summary>Numbers that use up most of a type's range, so that sums and squares run over.</summary>
    [Theory]
    [InlineData("ReduceMax", 1)]
    [InlineData("ReduceMin", 1)]
    [InlineData("ReduceMax", 0)]
    [InlineData("ReduceMin", 0)]
    [InlineData("ReduceSum", 1)]
    [InlineData("ReduceSum", 0)]
    [InlineData("ReduceProd", 1)]
    [InlineData("ReduceProd", 0)]
    [InlineData("ReduceMean", 1)]
    [InlineData("ReduceMean", 0)]
    [InlineData("ReduceL1", 1)]
    [InlineData("ReduceL1", 0)]
    [InlineData("ReduceL2", 1)]
    [InlineData("ReduceL2", 0)]
    [InlineData("ReduceSumSquare", 1)]
    [InlineData("ReduceSumSquare", 0)]
    public void AllTypesAndLengths(string op, long axis)
    {
        bool extremum = op is "ReduceMax" or "ReduceMin";
        long[][] shapes = axis == 1 ? [[3, 16], [2, 133], [2, 1029]] : [[3, 16], [19, 133], [5, 300]];
        foreach (long[] shape in shapes)
        {
            var model = new ModelBuilder(opset: 20).Initializer("axes", [1], axis);
            foreach (OnnxDataType type in extremum ? _extrema : _numbers)
            {
                model.Input($"x{type}", type, shape).Node(op, [$"x{type}", "axes"], [$"y{type}"]).Output($"y{type}");
            }

            ScheduleCheck.Steps(model).ShouldAllBe(s => s.Kernel.EndsWith(axis == 1 ? ", rows" : ", columns"));
            OperatorCheck.RunOn(model.ToBytes(), [.. OperatorCheck.Import(model.ToBytes()).Inputs.Select(v => Numbers(v, op))], relative: 1e-12, absolute: 1e-12);
        }
    }

    [Theory]
    [InlineData("ReduceLogSum")]
    [InlineData("ReduceLogSumExp")]
    public void LogarithmsOfColumns(string op)
    {
        ModelBuilder model = new ModelBuilder(opset: 20).Input("x", OnnxDataType.Double, 2, 37, 21).Initializer("axes", [1], 1L).Node(op, ["x", "axes"], ["y"]).Output("y");
        ScheduleCheck.Steps(model).Single().Kernel.ShouldEndWith(", columns");
        OperatorCheck.Run(model, relative: 1e-13, absolute: 1e-13, low: 1, high: 800);
    }

    /// <summary>NaN wins in whichever lane it is, +∞ and -∞ count as numbers.</summary>
    [Theory]
    [InlineData("ReduceMax", 0)]
    [InlineData("ReduceMin", 0)]
    [InlineData("ReduceMax", 1)]
    [InlineData("ReduceMin", 1)]
    public void NaNWins(string op, int axis)
    {
        const int Rows = 9;
        const int Columns = 23;
        byte[] model = new ModelBuilder(opset: 20).Input("x", OnnxDataType.Double, Rows, Columns).Initializer("axes", [1], (long)axis).Node(op, ["x", "axes"], ["y"], ("keepdims", 0)).Output("y").ToBytes();
        double[] x = [.. Enumerable.Range(0, Rows * Columns).Select(static i => (double)(i * 37 % 101))];
        (x[(2 * Columns) + 5], x[(4 * Columns) + 22], x[(7 * Columns) + 1]) = (double.NaN, double.PositiveInfinity, double.NegativeInfinity);
        Tensor input = Tensor.Create(ElementType.Float64, new Shape(Rows, Columns), x);
        OperatorCheck.RunOn(model, [input]);
        double[][] slices = axis == 1
            ? [.. x.Chunk(Columns)]
            : [.. Enumerable.Range(0, Columns).Select(c => x.Where((_, i) => i % Columns == c).ToArray())];
        double[] expected = [.. slices.Select(s => s.Any(double.IsNaN) ? double.NaN : op == "ReduceMax" ? s.Max() : s.Min())];
        CompiledModel.Compile(model).Run([input])[0].AsSpan<double>().ToArray().ShouldBe(expected);
    }

    /// <summary>Sums of i32 keep the low 32 bits, those of u8 neither more nor fewer than a byte; a mean takes the sum as a whole.</summary>
    [Fact]
    public void IntegersWrapAround()
    {
        const int Count = 133;
        int[] x = [.. Enumerable.Range(0, 7 * Count).Select(static i => unchecked(i * (int)2654435761))];
        byte[] model = new ModelBuilder(opset: 20)
            .Input("x", OnnxDataType.Int32, 7, Count)
            .Initializer("axes", [1], 1L)
            .Node("ReduceSum", ["x", "axes"], ["sum"], ("keepdims", 0)).Output("sum")
            .Node("ReduceMean", ["x", "axes"], ["mean"], ("keepdims", 0)).Output("mean")
            .Node("ReduceProd", ["x", "axes"], ["product"], ("keepdims", 0)).Output("product")
            .ToBytes();
        Tensor[] actual = [.. CompiledModel.Compile(model).Run([Tensor.Create(ElementType.Int32, new Shape(7, Count), x)])];
        int[][] rows = [.. x.Chunk(Count)];
        actual[0].AsSpan<int>().ToArray().ShouldBe(rows.Select(static r => unchecked((int)r.Sum(static e => (long)e))));
        actual[1].AsSpan<int>().ToArray().ShouldBe(rows.Select(static r => (int)(r.Sum(static e => (long)e) / Count)));
        actual[2].AsSpan<int>().ToArray().ShouldBe(rows.Select(static r => r.Aggregate(1, static (p, e) => unchecked(p * e))));
    }

    [Fact]
    public void EmptyAxesAndLengthsOfTheRun()
    {
        OperatorCheck.Run(new ModelBuilder(opset: 20)
            .Input("x", OnnxDataType.Int8, 3, 0, 40).Initializer("axes", [1], 1L)
            .Node("ReduceMax", ["x", "axes"], ["y"]).Output("y")
            .Node("ReduceSum", ["x", "axes"], ["z"]).Output("z"));
        foreach (OnnxDataType type in new[] { OnnxDataType.Int64, OnnxDataType.Int32, OnnxDataType.UInt8, OnnxDataType.Double })
        {
            foreach (long axis in new[] { 0L, 1L, 2L })
            {
                RunTimeSizesCheck.Run(
                    new ModelBuilder(opset: 20).Input("x", type, [3, "n", 21]).Initializer("axes", [1], axis).Node("ReduceMax", ["x", "axes"], ["y"]).Output("y"),
                    "n=1..70",
                    ["n=1", "n=70", "n=37"]);
            }
        }
    }

    private static Tensor Numbers(Value value, string op)
    {
        (float low, float high) = (value.Type, op) switch
        {
            (ElementType.Int8, _) => (-128f, 127.9f),
            (ElementType.UInt8, _) => (0f, 255.9f),
            (ElementType.Int16, _) => (-32768f, 32767f),
            (ElementType.UInt16, _) => (0f, 65535f),
            (ElementType.Int32, "ReduceL2") => (-30000f, 30000f),
            (ElementType.Int32, _) => (-2.1e9f, 2.1e9f),
            (ElementType.UInt32, "ReduceL2") => (0f, 60000f),
            (ElementType.UInt32, _) => (0f, 4.2e9f),
            (ElementType.Int64, "ReduceMax" or "ReduceMin") => (-9e18f, 9e18f),
            (ElementType.UInt64, "ReduceMax" or "ReduceMin") => (0f, 1.8e19f),
            (ElementType.Int64, _) => (-4e7f, 4e7f),
            (ElementType.UInt64, _) => (0f, 4e7f),
            _ => (-2f, 2f),
        };
        return OperatorCheck.RandomTensor(value, new Random(7), low, high);
    }
}
