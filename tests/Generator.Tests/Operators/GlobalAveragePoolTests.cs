using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class GlobalAveragePoolTests
{
    [Fact]
    public void ReducesSpatialDimensions()
    {
        var model = new ModelBuilder();
        long[][] shapes = [[2, 3, 7, 7], [1, 5, 33], [2, 1, 3, 4, 5], [3, 4], [0, 3, 2, 2]];
        for (int i = 0; i < shapes.Length; i++)
        {
            model.Input($"x{i}", OnnxDataType.Float, shapes[i]).Node("GlobalAveragePool", [$"x{i}"], [$"y{i}"]).Output($"y{i}");
        }

        OperatorCheck.Run(model.Input("d", OnnxDataType.Double, 1, 2, 3, 4).Node("GlobalAveragePool", ["d"], ["e"]).Output("e"));
    }

    [Fact]
    public void RefusesVectors() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 5)
        .Node("GlobalAveragePool", ["x"], ["y"])
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);
}
