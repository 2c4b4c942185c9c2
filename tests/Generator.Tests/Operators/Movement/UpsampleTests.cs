using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class UpsampleTests
{
    [Theory]
    [InlineData("nearest", 2f)]
    [InlineData("nearest", 1.7f)]
    [InlineData("linear", 2f)]
    public void Opset9HasScalesAsInput(string mode, float scale) => OperatorCheck.Run(new ModelBuilder(9)
        .Input("x", OnnxDataType.Float, 1, 2, 3, 5)
        .Initializer("s", [4], 1f, 1f, scale, scale)
        .Node("Upsample", ["x", "s"], ["y"], ("mode", mode))
        .Output("y"));

    [Fact]
    public void Opset7HasScalesAsAttribute()
    {
        ModelBuilder model = new ModelBuilder(7)
            .Input("x", OnnxDataType.Float, 1, 1, 1, 3)
            .Node("Upsample", ["x"], ["y"], ("scales", new[] { 1f, 1f, 1f, 2f }))
            .Output("y");
        ScheduleCheck.Evaluate(model, ScheduleCheck.Counting(1, 1, 1, 3)).Floats().ToArray().ShouldBe([0f, 0f, 1f, 1f, 2f, 2f]);
        OperatorCheck.Run(model);
    }

    [Fact]
    public void Opset1HasTwoScales() => OperatorCheck.Run(new ModelBuilder(6)
        .Input("x", OnnxDataType.Float, 1, 2, 3, 5)
        .Node("Upsample", ["x"], ["y"], ("height_scale", 2f), ("width_scale", 3f), ("mode", "bilinear"))
        .Output("y"));

    [Fact]
    public void RefusesAMissingScale() => OperatorCheck.Fails(new ModelBuilder(9)
        .Input("x", OnnxDataType.Float, 1, 2, 3, 5)
        .Node("Upsample", ["x"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);
}
