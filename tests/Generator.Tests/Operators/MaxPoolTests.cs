using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MaxPoolTests
{
    [Theory]
    [InlineData(new long[] { 1, 2, 9, 9 }, new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 1, 1, 1, 1 }, new long[] { 1, 1 }, 0)]
    [InlineData(new long[] { 2, 3, 7, 41 }, new long[] { 3, 3 }, new long[] { 1, 1 }, new long[] { 1, 1, 1, 1 }, new long[] { 1, 1 }, 0)]
    [InlineData(new long[] { 1, 1, 8, 8 }, new long[] { 3, 3 }, new long[] { 2, 2 }, new long[] { 0, 0, 0, 0 }, new long[] { 1, 1 }, 1)]
    [InlineData(new long[] { 1, 1, 12, 13 }, new long[] { 2, 3 }, new long[] { 1, 3 }, new long[] { 1, 0, 0, 2 }, new long[] { 3, 2 }, 0)]
    [InlineData(new long[] { 1, 1, 4, 4 }, new long[] { 7, 7 }, new long[] { 1, 1 }, new long[] { 3, 3, 3, 3 }, new long[] { 1, 1 }, 0)]
    [InlineData(new long[] { 1, 3, 33 }, new long[] { 4 }, new long[] { 1 }, new long[] { 1, 2 }, new long[] { 1 }, 0)]
    [InlineData(new long[] { 1, 3, 33 }, new long[] { 5 }, new long[] { 3 }, new long[] { 1, 2 }, new long[] { 2 }, 1)]
    [InlineData(new long[] { 1, 2, 5, 6, 7 }, new long[] { 3, 2, 3 }, new long[] { 2, 1, 1 }, new long[] { 1, 0, 1, 1, 1, 1 }, new long[] { 1, 1, 2 }, 0)]
    [InlineData(new long[] { 0, 2, 5, 5 }, new long[] { 3, 3 }, new long[] { 1, 1 }, new long[] { 0, 0, 0, 0 }, new long[] { 1, 1 }, 0)]
    public void SlidesWindows(long[] shape, long[] kernel, long[] strides, long[] pads, long[] dilations, int ceil) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, shape)
        .Node("MaxPool", ["x"], ["y"], ("kernel_shape", kernel), ("strides", strides), ("pads", pads), ("dilations", dilations), ("ceil_mode", ceil))
        .Output("y"));

    /// <summary>Large windows are one pass along the last dimension and one along the others.</summary>
    [Theory]
    [InlineData(new long[] { 1, 18, 20, 20 }, new long[] { 13, 13 }, new long[] { 1, 1 }, new long[] { 6, 6, 6, 6 }, 0, 2)]
    [InlineData(new long[] { 2, 3, 17, 40 }, new long[] { 5, 7 }, new long[] { 1, 2 }, new long[] { 0, 3, 4, 1 }, 0, 2)]
    [InlineData(new long[] { 1, 2, 25, 26 }, new long[] { 9, 9 }, new long[] { 2, 2 }, new long[] { 1, 2, 0, 1 }, 1, 2)]
    [InlineData(new long[] { 1, 2, 9, 10, 11 }, new long[] { 3, 3, 5 }, new long[] { 1, 1, 1 }, new long[] { 1, 1, 2, 1, 1, 2 }, 0, 2)]
    [InlineData(new long[] { 1, 18, 20, 20 }, new long[] { 3, 3 }, new long[] { 1, 1 }, new long[] { 1, 1, 1, 1 }, 0, 1)]
    [InlineData(new long[] { 1, 18, 21, 21 }, new long[] { 7, 7 }, new long[] { 7, 7 }, new long[] { 0, 0, 0, 0 }, 0, 1)]
    public void LargeWindowsAreSeparated(long[] shape, long[] kernel, long[] strides, long[] pads, int ceil, int passes)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, shape)
            .Node("MaxPool", ["x"], ["y"], ("kernel_shape", kernel), ("strides", strides), ("pads", pads), ("ceil_mode", ceil))
            .Output("y");
        ScheduleCheck.Steps(model).Count(static s => s is PoolStep).ShouldBe(passes);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void LargeWindowsOfNamedSame() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 1, 3, 14, 15)
        .Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 6, 9 }), ("auto_pad", "SAME_LOWER"))
        .Output("y"));

    [Theory]
    [InlineData(new long[] { 1, 2, 5, 5 }, 0)]
    [InlineData(new long[] { 2, 2, 4, 5, 6 }, 0)]
    [InlineData(new long[] { 2, 2, 4, 5, 6 }, 1)]
    [InlineData(new long[] { 1, 3, 9 }, 1)]
    [InlineData(new long[] { 1, 0, 9 }, 0)]
    public void NamesPositions(long[] shape, int order) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, shape)
        .Node(
            "MaxPool",
            ["x"],
            ["y", "i"],
            ("kernel_shape", Enumerable.Repeat(3L, shape.Length - 2).ToArray()),
            ("pads", Enumerable.Repeat(1L, 2 * (shape.Length - 2)).ToArray()),
            ("strides", Enumerable.Repeat(2L, shape.Length - 2).ToArray()),
            ("storage_order", order))
        .Output("y")
        .Output("i"));

    [Fact]
    public void NamesTheFirstOfEqualsColumnMajor()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 1, 2, 3)
            .Node("MaxPool", ["x"], ["y", "i"], ("kernel_shape", new long[] { 2, 2 }), ("storage_order", 1))
            .Output("i");
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(1, 1, 2, 3), new float[] { 1, 5, 5, 0, 5, 9 });
        GraphInterpreter.Run(OperatorCheck.Import(model.ToBytes()), [x])[0].ToInt64Array().ShouldBe([2, 5]);
        OperatorCheck.RunOn(model.ToBytes(), [x]);
    }

    [Theory]
    [InlineData("SAME_UPPER", 8)]
    [InlineData("SAME_LOWER", 8)]
    [InlineData("VALID", 7)]
    public void PadsByItself(string pad, int expected)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 2, 15, 15)
            .Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }), ("auto_pad", pad))
            .Output("y");
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Value.Shape.ShouldBe(new Shape(1, 2, expected, expected));
        OperatorCheck.Run(model);
    }

    [Fact]
    public void TakesOtherTypes()
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Double, OnnxDataType.Int8, OnnxDataType.UInt8 })
        {
            ModelBuilder model = new ModelBuilder()
                .Input("x", type, 1, 2, 7, 9)
                .Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }))
                .Output("y");
            OperatorCheck.Run(model, low: type == OnnxDataType.UInt8 ? 0 : -100, high: 100);
        }
    }

    [Fact]
    public void LeavesOutWindowsThatStartBehindTheInput()
    {
        // 4 cells, window 1, stride 2, padding 0+2: floor gives 3 windows, the last at cell 4, in the padding.
        Graph graph = OperatorCheck.Import(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 1, 5)
            .Node("MaxPool", ["x"], ["y"], ("kernel_shape", new long[] { 2 }), ("strides", new long[] { 3 }), ("pads", new long[] { 0, 1 }), ("ceil_mode", 1))
            .Output("y")
            .ToBytes());
        graph.Outputs[0].Value.Shape.ShouldBe(new Shape(1, 1, 2));
    }

    [Fact]
    public void RefusesMalformedWindows()
    {
        Refuses(DiagnosticCodes.TypeUnsupported, OnnxDataType.Int32, ("kernel_shape", new long[] { 2, 2 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float);
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { 2 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { 9, 1 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { 0, 1 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { long.MaxValue, 1 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 0, 1 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { 2, 2 }), ("pads", new long[] { -1, 0, 0, 0 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { 2, 2 }), ("pads", new long[] { int.MaxValue, 0, 0, 0 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { 2, 2 }), ("dilations", new long[] { int.MaxValue, 1 }));
        Refuses(DiagnosticCodes.ShapeMismatch, OnnxDataType.Float, ("kernel_shape", new long[] { 2, 2 }), ("auto_pad", "SAME"));
    }

    private static void Refuses(string code, OnnxDataType type, params (string Name, object Value)[] attributes) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", type, 1, 1, 5, 5)
        .Node("MaxPool", ["x"], ["y"], attributes)
        .Output("y")).Code.ShouldBe(code);
}
