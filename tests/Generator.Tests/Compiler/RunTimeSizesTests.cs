using System;
using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Compiler;

/// <summary>Dimensions with a range: each run chooses a size, the plan is made for the greatest.</summary>
public sealed class RunTimeSizesTests
{
    /// <summary>As many sequences as each run has walk their steps together, more than walk at once among them.</summary>
    [Theory]
    [InlineData("LSTM", 4, 0)]
    [InlineData("GRU", 3, 0)]
    [InlineData("GRU", 3, 1)]
    [InlineData("RNN", 1, 0)]
    public void RecurrencesOfManySequences(string op, int gates, int linearBeforeReset)
    {
        (string, object)[] attributes = op == "GRU" ? [("hidden_size", 24), ("linear_before_reset", linearBeforeReset)] : [("hidden_size", 24)];
        RunTimeSizesCheck.Run(
            new ModelBuilder(17)
                .Input("x", OnnxDataType.Float, [3, "batch", 10])
                .Initializer("w", [1, gates * 24, 10], Weights.Random(gates * 240, 1))
                .Initializer("r", [1, gates * 24, 24], Weights.Random(gates * 576, 2))
                .Node(op, ["x", "w", "r"], ["y", "h"], attributes)
                .Output("y")
                .Output("h"),
            "batch=1..60",
            ["batch=1", "batch=7", "batch=49", "batch=60"],
            relative: 1e-4);
    }

