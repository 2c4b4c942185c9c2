using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Text;

public sealed class StringConcatTests
{
    [Fact]
    public void JoinsWithBroadcasting()
    {
        ModelBuilder model = new ModelBuilder().Input("a", OnnxDataType.String, 3, 1).Input("b", OnnxDataType.String, 4).Node("StringConcat", ["a", "b"], ["y"]).Output("y");
        OperatorCheck.Run(model);
        ScheduleCheck.Evaluate(model, Tensor.OfStrings(new Shape(3, 1), ["x", "", "é"]), Tensor.OfStrings(new Shape(4), ["1", "2", "", "3"])).ToStrings()
            .ShouldBe(["x1", "x2", "x", "x3", "1", "2", "", "3", "é1", "é2", "é", "é3"]);
    }

    [Fact]
    public void RunsForgetEachOther()
    {
        CompiledModel model = CompiledModel.Compile(new ModelBuilder().Input("a", OnnxDataType.String, 1).Node("StringConcat", ["a", "a"], ["y"]).Output("y").ToBytes());
        foreach (string word in new[] { "p", "q", "pp", "p" })
        {
            model.Run(Tensor.OfStrings(new Shape(1), [word]))[0].ToStrings().ShouldBe([word + word]);
        }
    }

    [Fact]
    public void RefusesNumbers() => OperatorCheck.Fails(new ModelBuilder().Input("a", OnnxDataType.Float, 1).Node("StringConcat", ["a", "a"], ["y"]).Output("y")).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);
}
