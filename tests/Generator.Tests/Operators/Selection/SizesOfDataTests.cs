using System;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;
using static AotCompiler.Tests.Support.DataSizesCheck;

namespace AotCompiler.Tests.Operators.Selection;

/// <summary>Data that are declared to be sizes.</summary>
public sealed class SizesOfDataTests
{
    [Theory]
    [InlineData("Expand")]
    [InlineData("Tile")]
    public void A_declared_range_bounds_a_shape(string op)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 5).Input("s", OnnxDataType.Int64, 2)
            .Node(op, ["x", "s"], ["t"]).Node("Neg", ["t"], ["y"]).Output("y");
        const string Range = "s.value[0]=1..4;s.value[1]=1";
        Check(model, Range, ScheduleCheck.Counting(1, 5), Ints(3, 1));
        CompiledModel compiled = Compile(model, Range);
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.Run(ScheduleCheck.Counting(1, 5), Ints(5, 1)));
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.Run(ScheduleCheck.Counting(1, 5), Ints(3, 2)));
    }

    [Fact]
    public void A_tensor_inside_may_be_declared() => Check(
        new ModelBuilder()
            .Input("a", OnnxDataType.Int64, 1).Input("b", OnnxDataType.Int64, 1)
            .Node("Mul", ["a", "b"], ["/m/n"]).Node("ConstantOfShape", ["/m/n"], ["y"]).Output("y"),
        "/m/n.value=0..12", Ints(3), Ints(4));

    [Fact]
    public void Pads_and_factors_may_be_declared()
    {
        Check(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 2, 3).Input("p", OnnxDataType.Int64, 4)
                .Node("Pad", ["x", "p"], ["t"]).Node("Neg", ["t"], ["y"]).Output("y"),
            "p.value=0..3", ScheduleCheck.Counting(2, 3), Ints(1, 0, 2, 3));
        Check(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, 1, 1, 2, 3).Input("f", OnnxDataType.Float, 4)
                .Node("Resize", ["x", "", "f"], ["t"], ("mode", "nearest")).Node("Neg", ["t"], ["y"]).Output("y"),
            "f.value=1..3;f.value[0]=1;f.value[1]=1", ScheduleCheck.Counting(1, 1, 2, 3), Floats(1, 1, 2, 3));
    }

    [Fact]
    public void An_axis_may_be_declared() => Check(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 3, 4).Input("axis", OnnxDataType.Int64)
            .Node("CumSum", ["x", "axis"], ["y"]).Output("y"),
        "axis.value=1", ScheduleCheck.Counting(3, 4), Int(1));

    [Fact]
    public void Data_that_are_declared_to_be_one_number_are_checked()
    {
        CompiledModel compiled = Compile(
            new ModelBuilder().Input("x", OnnxDataType.Float, 3, 4).Input("axis", OnnxDataType.Int64).Node("CumSum", ["x", "axis"], ["y"]).Output("y"),
            "axis.value=1");
        Should.Throw<ArgumentOutOfRangeException>(() => compiled.Run(ScheduleCheck.Counting(3, 4), Int(0)));
    }
}
