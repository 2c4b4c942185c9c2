using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class TokenizerTests
{
    [Fact]
    public void WordsAreCountedAsTheyAreFound()
    {
        CompiledModel model = CompiledModel.Compile(Pipeline(("tokenexp", "[a-z]+")).ToBytes());
        model.Run(Tensor.OfStrings(new Shape(2, 1), ["one two, two", "Zoë"]))[0].Floats().ToArray().ShouldBe([2f, 1, 0, 0]);
    }

    [Fact]
    public void SeparatorsStandBetweenWords()
    {
        CompiledModel model = CompiledModel.Compile(Pipeline(("separators", new[] { " ", "\\?" })).ToBytes());
        model.Run(Tensor.OfStrings(new Shape(2, 1), ["one?two two", "two"]))[0].Floats().ToArray().ShouldBe([2f, 1, 1, 0]);
    }

    [Fact]
    public void ConstantsAreSplitAndPadded()
    {
        Tensor words = ScheduleCheck.Evaluate(new ModelBuilder()
            .Import("com.microsoft", 1)
            .Initializer(Protos.StringTensor("x", [2], "a b c", "d"))
            .Node("com.microsoft", "Tokenizer", ["x"], ["y"], ("separators", new[] { " " }), ("mincharnum", 1), ("pad_value", "#"), ("mark", 0))
            .Output("y"));
        words.Shape.ShouldBe(new Shape(2, 3));
        words.ToStrings().ShouldBe(["a", "b", "c", "d", "#", "#"]);
    }

    [Fact]
    public void RefusesOtherReaders() => OperatorCheck.Fails(new ModelBuilder()
        .Import("com.microsoft", 1)
        .Input("x", OnnxDataType.String, 2)
        .Node("com.microsoft", "Tokenizer", ["x"], ["y"], ("separators", new[] { " " }), ("mincharnum", 1), ("pad_value", "#"), ("mark", 0))
        .Output("y")).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);

    private static ModelBuilder Pipeline((string, object) rule) => new ModelBuilder()
        .Import("com.microsoft", 1)
        .Input("x", OnnxDataType.String, 2, 1)
        .Node("com.microsoft", "Tokenizer", ["x"], ["words"], rule, ("mincharnum", 1), ("pad_value", "#"), ("mark", 0))
        .Node("Flatten", ["words"], ["rows"])
        .Node(
            "TfIdfVectorizer",
            ["rows"],
            ["y"],
            ("mode", "TF"),
            ("min_gram_length", 1),
            ("max_gram_length", 1),
            ("max_skip_count", 0),
            ("ngram_counts", new long[] { 0 }),
            ("ngram_indexes", new long[] { 0, 1 }),
            ("pool_strings", new[] { "two", "one" }))
        .Output("y");
}
