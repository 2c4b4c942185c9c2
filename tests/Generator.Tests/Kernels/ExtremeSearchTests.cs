using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Positions of extreme elements are found with vectors, in rows and in columns, of all types.</summary>
public sealed class ExtremeSearchTests
{
    private static readonly OnnxDataType[] _types =
    [
        OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int64, OnnxDataType.UInt64, OnnxDataType.Int32, OnnxDataType.UInt32,
        OnnxDataType.Int16, OnnxDataType.UInt16, OnnxDataType.Int8, OnnxDataType.UInt8,
    ];

    /// <summary>Few different numbers, so that the largest occurs more than once; lengths that fill vectors and leave single elements.</summary>
    [Theory]
    [InlineData("ArgMax", 0)]
    [InlineData("ArgMax", 1)]
    [InlineData("ArgMin", 0)]
    [InlineData("ArgMin", 1)]
    public void OfAllTypes(string op, int last)
    {
        foreach ((long[] shape, long axis, string kernel) in new[] { (new long[] { 5, 16 }, 1L, ", rows"), ([3, 333], 1, ", rows"), ([19, 45], 0, ", columns"), ([2, 70, 4], 1, ", columns") })
        {
            var model = new ModelBuilder(opset: 20);
            foreach (OnnxDataType type in _types)
            {
                model.Input($"x{type}", type, shape).Node(op, [$"x{type}"], [$"y{type}"], ("axis", axis), ("select_last_index", last)).Output($"y{type}");
            }

            ScheduleCheck.Steps(model).ShouldAllBe(s => s.Kernel.EndsWith(kernel));
            OperatorCheck.Run(model, low: 0, high: 40);
        }
    }

    /// <summary>The only largest element is found wherever in a row it is, and NaN is passed over; a row of NaN has position 0.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void EveryPosition(int last)
    {
        const int Count = 71;
        byte[] model = new ModelBuilder(opset: 20).Input("x", OnnxDataType.Double, Count, Count).Node("ArgMax", ["x"], ["y"], ("axis", 1), ("keepdims", 0), ("select_last_index", last)).Output("y").ToBytes();
        double[] x = [.. Enumerable.Range(0, Count * Count).Select(static i => i % Count == i / Count ? 5.0 : i % 3 == 0 ? double.NaN : -i)];
        System.Array.Fill(x, double.NaN, 3 * Count, Count);
        Tensor input = Tensor.Create(ElementType.Float64, new Shape(Count, Count), x);
        OperatorCheck.RunOn(model, [input]);
        CompiledModel.Compile(model).Run([input])[0].AsSpan<long>().ToArray().ShouldBe(Enumerable.Range(0, Count).Select(static i => i == 3 ? 0L : i));
    }

    [Fact]
    public void LengthsOfTheRun()
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Int64, OnnxDataType.UInt8, OnnxDataType.Float })
        {
            foreach (long axis in new[] { 0L, 1L, 2L })
            {
                RunTimeSizesCheck.Run(
                    new ModelBuilder(opset: 20).Input("x", type, [3, "n", 21]).Node("ArgMax", ["x"], ["y"], ("axis", axis)).Output("y"),
                    "n=1..70",
                    ["n=1", "n=70", "n=37"]);
            }
        }
    }

    [Theory]
    [InlineData(2L, ", rows")]
    [InlineData(1L, ", columns")]
    [InlineData(0L, ", columns")]
    public void Hardmax(long axis, string kernel)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double })
        {
            ModelBuilder model = new ModelBuilder(opset: 20).Input("x", type, 3, 18, 37).Node("Hardmax", ["x"], ["y"], ("axis", axis)).Output("y");
            ScheduleCheck.Steps(model).Single().Kernel.ShouldEndWith(kernel);
            OperatorCheck.Run(model);
            RunTimeSizesCheck.Run(
                new ModelBuilder(opset: 20).Input("x", type, [3, "n", 21]).Node("Hardmax", ["x"], ["y"], ("axis", axis)).Output("y"),
                "n=1..40",
                ["n=1", "n=40", "n=17"]);
        }
    }
}
