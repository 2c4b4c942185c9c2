using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Windows one or two cells apart on plain tensors fill registers, in any number of dimensions and of all types.</summary>
public sealed class PoolColumnsTests
{
    [Theory]
    [InlineData("MaxPool", 2, 2, 0)]
    [InlineData("MaxPool", 3, 2, 1)]
    [InlineData("MaxPool", 3, 1, 1)]
    [InlineData("MaxPool", 4, 2, 1)]
    [InlineData("AveragePool", 2, 2, 0)]
    [InlineData("AveragePool", 3, 2, 1)]
    [InlineData("AveragePool", 3, 1, 1)]
    [InlineData("LpPool", 3, 2, 1)]
    public void Volumes(string op, int kernel, int stride, int pad)
    {
        foreach (OnnxDataType type in op == "MaxPool" ? new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.UInt8, OnnxDataType.Int8 } : [OnnxDataType.Float, OnnxDataType.Double])
        {
            foreach (long width in new long[] { 9, 37, 78 })
            {
                ModelBuilder model = new ModelBuilder(opset: 18)
                    .Input("x", type, 2, 3, 6, 7, width)
                    .Node(op, ["x"], ["y"], ("kernel_shape", Same(kernel)), ("strides", Same(stride)), ("pads", new long[] { pad, pad, pad, pad, pad, pad }))
                    .Output("y");
                bool vectors = stride == 1 || type != OnnxDataType.Double;
                ScheduleCheck.Steps(model).Last().Kernel.EndsWith(", columns").ShouldBe(vectors);
                OperatorCheck.Run(model, absolute: 1e-5, low: -9, high: 9);
            }
        }
    }

    /// <summary>Large windows are loops; widths of one dimension end where the memory does.</summary>
    [Theory]
    [InlineData(7, 2, 3)]
    [InlineData(2, 2, 0)]
    [InlineData(5, 2, 0)]
    [InlineData(40, 2, 5)]
    public void Lines(int kernel, int stride, int pad)
    {
        foreach (string op in new[] { "MaxPool", "AveragePool" })
        {
            OperatorCheck.Run(new ModelBuilder(opset: 18)
                .Input("x", OnnxDataType.Float, 2, 3, 89)
                .Input("d", OnnxDataType.Double, 2, 3, 89)
                .Node(op, ["x"], ["y"], ("kernel_shape", new long[] { kernel }), ("strides", new long[] { stride }), ("pads", new long[] { pad, pad })).Output("y")
                .Node(op, ["d"], ["z"], ("kernel_shape", new long[] { kernel }), ("pads", new long[] { pad, pad })).Output("z"));
        }
    }

    /// <summary>Each window holds its own number, worked out here, where most of the others' are.</summary>
    [Fact]
    public void EveryWindowHasItsOwnMaximum()
    {
        const int Width = 75;
        byte[] model = new ModelBuilder(opset: 18)
            .Input("x", OnnxDataType.Float, 1, 1, 4, 2, Width)
            .Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 2, 2, 3 }), ("strides", new long[] { 2, 2, 2 }))
            .Output("y")
            .ToBytes();
        float[] x = [.. Enumerable.Range(0, 4 * 2 * Width).Select(static i => (float)(i * 7919 % 1009))];
        x[30] = float.NegativeInfinity;
        float[] expected = [.. Enumerable.Range(0, 2 * 37).Select(w => Enumerable.Range(0, 12).Max(t =>
            x[(((2 * (w / 37)) + (t / 6)) * 2 * Width) + (t / 3 % 2 * Width) + (2 * (w % 37)) + (t % 3)]))];
        foreach (string isa in OperatorCheck.Isas)
        {
            CompiledModel.Compile(model, isa).Run([Tensor.Create(ElementType.Float32, new Shape(1, 1, 4, 2, Width), x)])[0].Floats().ToArray().ShouldBe(expected);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void LengthsOfTheRun(int stride)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.UInt8 })
        {
            RunTimeSizesCheck.Run(
                new ModelBuilder(opset: 18)
                    .Input("x", type, [2, 3, 5, "n"])
                    .Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { stride, stride }), ("pads", new long[] { 1, 1, 1, 1 }))
                    .Output("y"),
                "n=3..90",
                ["n=3", "n=90", "n=41"],
                low: 0,
                high: 100);
        }
    }

    private static long[] Same(int value) => [value, value, value];
}
