using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Operators.MachineLearning;
using AotCompiler.Operators.Microsoft;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators;

/// <summary>Composed operators on dimensions that are known only at run time: right at every size, or refused.</summary>
public sealed class ComposedOperatorTests
{
    private const string Standard = "";
    private const string Ms = MicrosoftOperator.MicrosoftDomain;
    private const string Ml = MlOperator.MlDomain;

    [Theory]
    [InlineData(Ms, "FastGelu")]
    [InlineData(Ms, "QuickGelu")]
    [InlineData(Ms, "BiasSplitGelu", "bias")]
    [InlineData(Ms, "SkipLayerNormalization", "skip", "scale")]
    [InlineData(Standard, "Shrink")]
    [InlineData(Ml, "Binarizer")]
    public void Follows_the_sizes_of_the_run(string domain, string op, params string[] more) => RunTimeSizesCheck.Run(
        new ModelBuilder(20)
            .Import(Ms, 1)
            .Import(Ml, 3)
            .Input("x", OnnxDataType.Float, ["batch", "seq", 8])
            .Input("skip", OnnxDataType.Float, ["batch", "seq", 8])
            .Initializer("bias", [8], Ramp(8))
            .Initializer("scale", [8], Ramp(8))
            .Node(domain, op, [.. more.Prepend("x")], ["y"])
            .Output("y"),
        "batch=1..3;seq=1..20",
        ["batch=1;seq=1", "batch=2;seq=7", "batch=3;seq=20"]);

    [Theory]
    [InlineData("Normalizer")]
    [InlineData("Scaler")]
    [InlineData("Imputer")]
    public void Follows_the_number_of_samples(string op) => RunTimeSizesCheck.Run(
        new ModelBuilder(20).Import(Ml, 3).Input("x", OnnxDataType.Float, ["rows", 5]).Node(Ml, op, ["x"], ["y"]).Output("y"),
        "rows=1..20",
        ["rows=1", "rows=7", "rows=20"]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Attention_follows_batch_and_lengths(bool masked) => RunTimeSizesCheck.Run(
        new ModelBuilder(20)
            .Import(Ms, 1)
            .Input("q", OnnxDataType.Float, ["batch", "rows", 8])
            .Input("k", OnnxDataType.Float, ["batch", "keys", 8])
            .Input("ends", OnnxDataType.Float, ["batch"])
            .Node("Cast", ["ends"], ["mask"], ("to", 6))
            .Node(Ms, "MultiHeadAttention", masked ? ["q", "k", "k", "", "mask"] : ["q", "k", "k"], ["y"], ("num_heads", 2))
            .Output("y"),
        "batch=1..2;rows=1..9;keys=1..20",
        ["batch=1;rows=1;keys=1", "batch=2;rows=3;keys=17", "batch=2;rows=9;keys=20"],
        low: 1,
        high: 9);

    [Fact]
    public void Rotation_follows_batch_and_length() => RunTimeSizesCheck.Run(
        new ModelBuilder(23)
            .Input("x", OnnxDataType.Float, ["batch", "seq", 8])
            .Input("cos", OnnxDataType.Float, ["batch", "seq", 2])
            .Node("RotaryEmbedding", ["x", "cos", "cos"], ["y"], ("num_heads", 2), ("interleaved", 1))
            .Output("y"),
        "batch=1..2;seq=1..20",
        ["batch=1;seq=1", "batch=2;seq=7", "batch=2;seq=20"]);

    [Theory]
    [InlineData(Ms, "Rfft", "dimension 0 of input 0, batch≤3")]
    public void Refuses_sizes_that_it_needs_as_numbers(string domain, string op, string reason)
    {
        ModelBuilder model = new ModelBuilder(20)
            .Import(Ms, 1)
            .Import(Ml, 3)
            .Input("x", OnnxDataType.Float, ["batch", 8, 8])
            .Node(domain, op, ["x"], ["y"], op switch
            {
                "Rfft" => [("signal_ndim", 1), ("normalized", 0), ("onesided", 1)],
                _ => [],
            })
            .Output("y");
        ModelDiagnostic error = OperatorCheck.Fails(model, new CompilerOptions { Dimensions = OptionParser.Dimensions("batch=1..3") });
        error.Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);
        error.Message.ShouldContain(reason);
        error.Message.ShouldContain("one value instead of a range");
    }

    private static float[] Ramp(int count) => Enumerable.Range(1, count).Select(static i => i / 8f).ToArray();
}
