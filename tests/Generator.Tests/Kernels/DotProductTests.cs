using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

public sealed class DotProductTests
{
    /// <summary>Rows that fill tiles and some that are left, terms that fill registers of each width, columns for each batch and for all.</summary>
    [Theory]
    [InlineData(new long[] { 3, 29, 100 }, new long[] { 3, 100, 1 })]
    [InlineData(new long[] { 3, 8, 32 }, new long[] { 32, 1 })]
    [InlineData(new long[] { 2, 3, 5, 47 }, new long[] { 3, 47, 1 })]
    [InlineData(new long[] { 17, 1000 }, new long[] { 1000 })]
    [InlineData(new long[] { 4, 63 }, new long[] { 5, 63, 1 })]
    public void ColumnsAreDotProducts(long[] left, long[] right)
    {
        ModelBuilder model = new ModelBuilder().Input("a", OnnxDataType.Float, left).Input("b", OnnxDataType.Float, right).Node("MatMul", ["a", "b"], ["y"]).Output("y");
        ScheduleCheck.Steps(model).Single().ShouldBeOfType<DotProductStep>();
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-4);
    }

    /// <summary>Constant weights, and what is done to the sums: operands for each row, for all, and functions.</summary>
    [Fact]
    public void SumsTakeAnEpilogue()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("a", OnnxDataType.Float, 2, 13, 70)
            .Initializer("w", [70, 1], Weights.Random(70, 1))
            .Input("rows", OnnxDataType.Float, 13, 1)
            .Initializer("bias", [1], 0.5f)
            .Node("MatMul", ["a", "w"], ["p"])
            .Node("Add", ["p", "bias"], ["q"])
            .Node("Mul", ["q", "rows"], ["r"])
            .Node("Relu", ["r"], ["y"])
            .Output("y");
        ScheduleCheck.Steps(model).Single().ShouldBeOfType<DotProductStep>();
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-4);
    }

    [Fact]
    public void SizesOfTheRun()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("a", OnnxDataType.Float, ["b", "n", 50])
            .Input("w", OnnxDataType.Float, ["b", 50, 1])
            .Node("MatMul", ["a", "w"], ["y"])
            .Output("y");
        RunTimeSizesCheck.Run(model, "b=1..3,n=1..20", ["b=1,n=20", "b=3,n=1", "b=2,n=13", "b=3,n=20"], relative: 1e-4);
    }

    /// <summary>Few terms or rows, more columns, and terms that lie apart.</summary>
    [Theory]
    [InlineData(new long[] { 9, 16 }, new long[] { 16, 1 }, false)]
    [InlineData(new long[] { 2, 100 }, new long[] { 100, 1 }, false)]
    [InlineData(new long[] { 9, 100 }, new long[] { 100, 2 }, false)]
    [InlineData(new long[] { 100, 9 }, new long[] { 100, 1 }, true)]
    public void OthersAreContractions(long[] left, long[] right, bool turned)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, left).Input("b", OnnxDataType.Float, right);
        model = turned ? model.Node("Transpose", ["x"], ["a"]) : model.Node("Identity", ["x"], ["a"]);
        model = model.Node("MatMul", ["a", "b"], ["y"]).Output("y");
        ScheduleCheck.Steps(model).ShouldNotContain(static s => s is DotProductStep);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-4);
    }
}
