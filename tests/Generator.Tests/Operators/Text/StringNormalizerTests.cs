using System.Collections.Generic;
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

    [Theory]
    [InlineData(0, new[] { "a", "MON", "b" }, new[] { "A", "B" })]
    [InlineData(1, new[] { "a", "MON", "mon" }, new[] { "A", "MON" })]
    [InlineData(0, new[] { "Mon", "mON", "tue" }, new[] { "" })]
    [InlineData(0, new[] { "x", "", "y" }, new[] { "X", "", "Y" })]
    public void DropsStopWordsOfInputs(int sensitive, string[] texts, string[] expected)
    {
        foreach (long[] shape in new long[][] { [3], [1, 3] })
        {
            ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.String, shape)
                .Node("StringNormalizer", ["x"], ["y"], ("stopwords", new[] { "mon", "tue" }), ("is_case_sensitive", sensitive), ("case_change_action", "UPPER"))
                .Node("Shape", ["y"], ["n"]).Output("y").Output("n");
            IReadOnlyList<Tensor> results = CompiledModel.Compile(model.ToBytes()).Run(Tensor.OfStrings(new Shape(shape.Select(static d => (int)d).ToArray()), texts));
            long[] actual = results[1].ToInt64Array();
            actual.Length.ShouldBe(shape.Length);
            results[0].ToStrings().Take((int)actual[^1]).ShouldBe(expected);
        }
    }

    [Fact]
    public void RefusesStopWordsOfAMatrix() => OperatorCheck.Fails(new ModelBuilder().Input("x", OnnxDataType.String, 2, 3)
        .Node("StringNormalizer", ["x"], ["y"], ("stopwords", new[] { "mon" })).Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model((string, object) attribute) => new ModelBuilder()
        .Input("x", OnnxDataType.String, 7)
        .Node("StringNormalizer", ["x"], ["y"], attribute)
        .Output("y");
}
