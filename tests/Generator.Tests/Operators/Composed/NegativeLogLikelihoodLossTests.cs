using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class NegativeLogLikelihoodLossTests
{
    [Theory]
    [InlineData("none", false, null)]
    [InlineData("mean", true, null)]
    [InlineData("mean", false, 1)]
    [InlineData("sum", true, 2)]
    public void Picks_and_weighs(string reduction, bool weighted, int? ignored)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 4, 2).Initializer("t", [3, 2], 0L, 1, 2, 3, 1, 1).Initializer("w", [4], 0.5f, 1, 2, 4);
        (string, object)[] attributes = ignored is { } i ? [("reduction", reduction), ("ignore_index", i)] : [("reduction", reduction)];
        OperatorCheck.Run(model.Node("NegativeLogLikelihoodLoss", weighted ? ["x", "t", "w"] : ["x", "t"], ["y"], attributes).Output("y"));
    }

    [Fact]
    public void Is_the_negative_entry_of_the_label() => ScheduleCheck.Evaluate(
            new ModelBuilder().Input("x", OnnxDataType.Float, 2, 3).Initializer("t", [2], 2L, 0).Node("NegativeLogLikelihoodLoss", ["x", "t"], ["y"], ("reduction", "none")).Output("y"),
            ScheduleCheck.Counting(2, 3))
        .Floats().ToArray().ShouldBe([-2f, -3f]);

    [Fact]
    public void Labels_must_fit() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 2, 3).Input("t", OnnxDataType.Int64, 3).Node("NegativeLogLikelihoodLoss", ["x", "t"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
