using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Movement;

public sealed class SlidingWindowsTests
{
    [Theory]
    [InlineData(1, 4, 3, 8)]
    [InlineData(0, 2, 1, 2)]
    [InlineData(2, 5, 5, 1)]
    [InlineData(1, 26, 9, 1)]
    public void Overlap_or_follow_each_other(int axis, long length, long step, int windows)
    {
        ModelBuilder model = Model(axis, length, step);
        OperatorCheck.Run(model);
        ScheduleCheck.Evaluate(model, ScheduleCheck.Counting(3, 26, 5)).Shape[axis].ShouldBe(windows);
    }

    /// <summary>What is computed from overlapping elements is not stored over them.</summary>
    [Fact]
    public void Readers_keep_them() => OperatorCheck.Run(new ModelBuilder().Import(Operator.InternalDomain, 1).Input("x", OnnxDataType.Float, 40)
        .Node("Exp", ["x"], ["e"]).Node(Operator.InternalDomain, "SlidingWindows", ["e"], ["w"], ("axis", 0L), ("length", 8L), ("step", 2L)).Node("Tanh", ["w"], ["y"]).Output("y"));

    [Theory]
    [InlineData(3, 2, 1)]
    [InlineData(1, 27, 1)]
    [InlineData(1, 2, 0)]
    public void Must_fit(int axis, long length, long step) => OperatorCheck.Fails(Model(axis, length, step)).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model(int axis, long length, long step) => new ModelBuilder().Import(Operator.InternalDomain, 1).Input("x", OnnxDataType.Float, 3, 26, 5)
        .Node(Operator.InternalDomain, "SlidingWindows", ["x"], ["y"], ("axis", (long)axis), ("length", length), ("step", step)).Output("y");
}
