using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class CausalConvWithStateTests
{
    [Theory]
    [InlineData("none", true)]
    [InlineData("silu", false)]
    public void Sees_the_past(string activation, bool state)
    {
        ModelBuilder model = new ModelBuilder(27)
            .Input("x", OnnxDataType.Float, 2, 6, 9).Input("w", OnnxDataType.Float, 6, 1, 4).Input("b", OnnxDataType.Float, 6).Input("s", OnnxDataType.Float, 2, 6, 3);
        OperatorCheck.Run(model.Node("CausalConvWithState", state ? ["x", "w", "b", "s"] : ["x", "w", "b"], ["y", "n"], ("activation", activation)).Output("y").Output("n"));
    }
}
