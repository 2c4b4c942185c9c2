using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Sorting and selecting by keys of numbers with their positions.</summary>
public sealed class RankStepTests
{
    private static readonly OnnxDataType[] _types =
    [
        OnnxDataType.Float, OnnxDataType.Int32, OnnxDataType.UInt32, OnnxDataType.Int16, OnnxDataType.UInt16, OnnxDataType.Int8, OnnxDataType.UInt8,
    ];

    /// <summary>Few different numbers, so that positions decide; slices that are merged, distributed, selected and kept in a heap, in rows and apart.</summary>
    [Theory]
    [InlineData(1, 2, 2, "sorted keys")]
    [InlineData(1, 130, 130, "sorted keys")]
    [InlineData(1, 700, 700, "sorted keys")]
    [InlineData(1, 700, 40, "sorted keys")]
    [InlineData(1, 300, 38, "sorted keys")]
    [InlineData(1, 128, 32, "sorted keys")]
    [InlineData(1, 128, 16, ", heap")]
    [InlineData(1, 300, 20, ", heap")]
    [InlineData(1, 700, 16, "heap of keys")]
    [InlineData(1, 9000, 270, "heap of keys")]
    [InlineData(0, 33, 33, "sorted keys")]
    [InlineData(0, 600, 16, "heap of keys")]
    public void OfAllTypes(int axis, int length, int k, string kernel)
    {
        foreach (long largest in new[] { 0L, 1L })
        {
            long[] shape = axis == 1 ? [2, length] : [length, 3];
            var model = new ModelBuilder().Initializer("k", [1], (long)k);
            foreach (OnnxDataType type in _types)
            {
                model.Input($"x{type}", type, shape)
                    .Node("TopK", [$"x{type}", "k"], [$"y{type}", $"at{type}"], ("axis", axis), ("largest", largest))
                    .Output($"y{type}").Output($"at{type}");
            }

            ScheduleCheck.Steps(model).ShouldAllBe(s => s.Kernel.EndsWith(kernel));
            OperatorCheck.Run(model, low: 0, high: 99);
        }
    }

    /// <summary>Of 0 and -0 the earlier is first, and each stays what it is; infinities are numbers, NaN is below them.</summary>
    [Theory]
    [InlineData(1, 4)]
    [InlineData(0, 4)]
    [InlineData(1, 900)]
    [InlineData(0, 900)]
    public void SpecialNumbers(int largest, int repeats)
    {
        float[] some = [0f, -0f, float.NaN, 1e-40f, float.PositiveInfinity, -3f, float.NegativeInfinity, -1e-40f, float.MaxValue, -0f, 7f];
        float[] x = [.. Enumerable.Range(0, repeats).SelectMany(_ => some)];
        foreach (int k in new[] { x.Length, x.Length / 5, Math.Max(1, x.Length / 50) })
        {
            byte[] model = new ModelBuilder()
                .Input("x", OnnxDataType.Float, x.Length)
                .Initializer("k", [1], (long)k)
                .Node("TopK", ["x", "k"], ["y", "at"], ("largest", largest))
                .Output("y").Output("at")
                .ToBytes();
            int[] order = [.. Enumerable.Range(0, x.Length).OrderBy(i => float.IsNaN(x[i]) ? 0 : 1).ThenBy(i => float.IsNaN(x[i]) ? 0 : x[i] + 0f)];
            if (largest == 1)
            {
                order = [.. Enumerable.Range(0, x.Length).OrderByDescending(i => float.IsNaN(x[i]) ? 0 : 1).ThenByDescending(i => float.IsNaN(x[i]) ? 0 : x[i] + 0f)];
            }

            foreach (string isa in OperatorCheck.Isas)
            {
                Tensor[] actual = [.. CompiledModel.Compile(model, isa).Run([Tensor.Create(ElementType.Float32, new Shape(x.Length), x)])];
                if (k >= 16 || k == x.Length)
                {
                    actual[1].AsSpan<long>().ToArray().ShouldBe(order.Take(k).Select(static i => (long)i));
                    actual[0].Floats().ToArray().Select(BitConverter.SingleToInt32Bits).ShouldBe(order.Take(k).Select(i => BitConverter.SingleToInt32Bits(x[i])));
                }
            }
        }
    }

    [Fact]
    public void LengthsOfTheRun() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, [3, "n"]).Initializer("k", [1], 20L).Node("TopK", ["x", "k"], ["y", "at"], ("axis", 1)).Output("y").Output("at"),
        "n=20..600",
        ["n=20", "n=21", "n=599"]);
}
