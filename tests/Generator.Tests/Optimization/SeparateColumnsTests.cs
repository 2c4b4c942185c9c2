using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class SeparateColumnsTests
{
    private const int Tokens = 6;
    private const int Features = 8;
    private const int Heads = 2;

    /// <summary>Queries, keys and values of one product, however an exporter takes them apart: queries of the row that is read, the others of all.</summary>
    [Theory]
    [InlineData("split columns", "batch=1..3;seq=1..9")]
    [InlineData("slices of columns", "batch=1..3;seq=1..9")]
    [InlineData("split columns", "")]
    [InlineData("parts of a transposed axis", "batch=1..3;seq=1..9")]
    [InlineData("parts of a transposed axis", "")]
    [InlineData("gemm", "")]
    public void OnlyTheQueriesThatAreReadAreComputed(string form, string ranges)
    {
        bool fixedSizes = ranges.Length == 0;
        ModelBuilder model = Gather(Layer(form, fixedSizes ? 1 : "batch", fixedSizes ? Tokens : "seq"), "out");
        Graph graph = OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges) });
        Optimizer.RunToFixedPoint(graph, Passes(), default);
        GraphVerifier.Verify(graph, "the passes");

        Node[] products = graph.Nodes.Where(static n => n.Operator.Name is "MatMul" or "Gemm" && n.Inputs[1]!.IsConstant).ToArray();
        products.Select(static n => n.Output.Shape[n.Output.Shape.Rank - 1]).ShouldBe(Enumerable.Repeat(Features, 4));
        products.Count(static n => n.Output.Shape.Extent(n.Output.Shape.Rank - 2) == 1).ShouldBe(2);
        if (fixedSizes)
        {
            PassCheck.Run(model, Passes());
            OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
        }
        else
        {
            RunTimeSizesCheck.Run(model, ranges, ["batch=1;seq=1", "batch=3;seq=9", "batch=2;seq=5"]);
        }
    }

    /// <summary>All rows are read, the product is read once more, pieces overlap, or weights are known only at run time.</summary>
    [Theory]
    [InlineData("all rows")]
    [InlineData("read elsewhere")]
    [InlineData("overlap")]
    [InlineData("weights of the run")]
    public void OthersStayJoined(string what)
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", OnnxDataType.Float, 2, Tokens, Features);
        model = (what == "weights of the run" ? model.Input("w", OnnxDataType.Float, Features, 2 * Features) : Weights(model, "w", 2 * Features))
            .Node("MatMul", ["x", "w"], ["p"])
            .Initializer("s0", [1], 0L).Initializer("e0", [1], what == "overlap" ? Features + 1L : Features).Initializer("axis", [1], -1L)
            .Initializer("s1", [1], (long)Features).Initializer("e1", [1], 2L * Features)
            .Node("Slice", ["p", "s0", "e0", "axis"], ["a"])
            .Node("Slice", ["p", "s1", "e1", "axis"], ["b"]);
        model = what == "all rows" ? model.Output("a") : Gather(model, "a");
        model = (what == "read elsewhere" ? model.Output("p") : model).Output("b");
        Node[] products = PassCheck.Run(model, Passes()).Nodes.Where(static n => n.Operator.Name == "MatMul").ToArray();
        products.Length.ShouldBe(1);
        products[0].Output.Shape.ShouldBe(new Shape(2, Tokens, 2 * Features));
    }

    private static GraphPass[] Passes() =>
        [new DeadCode(), new ConstantFolding(), new OperatorSimplification(), new CommonSubexpressions(), new ReshapeCleaning(), new SeparateColumns(), new EarlySelection()];

    private static ModelBuilder Gather(ModelBuilder model, string value) => model.Initializer("i", [], 0L).Node("Gather", [value, "i"], ["y"], ("axis", 1)).Output("y");

    /// <summary>proj(attention(x)) with two heads.</summary>
    private static ModelBuilder Layer(string form, object batch, object tokens)
    {
        ModelBuilder model = Weights(Weights(new ModelBuilder(17).Input("x", OnnxDataType.Float, [batch, tokens, Features]), "w", 3 * Features), "wo", Features)
            .Initializer("bias", [3 * Features], Enumerable.Range(0, 3 * Features).Select(static i => i * 0.01f).ToArray())
            .Initializer("merged", [3], 0L, 0L, Features);
        if (form == "gemm")
        {
            model = model.Initializer("rows", [2], -1L, Features).Initializer("texts", [3], -1L, Tokens, 3 * Features)
                .Node("Reshape", ["x", "rows"], ["flat"])
                .Node("Gemm", ["flat", "w", "bias"], ["sums"])
                .Node("Reshape", ["sums", "texts"], ["qkv"]);
        }
        else
        {
            model = model.Node("MatMul", ["x", "w"], ["sums"]).Node("Add", ["bias", "sums"], ["qkv"]);
        }

        return (form == "parts of a transposed axis" ? TransposedParts(model) : Columns(model, form == "slices of columns"))
            .Node("Transpose", ["k"], ["kt"], ("perm", new long[] { 0, 1, 3, 2 }))
            .Node("MatMul", ["q", "kt"], ["scores"])
            .Node("Softmax", ["scores"], ["p"], ("axis", -1))
            .Node("MatMul", ["p", "v"], ["heads"])
            .Node("Transpose", ["heads"], ["together"], ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Reshape", ["together", "merged"], ["joined"])
            .Node("MatMul", ["joined", "wo"], ["out"]);
    }

    /// <summary>[batch, tokens, 3, heads, features] with the parts brought to the front.</summary>
    private static ModelBuilder TransposedParts(ModelBuilder model)
    {
        model = model.Initializer("split", [5], 0L, 0L, 3L, Heads, Features / Heads)
            .Node("Reshape", ["qkv", "split"], ["parts"])
            .Node("Transpose", ["parts"], ["fronted"], ("perm", new long[] { 2, 0, 3, 1, 4 }));
        for (int i = 0; i < 3; i++)
        {
            model = model.Initializer($"i{i}", [], (long)i).Node("Gather", ["fronted", $"i{i}"], ["qkv"[i].ToString()], ("axis", 0));
        }

        return model;
    }

    private static ModelBuilder Columns(ModelBuilder model, bool slices)
    {
        model = model.Initializer("split", [4], 0L, 0L, Heads, Features / Heads).Initializer("axis", [1], -1L);
        for (int i = 0; i < 3 && slices; i++)
        {
            model = model.Initializer($"s{i}", [1], (long)i * Features).Initializer($"e{i}", [1], i == 2 ? long.MaxValue : (i + 1L) * Features)
                .Node("Slice", ["qkv", $"s{i}", $"e{i}", "axis"], [$"{"qkv"[i]}0"]);
        }

        model = slices ? model : model.Node("Split", ["qkv"], ["q0", "k0", "v0"], ("axis", -1), ("num_outputs", 3));
        foreach (char part in "qkv")
        {
            model = model.Node("Reshape", [$"{part}0", "split"], [$"{part}1"]).Node("Transpose", [$"{part}1"], [$"{part}"], ("perm", new long[] { 0, 2, 1, 3 }));
        }

        return model;
    }

    private static ModelBuilder Weights(ModelBuilder model, string name, int columns) =>
        model.Initializer(name, [Features, columns], Support.Weights.Random(Features * columns, name.Length));
}
