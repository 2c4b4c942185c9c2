using System.Linq;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Kernels of f64 run on vectors where elements are neighbours; single elements get the same bits.</summary>
public sealed class DoubleVectorsTests
{
    private const double Precise = 1e-14;

    /// <summary>Lengths that fill vectors of 8, 4 and 2 and leave single elements.</summary>
    [Theory]
    [InlineData("Exp", 1)]
    [InlineData("Exp", 29)]
    [InlineData("Sigmoid", 15)]
    [InlineData("Tanh", 31)]
    [InlineData("Sqrt", 11)]
    [InlineData("Abs", 9)]
    [InlineData("Neg", 7)]
    public void Functions(string op, int length)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Double, 3, length).Node(op, ["x"], ["y"]).Output("y");
        ScheduleCheck.Steps(model).Single().Kernel.ShouldNotContain("scalar");
        OperatorCheck.Run(model, relative: Precise, absolute: Precise, low: -30, high: 30);
    }

    /// <summary>Operands that broadcast, f32 that is widened on the way in, and f32 that is rounded on the way out.</summary>
    [Theory]
    [InlineData(29)]
    [InlineData(64)]
    public void ChainsFromSinglesToSingles(int length)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, length)
            .Input("row", OnnxDataType.Double, length)
            .Input("column", OnnxDataType.Double, 3, 1)
            .Node("Cast", ["x"], ["wide"], ("to", (long)OnnxDataType.Double))
            .Node("Mul", ["wide", "row"], ["product"])
            .Node("Sub", ["product", "column"], ["difference"])
            .Node("Tanh", ["difference"], ["tanh"])
            .Node("Add", ["tanh", "wide"], ["sum"])
            .Node("Cast", ["sum"], ["y"], ("to", (long)OnnxDataType.Float))
            .Output("y");
        ScheduleCheck.Steps(model).ShouldAllBe(static s => !s.Kernel.Contains("scalar"));
        OperatorCheck.Run(model, relative: 1e-7, absolute: 1e-7);
    }

    /// <summary>A value that is rounded to f32 and widened again keeps what rounding left: those chains are computed one by one.</summary>
    [Fact]
    public void RoundingInTheMiddleStays()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Double, 40)
            .Node("Exp", ["x"], ["e"])
            .Node("Cast", ["e"], ["single"], ("to", (long)OnnxDataType.Float))
            .Node("Cast", ["single"], ["wide"], ("to", (long)OnnxDataType.Double))
            .Node("Sub", ["e", "wide"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, relative: 1e-5, absolute: Precise);
    }

    [Theory]
    [InlineData("Softmax", 96, 1)]
    [InlineData("Softmax", 13, 1)]
    [InlineData("Softmax", 2, 1)]
    [InlineData("LogSoftmax", 37, 1)]
    [InlineData("Softmax", 37, 0)]
    public void Softmax(string op, int length, int axis)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Double, 5, length).Node(op, ["x"], ["y"], ("axis", axis)).Output("y");
        ScheduleCheck.Steps(model).Single().Kernel.Contains("rows").ShouldBe(axis == 1);
        OperatorCheck.Run(model, relative: Precise, absolute: Precise, low: -30, high: 30);
    }

    /// <summary>Slices side by side, one for each lane, whole registers of them and single ones.</summary>
    [Theory]
    [InlineData("Softmax", 37)]
    [InlineData("LogSoftmax", 5)]
    public void SoftmaxOfColumns(string op, int columns)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Double, 2, 19, columns).Node(op, ["x"], ["y"], ("axis", 1)).Output("y");
        ScheduleCheck.Steps(model).Single().Kernel.ShouldEndWith(", columns");
        OperatorCheck.Run(model, relative: Precise, absolute: Precise, low: -30, high: 30);
    }

    [Theory]
    [InlineData("ReduceSum", 1000)]
    [InlineData("ReduceMax", 23)]
    [InlineData("ReduceMin", 2)]
    [InlineData("ReduceMean", 77)]
    [InlineData("ReduceL1", 15)]
    [InlineData("ReduceL2", 15)]
    [InlineData("ReduceProd", 11)]
    [InlineData("ReduceSumSquare", 66)]
    [InlineData("ReduceLogSumExp", 45)]
    public void Reductions(string op, int length) => OperatorCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Double, 3, length).Initializer("axes", [1], 1L).Node(op, ["x", "axes"], ["y"]).Output("y"),
        relative: 1e-13,
        absolute: 1e-13);

    [Fact]
    public void Normalization() => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Double, 3, 29)
            .Input("scale", OnnxDataType.Double, 29)
            .Input("bias", OnnxDataType.Double, 29)
            .Node("LayerNormalization", ["x", "scale", "bias"], ["y"])
            .Output("y"),
        relative: 1e-12,
        absolute: 1e-12);

    [Fact]
    public void LengthsOfTheRun() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [3, "n"])
            .Node("Cast", ["x"], ["wide"], ("to", (long)OnnxDataType.Double))
            .Node("Softmax", ["wide"], ["s"], ("axis", 1))
            .Node("Sigmoid", ["s"], ["t"])
            .Node("Cast", ["t"], ["y"], ("to", (long)OnnxDataType.Float))
            .Output("y"),
        "n=1..70",
        ["n=1", "n=70", "n=37", "n=2"]);
}
