using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class ShrinkTests
{
    [Fact]
    public void Shrinks() => OperatorCheck.Run(new ModelBuilder().Input("x", OnnxDataType.Float, 37).Node("Shrink", ["x"], ["y"], ("lambd", 1f), ("bias", 0.5f)).Output("y"));

    [Fact]
    public void Is_what_it_says() => ScheduleCheck.Evaluate(
        new ModelBuilder().Input("x", OnnxDataType.Float, 4).Node("Shrink", ["x"], ["y"], ("lambd", 1.5f), ("bias", 1f)).Output("y"), ScheduleCheck.Counting(4)).Floats().ToArray().ShouldBe([0f, 0, 1, 2]);

    /// <summary>The results are those of ONNX Runtime 1.30.</summary>
    [Theory]
    [InlineData((int)OnnxDataType.Int32)]
    [InlineData((int)OnnxDataType.Int8)]
    public void WholeNumbersAreTruncated(int type)
    {
        byte[] model = new ModelBuilder().Input("f", OnnxDataType.Float, 5).Node("Cast", ["f"], ["x"], ("to", type))
            .Node("Shrink", ["x"], ["y"], ("lambd", 1.5f), ("bias", 1.5f)).Node("Cast", ["y"], ["z"], ("to", (int)OnnxDataType.Float)).Output("z").ToBytes();
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(5), [-8f, -4f, 0f, 4f, 8f]);
        GraphInterpreter.Run(OperatorCheck.Import(model), [x])[0].Floats().ToArray().ShouldBe([-6f, -2f, 0f, 2f, 6f]);
        OperatorCheck.RunOn(model, [x]);
    }
}
