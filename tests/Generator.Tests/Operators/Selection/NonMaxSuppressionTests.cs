using System;
using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Selection;

public sealed class NonMaxSuppressionTests
{
    [Theory]
    [InlineData(0, 5L, 0.5f, 0.2f)]
    [InlineData(1, 1000L, 0.1f, 0.9f)]
    [InlineData(0, long.MaxValue, 0f, -1f)]
    [InlineData(0, 0L, 0.5f, 0f)]
    [InlineData(1, 3L, 1f, 2f)]
    public void KeepsTheBestOfEachCluster(int centred, long most, float overlap, float least)
    {
        ModelBuilder model = Boxes().Initializer("most", [1], most).Initializer("overlap", [1], overlap).Initializer("least", [1], least)
            .Node("NonMaxSuppression", ["boxes", "scores", "most", "overlap", "least"], ["y"], ("center_point_box", centred))
            .Output("y");
        RunOnClusters(model);
    }

    [Fact]
    public void SettingsOfTheRun()
    {
        ModelBuilder model = Boxes().Input("most", OnnxDataType.Int64).Input("overlap", OnnxDataType.Float, 1).Input("least", OnnxDataType.Float)
            .Node("NonMaxSuppression", ["boxes", "scores", "most", "overlap", "least"], ["y"])
            .Output("y");
        RunOnClusters(model, Tensor.Create(ElementType.Int64, Shape.Scalar, [4L]), Tensor.Create(ElementType.Float32, new Shape(1), [0.4f]), Tensor.Scalar(0.3f));
    }

    [Fact]
    public void NothingWithoutALimit() => RunOnClusters(Boxes().Node("NonMaxSuppression", ["boxes", "scores"], ["y"]).Output("y"));

    /// <summary>What exported detectors do with the rows: the boxes and scores they name, sorted and cut off at the best few.</summary>
    [Theory]
    [InlineData(0.3f)]
    [InlineData(0.999f)]
    public void DetectionsAreGathered(float least) => RunOnClusters(Boxes()
        .Initializer("most", [1], 20L)
        .Initializer("overlap", [1], 0.45f)
        .Initializer("least", [1], least)
        .Initializer("columns", [2], 0L, 2L)
        .Initializer("one", [1], 1L)
        .Initializer("two", [1], 2L)
        .Initializer("three", [1], 3L)
        .Initializer("minus", [1], -1L)
        .Initializer("limit", [1], 8L)
        .Initializer("zero", [], 0L)
        .Node("NonMaxSuppression", ["boxes", "scores", "most", "overlap", "least"], ["rows"])
        .Node("Gather", ["rows", "columns"], ["places"], ("axis", 1))
        .Node("GatherND", ["boxes", "places"], ["kept"])
        .Node("GatherND", ["scores", "rows"], ["score"])
        .Node("Slice", ["rows", "one", "two", "one"], ["category"])
        .Node("Cast", ["category"], ["categoryF"], ("to", (int)OnnxDataType.Float))
        .Node("Unsqueeze", ["score", "one"], ["scoreColumn"])
        .Node("Concat", ["kept", "scoreColumn", "categoryF"], ["all"], ("axis", 1))
        .Node("Shape", ["score"], ["count"])
        .Node("Concat", ["count", "limit"], ["both"], ("axis", 0))
        .Node("ReduceMin", ["both"], ["k"], ("keepdims", 1))
        .Node("TopK", ["score", "k"], ["best", "order"])
        .Node("Gather", ["all", "order"], ["detections"])
        .Output("detections").Output("best").Output("all"));

    [Fact]
    public void ShapesMustFit() => OperatorCheck.Fails(new ModelBuilder()
        .Input("boxes", OnnxDataType.Float, 1, 10, 4).Input("scores", OnnxDataType.Float, 1, 3, 9)
        .Node("NonMaxSuppression", ["boxes", "scores"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Boxes() => new ModelBuilder().Input("boxes", OnnxDataType.Float, 2, 37, 4).Input("scores", OnnxDataType.Float, 2, 3, 37);

    /// <summary>Boxes around a few places, corners in any order, some scores equal.</summary>
    private static void RunOnClusters(ModelBuilder model, params Tensor[] settings)
    {
        var random = new Random(5);
        float[] boxes = Enumerable.Range(0, 2 * 37).SelectMany(_ =>
        {
            float y = (random.Next(3) * 2) + random.NextSingle();
            float x = (random.Next(3) * 2) + random.NextSingle();
            return random.Next(2) == 0 ? new[] { y, x, y + 1, x + 1 } : [y + 1, x + 1, y, x];
        }).ToArray();
        float[] scores = Enumerable.Range(0, 2 * 3 * 37).Select(_ => random.Next(30) / 30f).ToArray();
        OperatorCheck.RunOn(model.ToBytes(), [
            Tensor.Create(ElementType.Float32, new Shape(2, 37, 4), boxes), Tensor.Create(ElementType.Float32, new Shape(2, 3, 37), scores), .. settings]);
    }
}
