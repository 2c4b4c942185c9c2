using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Text;

public sealed class TfIdfVectorizerTests
{
    [Theory]
    [InlineData("TF", 0)]
    [InlineData("IDF", 1)]
    [InlineData("TFIDF", 5)]
    public void CountsGrams(string mode, int skip)
    {
        OperatorCheck.Run(Model(OnnxDataType.Int64, mode, skip, ("pool_int64s", new long[] { 0, 1, -1, 1, 1, -1, 0 })));
        OperatorCheck.Run(Model(OnnxDataType.Int32, mode, skip, ("pool_int64s", new long[] { 0, 1, -1, 1, 1, -1, 0 })));
        OperatorCheck.Run(Model(OnnxDataType.String, mode, skip, ("pool_strings", new[] { "a", "b", "", "a", "b", "a", "a" })));
    }

    [Fact]
    public void RefusesOtherCounts() => OperatorCheck.Fails(Model(OnnxDataType.Int64, "TF", 0, ("pool_int64s", new long[] { 0 }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(OnnxDataType type, string mode, int skip, (string, object) pool) => new ModelBuilder()
        .Input("x", type, 3, 11)
        .Node(
            "TfIdfVectorizer",
            ["x"],
            ["y"],
            ("mode", mode),
            ("min_gram_length", 1),
            ("max_gram_length", 2),
            ("max_skip_count", skip),
            ("ngram_counts", new long[] { 0, 3 }),
            ("ngram_indexes", new long[] { 4, 0, 2, 1, 3 }),
            ("weights", new[] { 1f, 2, 3, 4, 5 }),
            pool)
        .Output("y");
}
