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
}
