using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class BlackmanWindowTests
{
    [Fact]
    public void Is_a_constant()
    {
        float[] window = OperatorCheck.Import(new ModelBuilder(17).Initializer("n", [], 4L).Node("BlackmanWindow", ["n"], ["y"]).Output("y").ToBytes()).Outputs[0].Value.Constant!.Floats().ToArray();
        window.Zip(new[] { 0f, 0.34f, 1f, 0.34f }, static (a, b) => System.Math.Abs(a - b)).Max().ShouldBeLessThan(1e-6f);
    }

    /// <summary>Of whole numbers only the peak is not 0.</summary>
    [Fact]
    public void WholeNumbersReachTheirPeak() => OperatorCheck.Import(new ModelBuilder(17)
            .Initializer("n", [], 10L).Node("BlackmanWindow", ["n"], ["y"], ("output_datatype", (int)OnnxDataType.Int32)).Output("y", OnnxDataType.Int32).ToBytes())
        .Outputs[0].Value.Constant!.ToInt64Array().ShouldBe([0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
}
