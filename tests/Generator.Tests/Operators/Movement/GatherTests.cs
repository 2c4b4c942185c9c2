using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class GatherTests
{
    [Theory]
    [InlineData(0, new long[] { }, new long[] { 2 })]
    [InlineData(1, new long[] { }, new long[] { -1 })]
    [InlineData(2, new long[] { 3 }, new long[] { 0, 1, 2 })]
    [InlineData(1, new long[] { 3 }, new long[] { 4, 2, 0 })]
    [InlineData(1, new long[] { 4 }, new long[] { 1, 1, 1, 1 })]
    [InlineData(-1, new long[] { 2, 2 }, new long[] { 0, 6, 3, 3 })]
    [InlineData(0, new long[] { 2, 3 }, new long[] { 0, 1, 2, 2, 1, 0 })]
    [InlineData(2, new long[] { 13 }, new long[] { 0, 3, 1, 5, 2, 6, 0, 4, 3, 5, 1, 6, 2 })]
    [InlineData(1, new long[] { 0 }, new long[] { })]
    public void ConstantIndices(int axis, long[] shape, long[] indices) => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 5, 7)
        .Initializer("i", shape, indices)
        .Node("Gather", ["x", "i"], ["y"], ("axis", axis))
        .Output("y"));

    [Theory]
    [InlineData(0, new[] { 4 })]
    [InlineData(1, new[] { 2, 3 })]
    [InlineData(2, new[] { 5 })]
    [InlineData(1, new int[] { })]
    public void RunTimeIndices(int axis, int[] shape)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Int64, OnnxDataType.UInt8 })
        {
            OperatorCheck.Run(
                new ModelBuilder()
                    .Input("x", type, 3, 5, 33)
                    .Input("i", OnnxDataType.Int64, [.. System.Array.ConvertAll(shape, static d => (long)d)])
                    .Node("Gather", ["x", "i"], ["y"], ("axis", axis))
                    .Output("y"),
                low: -3,
                high: 3);
        }
    }

    [Fact]
    public void Int32Indices() => OperatorCheck.Run(
        new ModelBuilder()
            .Initializer("x", [4, 3], 0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f)
            .Input("i", OnnxDataType.Int32, 2, 4)
            .Node("Gather", ["x", "i"], ["y"])
            .Output("y"),
        low: -4,
        high: 4);

    [Fact]
    public void ScalarConstantIndicesAreViews() => ScheduleCheck.RunAndCountCopies(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 5, 32)
        .Initializer("i", [], 1L)
        .Node("Gather", ["x", "i"], ["t"], ("axis", 1))
        .Node("Relu", ["t"], ["y"])
        .Output("y")).ShouldBe(0);

    [Theory]
    [InlineData(4L)]
    [InlineData(-5L)]
    public void RefusesConstantIndicesOutOfRange(long index) => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4, 3)
        .Initializer("i", [1], index)
        .Node("Gather", ["x", "i"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    [Theory]
    [InlineData(4L)]
    [InlineData(-5L)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void RunTimeIndicesOutOfRangeThrow(long index)
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 4, 3)
            .Input("i", OnnxDataType.Int64, 1)
            .Node("Gather", ["x", "i"], ["y"])
            .Output("y").ToBytes());
        Should.Throw<System.Exception>(() => model.Run(ScheduleCheck.Counting(4, 3), Tensor.Vector(index)));
    }
}
