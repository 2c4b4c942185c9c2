using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Text;

public sealed class RegexFullMatchTests
{
    [Fact]
    public void MatchesWholeStrings()
    {
        ModelBuilder model = Model("a|b+");
        OperatorCheck.Run(model);
        ScheduleCheck.Evaluate(model, Tensor.OfStrings(new Shape(4), ["a", "bbb", "ab", "b\n"])).Bytes.ToArray().ShouldBe([(byte)1, 1, 0, 0]);
    }

    [Fact]
    public void RefusesBrokenPatterns() => OperatorCheck.Fails(Model("(")).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(string pattern) => new ModelBuilder()
        .Input("x", OnnxDataType.String, 4)
        .Node("RegexFullMatch", ["x"], ["y"], ("pattern", pattern))
        .Output("y");
}
