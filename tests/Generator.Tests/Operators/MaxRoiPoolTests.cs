using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class MaxRoiPoolTests
{
    [Fact]
    public void Takes_the_largest_of_each_cell()
    {
        // Rows of 1…4, 5…8, 9…12, 13…16. The region from (0.5, 1) to (2, 3) has columns 1 and 2, rows 1 to 3, in cells of 1 column and 1.5 rows,
        // which share row 2. The second one is outside the image but for its first cell.
        float[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
        OperatorCheck.Interpret(new ModelBuilder(22).Initializer("x", [1, 1, 4, 4], x).Initializer("r", [2, 5], 0f, 0.5f, 1, 2, 3, 0, 3, 3, 6, 6)
            .Node("MaxRoiPool", ["x", "r"], ["y"], ("pooled_shape", new long[] { 2, 2 })).Output("y")).Floats().ToArray().ShouldBe([10f, 11, 14, 15, 16, 0, 0, 0]);
    }

    [Theory]
    [InlineData(9, (int)OnnxDataType.Float)]
    [InlineData(22, (int)OnnxDataType.Float16)]
    [InlineData(22, (int)OnnxDataType.Double)]
    public void Pools_regions_of_the_run(int opset, int type) => OperatorCheck.Run(
        new ModelBuilder(opset)
            .Input("x", (OnnxDataType)type, 2, 3, 8, 9)
            .Input("corners", (OnnxDataType)type, 7, 4)
            .Initializer("images", [7, 1], 0f, 1, 1, 0, 1, 0, 0)
            .Node("Cast", ["images"], ["n"], ("to", (long)type))
            .Node("Concat", ["n", "corners"], ["r"], ("axis", 1))
            .Node("MaxRoiPool", ["x", "r"], ["y"], ("pooled_shape", new long[] { 3, 2 }), ("spatial_scale", 0.9f))
            .Output("y"),
        low: -2,
        high: 12);

    [Fact]
    public void Images_that_are_not_there_are_refused() => OperatorCheck.Fails(
        new ModelBuilder().Initializer("x", [1, 1, 1, 1], 1f).Initializer("r", [1, 5], 1f, 0, 0, 1, 1).Node("MaxRoiPool", ["x", "r"], ["y"], ("pooled_shape", new long[] { 1, 1 })).Output("y"))
        .Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Fact]
    public void A_pooled_shape_must_be_there() => OperatorCheck.Fails(
        new ModelBuilder().Input("x", OnnxDataType.Float, 1, 1, 2, 2).Input("r", OnnxDataType.Float, 1, 5).Node("MaxRoiPool", ["x", "r"], ["y"]).Output("y"))
        .Code.ShouldBe(DiagnosticCodes.GraphMalformed);
}
