using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Kernels;

public sealed class ElementwiseStepTests
{
    /// <summary>The results lie two apart in the joined output.</summary>
    [Theory]
    [InlineData("Sigmoid", true)]
    [InlineData("Neg", false)]
    public void CostlyFunctionsOfScatteredElementsUseVectors(string op, bool vectors)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 37)
            .Input("z", OnnxDataType.Float, 37, 1)
            .Node(op, ["x"], ["p"])
            .Initializer("axes", [1], 1L)
            .Node("Unsqueeze", ["p", "axes"], ["u"])
            .Node("Concat", ["u", "z"], ["y"], ("axis", 1L))
            .Output("y");
        OperatorCheck.Run(model);
        ScheduleCheck.Steps(model).OfType<ElementwiseStep>().Single().Kernel.Contains("scalar").ShouldBe(!vectors);
    }

    /// <summary>Sizes of boxes, two of four numbers each: vectors go across the boxes.</summary>
    [Theory]
    [InlineData(137)]
    [InlineData(640)]
    public void CostlyFunctionsOfShortRowsUseVectorsAcrossThem(int rows)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, rows, 4)
            .Initializer("starts", [1], 2L).Initializer("ends", [1], 4L).Initializer("axes", [1], 2L)
            .Node("Slice", ["x", "starts", "ends", "axes"], ["s"])
            .Node("Exp", ["s"], ["e"])
            .Initializer("p", [1, rows, 2], Weights.Random(rows * 2, 1))
            .Node("Mul", ["e", "p"], ["y"])
            .Output("y");
        OperatorCheck.Run(model);
        ElementwiseStep step = ScheduleCheck.Steps(model).OfType<ElementwiseStep>().Single();
        step.Kernel.ShouldNotContain("scalar");
    }

    [Fact]
    public void ReadsScatteredElements() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 37)
        .Initializer("starts", [1], 1L).Initializer("ends", [1], 37L).Initializer("axes", [1], 1L).Initializer("steps", [1], 3L)
        .Node("Slice", ["x", "starts", "ends", "axes", "steps"], ["s"])
        .Node("Tanh", ["s"], ["y"])
        .Output("y"));
}
