using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
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

    /// <summary>How many parts there are is found in the data, up to a limit of the model or of the compiler.</summary>
    [Theory]
    [InlineData("", -1)]
    [InlineData("", 1)]
    [InlineData(",", -1)]
    [InlineData("b", 2)]
    public void SplitsInputs(string delimiter, int limit)
    {
        (string, object)[] attributes = limit < 0 ? [("delimiter", delimiter)] : [("delimiter", delimiter), ("maxsplit", limit)];
        byte[] model = new ModelBuilder(opset: 20).Input("x", OnnxDataType.String, 2, 3).Node("StringSplit", ["x"], ["y", "n"], attributes).Output("y").Output("n").ToBytes();
        OperatorCheck.RunOn(model, [Tensor.OfStrings(new Shape(2, 3), ["a b c", "", " one,two ", "b,b,bb", "x", "a  b"])]);
        OperatorCheck.RunOn(model, [Tensor.OfStrings(new Shape(2, 3), ["", "", "", "", "", ""])]);
    }

    [Fact]
    public void TooManyPartsAreAnErrorOfTheRun()
    {
        CompiledModel compiled = CompiledModel.Compile(
            new ModelBuilder(opset: 20).Input("x", OnnxDataType.String, 1).Node("StringSplit", ["x"], ["y", "n"]).Output("y").Output("n").ToBytes(), OperatorCheck.Isas[0]);
        Should.Throw<FormatException>(() => compiled.RunAt([], [Tensor.OfStrings(new Shape(1), [string.Join(' ', Enumerable.Repeat("a", 300))])])).Message.ShouldContain("too many parts");
    }
}
