using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class AveragePoolTests
{
    /// <summary>A mean over a large window is the mean of its rows' means, since all rows have as many cells inside the input.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    public void LargeWindowsAreSeparated(int countPadding, int ceil)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 18, 19, 20)
            .Node("AveragePool", ["x"], ["y"], ("kernel_shape", new long[] { 9, 7 }), ("strides", new long[] { 1, 2 }), ("pads", new long[] { 4, 3, 3, 2 }), ("count_include_pad", countPadding), ("ceil_mode", ceil))
            .Output("y");
        ScheduleCheck.Steps(model).Count(static s => s is PoolStep).ShouldBe(2);
        OperatorCheck.Run(model);
    }

    [Theory]
    [InlineData(new long[] { 1, 2, 9, 9 }, new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 1, 1, 1, 1 }, new long[] { 1, 1 }, 0, 0)]
    [InlineData(new long[] { 1, 2, 9, 9 }, new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 1, 1, 1, 1 }, new long[] { 1, 1 }, 0, 1)]
    [InlineData(new long[] { 2, 3, 7, 41 }, new long[] { 3, 3 }, new long[] { 1, 1 }, new long[] { 1, 1, 1, 1 }, new long[] { 1, 1 }, 0, 0)]
    [InlineData(new long[] { 1, 1, 8, 8 }, new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 0, 0, 1, 1 }, new long[] { 1, 1 }, 1, 1)]
    [InlineData(new long[] { 1, 1, 12, 13 }, new long[] { 2, 3 }, new long[] { 2, 3 }, new long[] { 1, 0, 0, 2 }, new long[] { 3, 2 }, 1, 0)]
    [InlineData(new long[] { 1, 1, 40, 40 }, new long[] { 20, 20 }, new long[] { 9, 9 }, new long[] { 3, 3, 3, 3 }, new long[] { 1, 1 }, 0, 1)]
    [InlineData(new long[] { 1, 3, 33 }, new long[] { 4 }, new long[] { 1 }, new long[] { 1, 2 }, new long[] { 1 }, 0, 0)]
    [InlineData(new long[] { 1, 2, 5, 6, 7 }, new long[] { 3, 2, 3 }, new long[] { 2, 1, 1 }, new long[] { 1, 0, 1, 1, 1, 1 }, new long[] { 1, 1, 2 }, 0, 1)]
    public void AveragesWindows(long[] shape, long[] kernel, long[] strides, long[] pads, long[] dilations, int ceil, int include)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double })
        {
            OperatorCheck.Run(new ModelBuilder()
                .Input("x", type, shape)
                .Node(
                    "AveragePool",
                    ["x"],
                    ["y"],
                    ("kernel_shape", kernel),
                    ("strides", strides),
                    ("pads", pads),
                    ("dilations", dilations),
                    ("ceil_mode", ceil),
                    ("count_include_pad", include))
                .Output("y"));
        }
    }

    [Theory]
    [InlineData(0, 1.5f)]
    [InlineData(1, 1f)]
    public void CountsPaddingOnRequest(int include, float expected)
    {
        ModelBuilder model = new ModelBuilder(opset: 7)
            .Input("x", OnnxDataType.Float, 1, 1, 2)
            .Node("AveragePool", ["x"], ["y"], ("kernel_shape", new long[] { 3 }), ("pads", new long[] { 1, 1 }), ("count_include_pad", include))
            .Output("y");
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(1, 1, 2), [1f, 2f]);
        GraphInterpreter.Run(OperatorCheck.Import(model.ToBytes()), [x])[0].Floats().ToArray().ShouldBe([expected, expected]);
    }
}
