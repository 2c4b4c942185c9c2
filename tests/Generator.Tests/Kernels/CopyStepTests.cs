using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

/// <summary>Copies between layouts: register tiles with all kinds of remainders, rows, fills, and channel blocks.</summary>
public sealed class CopyStepTests
{
    [Theory]
    [InlineData(4, 4)]
    [InlineData(5, 7)]
    [InlineData(3, 40)]
    [InlineData(40, 3)]
    [InlineData(16, 3)]
    [InlineData(17, 2)]
    [InlineData(50, 2)]
    [InlineData(16, 16)]
    [InlineData(17, 33)]
    [InlineData(31, 200)]
    [InlineData(200, 100)]
    [InlineData(129, 131)]
    public void TransposesMatrices(int rows, int columns)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.UInt8, OnnxDataType.Int16 })
        {
            OperatorCheck.Run(new ModelBuilder().Input("x", type, rows, columns).Node("Transpose", ["x"], ["y"]).Output("y"));
        }
    }

    [Theory]
    [InlineData(1, 4, 4, 4)]
    [InlineData(3, 1, 7, 7)]
    [InlineData(2, 20, 3, 3)]
    [InlineData(1, 37, 5, 6)]
    [InlineData(2, 48, 2, 2)]
    public void MovesChannelsIntoBlocksAndBack(int batch, int channels, int height, int width)
    {
        ModelBuilder model = BlockedModels.Start(channels, height, width, batch).Node("Relu", ["b"], ["y"]).Output("y");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
        ScheduleCheck.Steps(model).Any(static s => s is CopyStep).ShouldBeTrue();
    }

    [Theory]
    [InlineData((int)OnnxDataType.Int64)]
    [InlineData((int)OnnxDataType.UInt8)]
    [InlineData((int)OnnxDataType.Int16)]
    [InlineData((int)OnnxDataType.Bool)]
    public void CopiesRowsOfAnySize(int type)
    {
        foreach (int length in new[] { 1, 3, 4, 15, 16, 17, 63, 64, 127, 130 })
        {
            OperatorCheck.Run(new ModelBuilder()
                .Input("x", (OnnxDataType)type, 3, length)
                .Input("z", (OnnxDataType)type, 3, 5)
                .Node("Concat", ["z", "x"], ["y"], ("axis", 1))
                .Output("y"));
        }
    }

    /// <summary>Rows whose elements are repeated, as lanes of vectors and one by one, with what is left over.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void RepeatsElementsOfRows(int times)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Int32, OnnxDataType.Int64, OnnxDataType.Double, OnnxDataType.UInt8 })
        {
            OperatorCheck.Run(new ModelBuilder().Input("x", type, 2, 3, 31, 1).Initializer("s", [4], 2L, 3L, 31L, times).Node("Expand", ["x", "s"], ["y"]).Output("y"));
        }

        OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float, 1, 2, 3, 45).Initializer("s", [4], 1f, 1f, 2f, times)
            .Node("Resize", ["x", "", "s"], ["y"], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")).Output("y"));
    }

    [Fact]
    public void RepeatsElementsOfRowsOfTheRun() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, [1, 2, "h", "w"]).Initializer("s", [4], 1f, 1f, 2f, 3f)
            .Node("Resize", ["x", "", "s"], ["y"], ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")).Output("y"),
        "h=1..5;w=1..40",
        ["h=1;w=1", "h=5;w=40", "h=2;w=29"]);
}
