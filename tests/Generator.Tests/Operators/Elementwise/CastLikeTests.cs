using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

public sealed class CastLikeTests
{
    [Fact]
    public void TakesTheTypeOfTheOtherInput() => ElementwiseCheck.Run(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3, 7).Input("t", OnnxDataType.Int32, 0).Node("CastLike", ["x", "t"], ["y"]).Output("y"), limits: false);

    [Fact]
    public void BecomesACast() => ElementwiseCheck.Optimised(new ModelBuilder()
        .Input("x", OnnxDataType.Float, 3).Input("t", OnnxDataType.Int32, 2).Node("CastLike", ["x", "t"], ["y"]).Output("y")).ShouldBe(["Cast"]);
}