    [Fact]
    public void ElementwiseBroadcasting() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["batch", "seq", 19])
            .Input("row", OnnxDataType.Float, ["batch", 1, 19])
            .Initializer("b", [19], Ramp(19))
            .Node("Add", ["x", "b"], ["s"])
            .Node("Mul", ["s", "row"], ["p"])
            .Node("Tanh", ["p"], ["y"])
            .Output("y"),
        "batch=1..3;seq=1..40",
        ["batch=1;seq=1", "batch=2;seq=7", "batch=3;seq=40"]);

    [Fact]
    public void ProductsWithRunTimeRowsTermsAndColumns() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["batch", "seq", 24])
            .Initializer("w", [24, 33], Ramp(24 * 33))
            .Node("MatMul", ["x", "w"], ["h"])
            .Node("Transpose", ["h"], ["t"], ("perm", new long[] { 0, 2, 1 }))
            .Node("MatMul", ["h", "t"], ["scores"])
            .Node("Softmax", ["scores"], ["p"], ("axis", -1))
            .Node("MatMul", ["p", "h"], ["y"])
            .Output("y")
            .Output("scores"),
        "batch=1..2;seq=1..50",
        ["batch=1;seq=1", "batch=2;seq=3", "batch=1;seq=16", "batch=2;seq=17", "batch=2;seq=50"],
        -0.1f,
        0.1f);

    [Fact]
    public void PadsToWholeBlocksAndCutsThemOffAgain() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, "seq", 3])
            .Initializer("zero", [1], 0L)
            .Initializer("one", [1], 1L)
            .Initializer("four", [1], 4L)
            .Initializer("two", [1], 2L)
            .Initializer("blocks", [4], 1L, -1L, 4L, 3L)
            .Initializer("rows", [3], 1L, -1L, 3L)
            .Node("Shape", ["x"], ["length"], ("start", 1), ("end", 2))
            .Node("Mod", ["length", "four"], ["rest"])
            .Node("Sub", ["four", "rest"], ["missing"])
            .Node("Mod", ["missing", "four"], ["end"])
            .Node("Concat", ["zero", "zero", "zero", "zero", "end", "zero"], ["pads"], ("axis", 0))
            .Node("Pad", ["x", "pads"], ["whole"])
            .Node("Reshape", ["whole", "blocks"], ["blocked"])
            .Node("ReduceMean", ["blocked", "two"], ["means"])
            .Node("Add", ["blocked", "means"], ["sum"])
            .Node("Reshape", ["sum", "rows"], ["flat"])
            .Node("Slice", ["flat", "zero", "length", "one"], ["cut"])
            .Node("Add", ["cut", "x"], ["y"])
            .Output("means")
            .Output("y"),
        "seq=1..100",
        ["seq=1", "seq=3", "seq=4", "seq=97", "seq=100"]);

    [Fact]
    public void NamesTheSmallestSizeThatWindowsFitInto() => Refusal(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 2, "width"])
            .Node("MaxPool", ["x"], ["h"], ("kernel_shape", new long[] { 3 }), ("strides", new long[] { 2 }))
            .Node("MaxPool", ["h"], ["y"], ("kernel_shape", new long[] { 3 }))
            .Output("y"),
        "width=1..64").ShouldContain("smallest sizes that work: width=7..64.");

    [Fact]
    public void NamesLargerSizesThatWindowsFitInto() => Refusal(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, "rows", "width"])
            .Node("MaxPool", ["x"], ["h"], ("kernel_shape", new long[] { 3 }), ("strides", new long[] { 2 }))
            .Node("MaxPool", ["h"], ["y"], ("kernel_shape", new long[] { 3 }))
            .Output("y"),
        "rows=5;width=3").ShouldEndWith("That is so with rows=5, width=3; it works with width=8.");

    [Fact]
    public void NamesSizesThatAreWholeGroups() => Refusal(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, "width"])
            .Initializer("groups", [2], -1L, 8L)
            .Node("Reshape", ["x", "groups"], ["y"])
            .Output("y"),
        "width=20").ShouldEndWith("That is so with width=20; it works with width=24.");

    [Fact]
    public void NamesTheGivenSizeWhereNoLargerOneFits() => Refusal(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, "width"])
            .Initializer("b", [5], Ramp(5))
            .Node("Add", ["x", "b"], ["y"])
            .Output("y"),
        "width=7").ShouldEndWith("That is so with width=7.");

    [Fact]
    public void NamesTheStepWithWhichHalvesFitTogether() => Refusal(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 2, "h", "w"])
            .Initializer("scales", [4], 1f, 1f, 2f, 1f)
            .Node("MaxPool", ["x"], ["half"], ("kernel_shape", new long[] { 2, 1 }), ("strides", new long[] { 2, 1 }))
            .Node("Resize", ["half", "", "scales"], ["twice"])
            .Node("Add", ["x", "twice"], ["y"])
            .Output("y"),
        "h=8..65;w=1..9").ShouldContain("Steps that work: h=8..64:2.");

    [Fact]
    public void ShapesComputedFromShapes() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["batch", "seq", 8])
            .Initializer("zero", [], 0L)
            .Initializer("one", [], 1L)
            .Initializer("axis0", [1], 0L)
            .Initializer("heads", [1], 2L)
            .Initializer("rest", [1], -1L)
            .Initializer("table", [64, 8], Ramp(64 * 8))
            .Node("Shape", ["x"], ["shape"])
            .Node("Gather", ["shape", "zero"], ["batch"])
            .Node("Gather", ["shape", "one"], ["length"])
            .Node("Range", ["zero", "length", "one"], ["positions"])
            .Node("Gather", ["table", "positions"], ["embedding"])
            .Node("Add", ["x", "embedding"], ["h"])
            .Node("Unsqueeze", ["batch", "axis0"], ["batch1"])
            .Node("Unsqueeze", ["length", "axis0"], ["length1"])
            .Node("Concat", ["batch1", "length1", "heads", "rest"], ["target"], ("axis", 0))
            .Node("Reshape", ["h", "target"], ["split"])
            .Node("Transpose", ["split"], ["y"], ("perm", new long[] { 0, 2, 1, 3 }))
            .Output("y"),
        "batch=1..2;seq=1..21",
        ["batch=1;seq=1", "batch=2;seq=5", "batch=2;seq=21"]);

    [Fact]
    public void SlicesAndConcatAlongRunTimeAxes() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [3, "seq", 5])
            .Initializer("starts", [1], -2L)
            .Initializer("ends", [1], (long)int.MaxValue)
            .Initializer("axes", [1], 1L)
            .Initializer("minus", [1], -1L)
            .Initializer("begin", [1], (long)int.MinValue)
            .Node("Slice", ["x", "starts", "ends", "axes"], ["last"])
            .Node("Slice", ["x", "minus", "begin", "axes", "minus"], ["reversed"])
            .Node("Concat", ["last", "reversed", "x"], ["y"], ("axis", 1))
            .Output("y")
            .Output("last"),
        "seq=2..30",
        ["seq=2", "seq=9", "seq=30"]);

    [Fact]
    public void ReductionsOverRunTimeAxes() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["n", "seq", 37])
            .Initializer("one", [1], 1L)
            .Initializer("both", [2], 0L, 1L)
            .Initializer("last", [1], 2L)
            .Node("ReduceMean", ["x", "one"], ["mean"])
            .Node("ReduceMax", ["x", "both"], ["max"], ("keepdims", 0))
            .Node("Transpose", ["x"], ["t"], ("perm", new long[] { 0, 2, 1 }))
            .Node("ReduceSum", ["t", "last"], ["sum"])
            .Node("ReduceLogSumExp", ["t", "last"], ["lse"])
            .Output("mean")
            .Output("max")
            .Output("sum")
            .Output("lse"),
        "n=1..3;seq=1..300",
        ["n=1;seq=1", "n=2;seq=15", "n=3;seq=100", "n=3;seq=300"]);

    [Fact]
    public void InnerDimensionsMergedByReshape() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["batch", "seq", 6])
            .Initializer("rows", [2], -1L, 6L)
            .Initializer("w", [6, 9], Ramp(54))
            .Node("Reshape", ["x", "rows"], ["flat"])
            .Node("Gemm", ["flat", "w"], ["y"])
            .Output("y"),
        "batch=1..3;seq=1..11",
        ["batch=1;seq=1", "batch=2;seq=4", "batch=3;seq=11"]);

    [Theory]
    [InlineData("constant")]
    [InlineData("edge")]
    [InlineData("reflect")]
    [InlineData("wrap")]
    public void PadsOfRunTimeAxes(string mode) => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["n", 3, "height", "width"])
            .Initializer("pads", [8], 0L, 1L, 2L, 3L, 0L, 0L, 3L, 1L)
            .Initializer("cut", [8], 0L, 0L, -1L, 2L, 0L, 0L, 2L, -3L)
            .Node("Pad", ["x", "pads"], ["y"], ("mode", mode))
            .Node("Pad", ["x", "cut"], ["z"], ("mode", mode))
            .Output("y").Output("z"),
        "n=1..2;height=5..20;width=7..30",
        ["n=1;height=5;width=7", "n=2;height=11;width=16", "n=2;height=20;width=30"]);

    [Fact]
    public void PositionsAlongRunTimeAxes() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["n", "seq", 5])
            .Initializer("k", [1], 3L)
            .Initializer("axis", [], 1L)
            .Node("TopK", ["x", "k"], ["best", "at"], ("axis", 1))
            .Node("ArgMax", ["x"], ["largest"], ("axis", 1))
            .Node("Transpose", ["x"], ["t"], ("perm", new long[] { 0, 2, 1 }))
            .Node("ArgMin", ["t"], ["least"], ("axis", -1), ("select_last_index", 1))
            .Node("CumSum", ["x", "axis"], ["sum"], ("exclusive", 1), ("reverse", 1))
            .Node("Hardmax", ["x"], ["hard"], ("axis", 1))
            .Output("best").Output("at").Output("largest").Output("least").Output("sum").Output("hard"),
        "n=1..2;seq=3..50",
        ["n=1;seq=3", "n=2;seq=17", "n=2;seq=50"]);

    [Fact]
    public void ConvolutionsOfRunTimeHeightAndWidth() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, [1, 3, "h", "w"])
            .Initializer("k1", [20, 3, 3, 3], Ramp(20 * 27))
            .Initializer("k2", [20, 1, 3, 3], Ramp(20 * 9))
            .Initializer("k3", [5, 20, 3, 3], Ramp(5 * 20 * 9))
            .Node("Conv", ["x", "k1"], ["a"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Relu", ["a"], ["b"])
            .Node("Conv", ["b", "k2"], ["c"], ("pads", new long[] { 1, 1, 1, 1 }), ("group", 20))
            .Node("Conv", ["c", "k3"], ["y"], ("pads", new long[] { 1, 1, 1, 1 }), ("strides", new long[] { 2, 2 }))
            .Output("y"),
        "h=3..17;w=3..40",
        ["h=3;w=3", "h=8;w=21", "h=17;w=40", "h=5;w=14"],
        -0.1f,
        0.1f);

    /// <summary>At the greatest size one tile takes the whole row; smaller rows are several smaller tiles.</summary>
    [Fact]
    public void RowsThatAreOneTileAtMost() => RunTimeSizesCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, ["seq", 24])
            .Initializer("w", [24, 40], Ramp(24 * 40))
            .Node("MatMul", ["x", "w"], ["y"])
            .Output("y"),
        "seq=1..7",
        ["seq=1", "seq=3", "seq=6", "seq=7"]);

    [Fact]
    public void ValuesOutsideTheRangeAreRefused()
    {
        CompiledModel model = CompiledModel.Compile(Doubling().ToBytes(), options: new CompilerOptions { Dimensions = OptionParser.Dimensions("seq=4..12:4") });
        var input = Ir.Tensor.Create(Ir.ElementType.Float32, new Ir.Shape(6), new float[6]);
        foreach (int size in new[] { 0, 6, 16 })
        {
            Should.Throw<ArgumentException>(() => model.RunAt([size], input)).Message.ShouldContain("'seq'");
        }

        Should.Throw<ArgumentException>(() => model.RunAt([8], input)).Message.ShouldContain("8 elements");
    }

    [Fact]
    public void RunsAllocateNothing()
    {
        CompilationResult result = Compile(Doubling(), "seq=1..12");
        result.Sources[0].Text.ShouldContain("public void Run(global::System.ReadOnlySpan<float> x, global::System.Span<float> y, int seq)");
        result.Sources[0].Text.ShouldContain("public global::System.ReadOnlySpan<int> YDimensions");
    }

    [Fact]
    public void ABroadcastThatOnlySomeSizesAllowIsRefused()
    {
        CompilationResult result = Compile(
            new ModelBuilder()
                .Input("x", OnnxDataType.Float, ["seq"])
                .Initializer("b", [12], Ramp(12))
                .Node("Add", ["x", "b"], ["y"])
                .Output("y"),
            "seq=2..12");
        ModelDiagnostic error = result.Diagnostics.Single(static d => d.Severity == DiagnosticSeverity.Error);
        error.Message.ShouldContain("seq = 2");
    }

    [Theory]
    [InlineData("seq=0..4")]
    [InlineData("seq=5..4")]
    [InlineData("seq=1..9:2")]
    [InlineData("seq=1..x")]
    public void MalformedRanges(string text) => Should.Throw<ModelException>(() => OptionParser.Dimensions(text)).Diagnostic.Code.ShouldBe(DiagnosticCodes.OptionInvalid);

    /// <summary>However it was written: as text, or by a program that makes the options itself.</summary>
    [Fact]
    public void ARangeOfOneValueIsThatValue()
    {
        OptionParser.Dimensions("seq=1..1").ShouldHaveSingleItem().IsRange.ShouldBeFalse();
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, ["seq", 8]).Initializer("w", [8, 8], Ramp(64)).Node("MatMul", ["x", "w"], ["y"]).Output("y");
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, new CompilerOptions { Dimensions = new EquatableArray<DimensionBinding>([new DimensionBinding("seq", 1) { Minimum = 1 }]) });
        result.Success.ShouldBeTrue(string.Join("\n", result.Diagnostics));
    }

    private static ModelBuilder Doubling() => new ModelBuilder()
        .Input("x", OnnxDataType.Float, ["seq"])
        .Node("Add", ["x", "x"], ["y"])
        .Output("y");

    private static CompilationResult Compile(ModelBuilder model, string ranges) =>
        ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges) });

    private static string Refusal(ModelBuilder model, string ranges) =>
        Compile(model, ranges).Diagnostics.Single(static d => d.Severity == DiagnosticSeverity.Error).Message;

    private static float[] Ramp(int count) => Enumerable.Range(0, count).Select(static i => ((i * 7 % 23) - 11) / 16f).ToArray();
}
