using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class CumProdTests
{
    [Theory]
    [InlineData(0L, 0, 0)]
    [InlineData(1L, 1, 0)]
    [InlineData(2L, 0, 1)]
    [InlineData(-1L, 1, 1)]
    public void MultipliesAlongAnAxis(long axis, int exclusive, int reverse)
    {
        foreach (OnnxDataType type in new[] { OnnxDataType.Float, OnnxDataType.Double, OnnxDataType.Int64, OnnxDataType.Int32 })
        {
            OperatorCheck.Run(new ModelBuilder(opset: 26)
                .Input("x", type, 3, 4, 19)
                .Initializer("a", [], axis)
                .Node("CumProd", ["x", "a"], ["y"], ("exclusive", exclusive), ("reverse", reverse))
                .Output("y"));
        }
    }

    [Theory]
    [InlineData(0, 0, new[] { 0f, 0f, 0f, 0f })]
    [InlineData(1, 0, new[] { 1f, 0f, 0f, 0f })]
    [InlineData(0, 1, new[] { 0f, 6f, 6f, 3f })]
    [InlineData(1, 1, new[] { 6f, 6f, 3f, 1f })]
    public void Evaluates(int exclusive, int reverse, float[] expected) => ScheduleCheck.Evaluate(
        new ModelBuilder(opset: 26)
            .Input("x", OnnxDataType.Float, 4)
            .Initializer("a", [], 0)
            .Node("CumProd", ["x", "a"], ["y"], ("exclusive", exclusive), ("reverse", reverse))
            .Output("y"),
        ScheduleCheck.Counting(4)).Floats().ToArray().ShouldBe(expected);

    [Fact]
    public void HandlesEmptyAndSingleAxes()
    {
        OperatorCheck.Run(new ModelBuilder(opset: 26).Input("x", OnnxDataType.Float, 0, 3).Initializer("a", [], 0L).Node("CumProd", ["x", "a"], ["y"]).Output("y"));
        OperatorCheck.Run(new ModelBuilder(opset: 26).Input("x", OnnxDataType.Float, 1, 3).Initializer("a", [], 0L).Node("CumProd", ["x", "a"], ["y"], ("exclusive", 1)).Output("y"));
    }
}
