using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Text;

public sealed class StringNormalizerTests
{
    [Theory]
    [InlineData("NONE")]
    [InlineData("LOWER")]
    [InlineData("UPPER")]
    public void ChangesCase(string action) => OperatorCheck.Run(Model(("case_change_action", action)));

    [Fact]
    public void DropsStopWordsOfConstants()
    {
        ModelBuilder model = new ModelBuilder()
            .Initializer(Protos.StringTensor("x", [3], "Monday", "x", "MONDAY"))
            .Node("StringNormalizer", ["x"], ["y"], ("stopwords", new[] { "monday" }), ("case_change_action", "UPPER"))
            .Output("y");
        ScheduleCheck.Evaluate(model).ToStrings().ShouldBe(["X"]);
    }

    [Theory]
    [InlineData("MONDAY", "")]
    [InlineData("x", "x")]
    public void OneStringMayBeAStopWord(string text, string expected) => CompiledModel.Compile(new ModelBuilder()
        .Input("x", OnnxDataType.String, 1)
        .Node("StringNormalizer", ["x"], ["y"], ("stopwords", new[] { "monday" }))
        .Output("y").ToBytes()).Run(Tensor.OfStrings(new Shape(1), [text]))[0].ToStrings().ShouldBe([expected]);

    [Fact]
    public void RefusesStopWordsOfInputs() => OperatorCheck.Fails(Model(("stopwords", new[] { "a" }))).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    private static ModelBuilder Model((string, object) attribute) => new ModelBuilder()
        .Input("x", OnnxDataType.String, 7)
        .Node("StringNormalizer", ["x"], ["y"], attribute)
        .Output("y");
}
