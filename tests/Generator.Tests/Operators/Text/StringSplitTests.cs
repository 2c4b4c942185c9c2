using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Text;

public sealed class StringSplitTests
{
    [Theory]
    [InlineData(" a  b c ", "", -1, new[] { "a", "b", "c" })]
    [InlineData(" a  b c ", "", 1, new[] { "a", "b c " })]
    [InlineData("a,b,,c", ",", -1, new[] { "a", "b", "", "c" })]
    [InlineData("a,b,,c", ",", 2, new[] { "a", "b", ",c" })]
    public void SplitsConstants(string text, string delimiter, int limit, string[] expected)
    {
        (string, object)[] attributes = limit < 0 ? [("delimiter", delimiter)] : [("delimiter", delimiter), ("maxsplit", limit)];
        string[] parts = ScheduleCheck.Evaluate(new ModelBuilder()
            .Initializer(Protos.StringTensor("x", [1], text))
            .Node("StringSplit", ["x"], ["y", "n"], attributes)
            .Output("y")
            .Output("n")).ToStrings();
        parts.Select(static p => p.TrimEnd()).ShouldBe(expected.Select(static p => p.TrimEnd()));
    }

    [Fact]
    public void RefusesInputs() => OperatorCheck.Fails(new ModelBuilder().Input("x", OnnxDataType.String, 2).Node("StringSplit", ["x"], ["y", "n"]).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);
}
