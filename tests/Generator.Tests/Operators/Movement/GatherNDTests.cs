using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class GatherNDTests
{
    [Theory]
    [InlineData(0, new long[] { 6, 1 })]
    [InlineData(0, new long[] { 5, 2 })]
    [InlineData(0, new long[] { 2, 3, 3 })]
    [InlineData(1, new long[] { 3, 4, 1 })]
    [InlineData(1, new long[] { 3, 2 })]
    [InlineData(2, new long[] { 3, 4, 2, 1 })]
    [InlineData(0, new long[] { 3, 0 })]
    public void PicksTuples(int batch, long[] indices) => OperatorCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 4, 33)
            .Input("i", OnnxDataType.Int64, indices)
            .Node("GatherND", ["x", "i"], ["y"], ("batch_dims", batch))
            .Output("y"),
        low: -3,
        high: 3);

    [Fact]
    public void RunTimeIndicesOutOfRangeThrow()
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder()
            .Input("x", OnnxDataType.Float, 4, 3)
            .Input("i", OnnxDataType.Int64, 1, 2)
            .Node("GatherND", ["x", "i"], ["y"])
            .Output("y").ToBytes());
        Should.Throw<System.Exception>(() => model.Run(ScheduleCheck.Counting(4, 3), Tensor.Vector(3, 3).Reshape(new Shape(1, 2))));
    }

    [Fact]
    public void RefusesTuplesThatAreTooLong() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 4, 3)
        .Input("i", OnnxDataType.Int64, 1, 3)
        .Node("GatherND", ["x", "i"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
