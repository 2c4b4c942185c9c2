using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Element-wise work on types other than f32 runs on vectors of those types; single elements get the same bits.</summary>
public sealed class NativeLanesTests
{
    /// <summary>A length that fills vectors of all widths and leaves single elements.</summary>
    private const int Length = 187;

    /// <summary>Whole numbers at which a second rounding would go astray, and at which floats end to hold all of them.</summary>
    private static readonly long[] _integers =
    [
        0, 1, -1, 5, 2047, (1L << 24) + 1, -(1L << 24) - 1, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, (1L << 53) + (1L << 29) + 1, -(1L << 53) - (1L << 29) - 1,
        (1L << 61) + (1L << 37) + 1, (1L << 61) + (1L << 37), (1L << 61) + (1L << 37) - 1, -(1L << 61) - (1L << 37) - 1, (1L << 61) + (1L << 8) + 1, (1L << 61) + (1L << 8),
        long.MaxValue, long.MinValue, 9223372036854775295, int.MaxValue, int.MinValue, 4294967295, 2147483648, 65536, 65535, 32768, -32769, 255, 256, 128, -129,
    ];

    private static readonly double[] _reals =
    [
        0, -0.0, 0.999, -0.999, 1.5, -1.5, 2.5, 127.9, 128, -128.9, -129, 255.9, 256, 300, 32767.5, -32768.5, 65535.9, 65536, 2147483647, 2147483648, -2147483648, -2147483649,
        4294967295, 4294967296.5, 9007199254740993, 9223372036854774784.0, 9223372036854775808.0, -9223372036854775808.0, -9223372036854777856.0, 1e19, -1e300, 1e-320,
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 123456789.75, -987654321987.25,
    ];

    [Theory]
    [InlineData((int)OnnxDataType.Float)]
    [InlineData((int)OnnxDataType.Double)]
    [InlineData((int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int16)]
    [InlineData((int)OnnxDataType.Bool)]
    public void IntegersOf8BytesBecome(int to) => Convert((int)OnnxDataType.Int64, to, (bytes, i) => ElementEvaluation.WriteInteger(bytes, ElementType.Int64, i, _integers[i % _integers.Length] + (i / _integers.Length)));

    [Theory]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.UInt16)]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.Int8)]
    [InlineData((int)OnnxDataType.Double, (int)OnnxDataType.Bool)]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Int8)]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Float, (int)OnnxDataType.Bool)]
    public void FloatsBecome(int from, int to) =>
        Convert(from, to, (bytes, i) => ElementEvaluation.Write(bytes, (ElementType)from, i, _reals[i % _reals.Length] + (i / _reals.Length)));

    /// <summary>A mask of attention: ids of 8 bytes are compared, the mask chooses among numbers of 4.</summary>
    [Fact]
    public void MasksChooseAmongNumbersOfAnotherWidth()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("ids", OnnxDataType.Int64, 3, Length)
            .Input("scores", OnnxDataType.Float, 3, Length)
            .Initializer("pad", [], 1L)
            .Initializer("lowest", [], float.NegativeInfinity)
            .Node("Equal", ["ids", "pad"], ["isPad"])
            .Node("Not", ["isPad"], ["isToken"])
            .Node("Where", ["isToken", "scores", "lowest"], ["y"])
            .Output("y");
        ScheduleCheck.Steps(model).Single().Kernel.ShouldBe("element-wise, 3 functions");
        OperatorCheck.Run(model);
    }

    /// <summary>What would run on single elements together runs on vectors apart.</summary>
    [Fact]
    public void VectorsDoNotBecomeScalarByFusion()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("ids", OnnxDataType.Int64, Length)
            .Input("x", OnnxDataType.Float, Length)
            .Node("Cast", ["ids"], ["f"], ("to", (long)OnnxDataType.Float))
            .Node("Exp", ["f"], ["e"])
            .Node("Mul", ["e", "x"], ["y"])
            .Output("y");
        ScheduleCheck.Steps(model).Select(static s => s.Kernel).ShouldBe(["element-wise, 1 function", "element-wise, 2 functions"]);
        OperatorCheck.Run(model);
    }

    /// <summary>A sum that f32 rounds is not the f64 that its lanes hold: what reads it is another pass.</summary>
    [Fact]
    public void RoundingsInTheMiddleStay()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Int64, Length)
            .Node("Cast", ["x"], ["single"], ("to", (long)OnnxDataType.Float))
            .Node("Cast", ["single"], ["y"], ("to", (long)OnnxDataType.Int64))
            .Output("y");
        var bytes = new byte[Length * sizeof(long)];
        for (int i = 0; i < Length; i++)
        {
            ElementEvaluation.WriteInteger(bytes, ElementType.Int64, i, (1L << 40) + (i * 7919));
        }

        OperatorCheck.RunOn(model.ToBytes(), [Tensor.FromBytes(ElementType.Int64, new Shape(Length), bytes, "x")]);
    }

    /// <summary>16-bit floats are computed with in lanes of f32, and rounded when they are stored.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.Float16)]
    [InlineData((int)OnnxDataType.BFloat16)]
    public void HalvesRunOnLanesOfSingles(int type)
    {
        ModelBuilder model = new ModelBuilder(22)
            .Input("a", (OnnxDataType)type, 3, Length)
            .Input("b", (OnnxDataType)type, Length)
            .Node("Mul", ["a", "b"], ["product"])
            .Node("Div", ["product", "a"], ["y"])
            .Output("y");
        ScheduleCheck.Steps(model).ShouldAllBe(static s => !s.Kernel.Contains("scalar"));
        OperatorCheck.Run(model, relative: 0.02);
    }

    private static void Convert(int from, int to, Action<byte[], int> write)
    {
        ModelBuilder model = new ModelBuilder().Input("x", (OnnxDataType)from, Length).Node("Cast", ["x"], ["y"], ("to", (long)to)).Output("y");
        ScheduleCheck.Steps(model).Single().Kernel.ShouldBe("element-wise, 1 function");
        var bytes = new byte[Length * ((ElementType)from).Size()];
        for (int i = 0; i < Length; i++)
        {
            write(bytes, i);
        }

        OperatorCheck.RunOn(model.ToBytes(), [Tensor.FromBytes((ElementType)from, new Shape(Length), bytes, "x")], relative: 0, absolute: 0);
    }
}
