using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Experimental;

public sealed class ImageScalerTests
{
    [Fact]
    public void Shifts_each_channel() => EquivalenceCheck.Run(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 1, 3, 4, 5).Node("ImageScaler", ["x"], ["y"], ("scale", 2f), ("bias", new[] { -1f, 0.5f, 3f })).Output("y"),
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 1, 3, 4, 5).Initializer("a", [], 2f).Initializer("b", [3, 1, 1], -1f, 0.5f, 3f)
            .Node("Mul", ["x", "a"], ["p"]).Node("Add", ["p", "b"], ["y"]).Output("y"));

    [Fact]
    public void Needs_a_shift_for_each_channel() => OperatorCheck.Fails(
        new ModelBuilder(7).Input("x", OnnxDataType.Float, 1, 3, 4, 5).Node("ImageScaler", ["x"], ["y"], ("bias", new[] { -1f })).Output("y"))
        .Message.ShouldContain("one for each channel");
}
