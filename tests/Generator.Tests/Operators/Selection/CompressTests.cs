using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Operators.Selection;

public sealed class CompressTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-1)]
    public void Keeps_what_is_true(int? axis)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 3, 4).Initializer("c", [3], true, false, true);
        (string, object)[] attributes = axis is { } a ? [("axis", a)] : [];
        OperatorCheck.Run(model.Node("Compress", ["x", "c"], ["y"], attributes).Output("y"));
    }

    [Theory]
    [InlineData(null, 0f)]
    [InlineData(0, 0.5f)]
    [InlineData(-1, 1f)]
    public void A_condition_of_the_run_decides_the_length(int? axis, float share)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 3, 4).Input("c", OnnxDataType.Bool, 3);
        (string, object)[] attributes = axis is { } a ? [("axis", a)] : [];
        NonZeroTests.RunOnShare(model.Node("Compress", ["x", "c"], ["y"], attributes).Output("y"), share);
    }
}
