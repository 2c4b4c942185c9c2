using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class DynamicQuantizeLinearTests
{
    [Fact]
    public void AllOutputs() => OperatorCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 37).Node("DynamicQuantizeLinear", ["x"], ["y", "s", "z"]).Output("y").Output("s").Output("z"));

    [Fact]
    public void ZerosHaveAScale()
    {
        Tensor scale = OperatorCheck.Interpret(new ModelBuilder().Initializer("x", [2], [0f, 0f]).Node("DynamicQuantizeLinear", ["x"], ["y", "s", "z"]).Output("s"));
        scale.Floats()[0].ShouldBe(1f);
    }
}
