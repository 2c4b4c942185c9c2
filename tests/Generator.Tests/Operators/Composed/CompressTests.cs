using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

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

    [Fact]
    public void The_condition_must_be_constant() => OperatorCheck.Fails(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Input("c", OnnxDataType.Bool, 3).Node("Compress", ["x", "c"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);
}
