using AotCompiler.Diagnostics;
using AotCompiler.Compiler;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Compiler;

/// <summary>Operators whose numbers come from dimensions that each run chooses.</summary>
public sealed class RunTimeOperatorsTests
{
    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 2)]
    public void CausalAttentionOfAnyLength(int heads, int groups) => RunTimeSizesCheck.Run(
        new ModelBuilder(24)
            .Input("q", OnnxDataType.Float, ["batch", "seq", 8 * heads])
            .Input("k", OnnxDataType.Float, ["batch", "keys", 8 * groups])
            .Input("v", OnnxDataType.Float, ["batch", "keys", 8 * groups])
            .Input("mask", OnnxDataType.Float, ["seq", "keys"])
            .Node("Attention", ["q", "k", "v", "mask"], ["y"], ("q_num_heads", heads), ("kv_num_heads", groups), ("is_causal", 1))
            .Output("y"),
        "batch=1..2;seq=1..9;keys=1..20",
        ["batch=1;seq=1;keys=1", "batch=2;seq=5;keys=17", "batch=2;seq=9;keys=20"],
        relative: 1e-4);

    [Fact]
    public void AttentionWithAPastOfAnyLength() => RunTimeSizesCheck.Run(
        new ModelBuilder(24)
            .Input("q", OnnxDataType.Float, ["batch", 2, "seq", 8])
            .Input("k", OnnxDataType.Float, ["batch", 2, "seq", 8])
            .Input("v", OnnxDataType.Float, ["batch", 2, "seq", 8])
            .Input("pk", OnnxDataType.Float, ["batch", 2, "past", 8])
            .Input("pv", OnnxDataType.Float, ["batch", 2, "past", 8])
            .Node("Attention", ["q", "k", "v", "", "pk", "pv"], ["y", "nk", "nv"], ("is_causal", 1))
            .Output("y")
            .Output("nk"),
        "batch=1..2;seq=1..6;past=1..12",
        ["batch=1;seq=1;past=1", "batch=2;seq=3;past=7", "batch=2;seq=6;past=12"],
        relative: 1e-4);

    [Theory]
    [InlineData("bsi,bti->bst")]
    [InlineData("bsi,btj->bstij")]
    [InlineData("bsi,bti->t")]
    public void Einsum(string equation) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("a", OnnxDataType.Double, ["batch", "seq", 3])
            .Input("b", OnnxDataType.Double, ["batch", "seq", 3])
            .Node("Einsum", ["a", "b"], ["y"], ("equation", equation))
            .Output("y"),
        "batch=1..2;seq=1..9",
        ["batch=1;seq=1", "batch=2;seq=5", "batch=2;seq=9"]);

    [Fact]
    public void EinsumOfADiagonal() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("a", OnnxDataType.Float, [2, "seq", "seq"]).Node("Einsum", ["a"], ["y"], ("equation", "bii->bi")).Output("y"),
        "seq=1..9",
        ["seq=1", "seq=6", "seq=9"]);

    [Fact]
    public void NegativeIndicesOfRunTimeAxes() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["seq", 4])
            .Initializer("i", [2, 4], -1L, 0, -1, 0, 0, -1, 0, -1)
            .Initializer("u", [2, 4], 1f, 2, 3, 4, 5, 6, 7, 8)
            .Node("GatherElements", ["x", "i"], ["g"], ("axis", 0))
            .Node("ScatterElements", ["x", "i", "u"], ["s"], ("axis", 0))
            .Output("g")
            .Output("s"),
        "seq=2..9",
        ["seq=2", "seq=6", "seq=9"]);

    [Fact]
    public void GroupsOfChannels() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["batch", 4, "height", 5])
            .Initializer("s", [4], 1f, 2, 3, 4)
            .Initializer("b", [4], 4f, 3, 2, 1)
            .Node("GroupNormalization", ["x", "s", "b"], ["g"], ("num_groups", 2))
            .Node("InstanceNormalization", ["g", "s", "b"], ["y"])
            .Output("y"),
        "batch=1..2;height=2..9",
        ["batch=1;height=2", "batch=2;height=5", "batch=2;height=9"],
        relative: 1e-4);

    [Fact]
    public void AxesComputedFromTheRank() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["seq", 4])
            .Initializer("one", [], 1L)
            .Node("Shape", ["x"], ["shape"])
            .Node("Size", ["shape"], ["rank"])
            .Node("Range", ["one", "rank", "one"], ["axes"])
            .Node("ReduceSum", ["x", "axes"], ["y"])
            .Output("y"),
        "seq=1..9",
        ["seq=1", "seq=6", "seq=9"]);

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    public void ScansOfAnyLength(long backwards) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("start", OnnxDataType.Float, 2)
            .Input("x", OnnxDataType.Float, ["seq", 2])
            .Node("Scan", ["start", "x"], ["last", "all"], ("num_scan_inputs", 1), ("scan_input_directions", new[] { backwards }), ("scan_output_directions", new[] { backwards }), ("body", new GraphBuilder()
                .Input("s", OnnxDataType.Float, 2)
                .Input("p", OnnxDataType.Float, 2)
                .Node("Add", ["s", "p"], ["t"])
                .Node("Identity", ["t"], ["c"])
                .Output("t")
                .Output("c")))
            .Output("last")
            .Output("all"),
        "seq=1..9",
        ["seq=1", "seq=6", "seq=9"]);

    [Fact]
    public void OnesOnADiagonal() => RunTimeSizesCheck.Run(
        new ModelBuilder().Input("x", OnnxDataType.Float, ["n", "m"]).Node("EyeLike", ["x"], ["y"], ("k", 1)).Output("y"),
        "n=1..4;m=1..5",
        ["n=1;m=1", "n=3;m=4", "n=4;m=5"]);

    [Fact]
    public void ClassifiersOfAnyNumberOfRows() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Import("ai.onnx.ml", 1)
            .Input("x", OnnxDataType.Float, ["rows", 2])
            .Node("ai.onnx.ml", "LinearClassifier", ["x"], ["label", "scores"], ("coefficients", new[] { 1f, 2, 3, 4, -5, 6 }), ("intercepts", new[] { 0.5f, 0, -0.5f }), ("post_transform", "SOFTMAX"), ("classlabels_ints", new long[] { 7, 8, 9 }))
            .Node("ai.onnx.ml", "ArrayFeatureExtractor", ["scores", "column"], ["one"])
            .Node("ai.onnx.ml", "FeatureVectorizer", ["x", "one"], ["all"], ("inputdimensions", new long[] { 2, 1 }))
            .Initializer("column", [1], 1L)
            .Output("label")
            .Output("scores")
            .Output("all"),
        "rows=1..9",
        ["rows=1", "rows=6", "rows=9"],
        relative: 1e-4);

    [Fact]
    public void TreesOfAnyNumberOfRows() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Import("ai.onnx.ml", 1)
            .Input("x", OnnxDataType.Float, ["rows", 2])
            .Node(
                "ai.onnx.ml",
                "TreeEnsembleRegressor",
                ["x"],
                ["y"],
                ("nodes_treeids", new long[] { 0, 0, 0 }),
                ("nodes_nodeids", new long[] { 0, 1, 2 }),
                ("nodes_featureids", new long[] { 1, 0, 0 }),
                ("nodes_modes", new[] { "BRANCH_LEQ", "LEAF", "LEAF" }),
                ("nodes_values", new float[] { 0, 0, 0 }),
                ("nodes_truenodeids", new long[] { 1, 0, 0 }),
                ("nodes_falsenodeids", new long[] { 2, 0, 0 }),
                ("target_treeids", new long[] { 0, 0 }),
                ("target_nodeids", new long[] { 1, 2 }),
                ("target_ids", new long[] { 0, 0 }),
                ("target_weights", new[] { 3f, 5f }))
            .Output("y"),
        "rows=1..9",
        ["rows=1", "rows=6", "rows=9"]);

    [Fact]
    public void CachesOfGroupedQueries() => RunTimeSizesCheck.Run(
        new ModelBuilder(24)
            .Import("com.microsoft", 1)
            .Input("q", OnnxDataType.Float, ["batch", 1, 32])
            .Input("k", OnnxDataType.Float, ["batch", 1, 16])
            .Input("v", OnnxDataType.Float, ["batch", 1, 16])
            .Input("pk", OnnxDataType.Float, ["batch", 2, 6, 8])
            .Input("pv", OnnxDataType.Float, ["batch", 2, 6, 8])
            .Input("x", OnnxDataType.Float, ["batch"])
            .Initializer("t", [], 6)
            .Initializer("three", [], 3)
            .Node("Cast", ["x"], ["n0"], ("to", 6))
            .Node("Sub", ["n0", "n0"], ["n1"])
            .Node("Add", ["n1", "three"], ["n"])
            .Node("com.microsoft", "GroupQueryAttention", ["q", "k", "v", "pk", "pv", "n", "t"], ["y", "nk", "nv"], ("num_heads", 4), ("kv_num_heads", 2))
            .Output("y")
            .Output("nk"),
        "batch=2..4",
        ["batch=2", "batch=3", "batch=4"],
        relative: 1e-4);

    [Fact]
    public void DistancesOfAnyNumberOfFeatures() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Import("com.microsoft", 1)
            .Input("a", OnnxDataType.Float, ["rows", "features"])
            .Input("b", OnnxDataType.Float, [3, "features"])
            .Node("com.microsoft", "CDist", ["a", "b"], ["y"])
            .Output("y"),
        "rows=1..4;features=1..40",
        ["rows=1;features=1", "rows=3;features=17", "rows=4;features=40"],
        relative: 1e-4);

    [Theory]
    [InlineData("Gemm")]
    [InlineData("MatMul")]
    [InlineData("Add")]
    public void ARepetitionAtOneSizeOnlyIsRefused(string op)
    {
        ModelBuilder model = op switch
        {
            "Gemm" => new ModelBuilder().Input("a", OnnxDataType.Float, 2, 7).Input("b", OnnxDataType.Float, 7, 4).Input("c", OnnxDataType.Float, ["n", 4]).Node("Gemm", ["a", "b", "c"], ["y"]),
            "MatMul" => new ModelBuilder().Input("a", OnnxDataType.Float, [3, "n", 3, 4]).Input("b", OnnxDataType.Float, 1, 2, 4, 2).Node("MatMul", ["a", "b"], ["y"]),
            _ => new ModelBuilder().Input("a", OnnxDataType.Float, [3, "n"]).Input("b", OnnxDataType.Float, 3, 2).Node("Add", ["a", "b"], ["y"]),
        };
        OperatorCheck.Fails(model.Output("y"), new CompilerOptions { Dimensions = OptionParser.Dimensions("n=1..2") }).Code.ShouldBe(DiagnosticCodes.ShapeNotConstant);
    }

    /// <summary>The greatest size is the fixed one, where nothing would be left to resize.</summary>
    [Fact]
    public void ResizingToAFixedSizeIsNoIdentity() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 1, "n", 4])
            .Initializer("sizes", [4], 1L, 1, 8, 4)
            .Node("Resize", ["x", "", "", "sizes"], ["y"])
            .Output("y"),
        "n=2..8",
        ["n=2", "n=5", "n=8"]);
}
