using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class EarlySelectionTests
{
    private const int Tokens = 6;
    private const int Features = 8;

    /// <summary>The last layer of a classifier as exporters write it: attention and two products, of which one token is read.</summary>
    [Theory]
    [InlineData("first")]
    [InlineData("last")]
    [InlineData("some")]
    public void OnlyTheTokensThatAreReadAreComputed(string read)
    {
        ModelBuilder model = Selected(Layer(), "out", read).Output("y");
        Graph graph = PassCheck.Run(model, Passes());

        int rows = read == "some" ? 2 : 1;
        Node[] products = graph.Nodes.Where(static n => n.Operator.Name == "MatMul").ToArray();
        int Rows(Node product) => product.Output.Shape[product.Output.Shape.Rank - 2];
        products.Length.ShouldBe(8);

        // Keys and values are those of all tokens; queries, scores and all behind them those of the tokens that are read.
        products.Count(p => Rows(p) == Tokens).ShouldBe(2);
        products.Count(p => Rows(p) == rows).ShouldBe(6);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Fact]
    public void RowsOfAGemmAndOfTheBatch()
    {
        Graph rows = PassCheck.Run(
            Weights(new ModelBuilder().Input("x", OnnxDataType.Float, 5, 3), "w0", 3, 4).Input("c", OnnxDataType.Float, 5, 1)
                .Node("Gemm", ["x", "w0", "c"], ["a"])
                .Initializer("i", [2], 2L, 3L).Node("Gather", ["a", "i"], ["y"], ("axis", 0)).Output("y"),
            Passes());
        rows.Nodes.Single(static n => n.Operator.Name == "Gemm").Output.Shape.ShouldBe(new Shape(2, 4));

        Graph batch = PassCheck.Run(
            new ModelBuilder().Input("x", OnnxDataType.Float, 5, 2, 3).Input("z", OnnxDataType.Float, 5, 3, 4)
                .Node("MatMul", ["x", "z"], ["a"])
                .Initializer("i", [], 4L).Node("Gather", ["a", "i"], ["y"], ("axis", 0)).Output("y"),
            Passes());
        batch.Nodes.Single(static n => n.Operator.Name == "MatMul").Output.Shape.ShouldBe(new Shape(1, 2, 4));
    }

    /// <summary>A part of the columns, a result that somebody reads as a whole, indices that are no neighbours, and parts without a product before them.</summary>
    [Theory]
    [InlineData("columns")]
    [InlineData("read twice")]
    [InlineData("apart")]
    [InlineData("steps")]
    [InlineData("no product")]
    [InlineData("softmax over it")]
    public void OthersStay(string what)
    {
        ModelBuilder model = Weights(new ModelBuilder().Input("x", OnnxDataType.Float, 2, 5, 3), "w0", 3, 4)
            .Node(what == "no product" ? "Exp" : "MatMul", what == "no product" ? ["x"] : ["x", "w0"], ["a"])
            .Node(what == "softmax over it" ? "Softmax" : "Relu", ["a"], ["b"], what == "softmax over it" ? [("axis", 1)] : []);
        model = what switch
        {
            "columns" => model.Initializer("i", [], 1L).Node("Gather", ["b", "i"], ["y"], ("axis", 2)),
            "apart" => model.Initializer("i", [2], 0L, 2L).Node("Gather", ["b", "i"], ["y"], ("axis", 1)),
            "steps" => model.Initializer("s", [1], 0L).Initializer("e", [1], 5L).Initializer("d", [1], 1L).Initializer("t", [1], 2L).Node("Slice", ["b", "s", "e", "d", "t"], ["y"]),
            _ => model.Initializer("i", [], 1L).Node("Gather", ["b", "i"], ["y"], ("axis", 1)),
        };
        model = what == "read twice" ? model.Output("b").Output("y") : model.Output("y");
        string before = PassCheck.Operators(OperatorCheck.Import(model.ToBytes()));
        PassCheck.Operators(PassCheck.Run(model, new EarlySelection())).ShouldBe(before);
    }

    /// <summary>A long chain in front of a part is searched only so far.</summary>
    [Fact]
    public void LongChainsEnd()
    {
        ModelBuilder model = Weights(new ModelBuilder().Input("x", OnnxDataType.Float, 5, 3), "w0", 3, 4).Node("MatMul", ["x", "w0"], ["v0"]);
        for (int i = 0; i < 100; i++)
        {
            model = model.Node("Sin", [$"v{i}"], [$"v{i + 1}"]);
        }

        PassCheck.Run(model.Initializer("i", [], 1L).Node("Gather", ["v100", "i"], ["y"]).Output("y"), new EarlySelection()).Nodes[0].Output.Shape.ShouldBe(new Shape(5, 4));
    }

    private static GraphPass[] Passes() =>
        [new DeadCode(), new OperatorSimplification(), new CommonSubexpressions(), new ReshapeCleaning(), new EarlySelection()];

    private static ModelBuilder Selected(ModelBuilder model, string value, string read) => read switch
    {
        "first" => model.Initializer("i", [], 0L).Node("Gather", [value, "i"], ["y"], ("axis", 1)),
        "last" => model.Initializer("i", [1], -1L).Node("Gather", [value, "i"], ["y"], ("axis", 1)),
        _ => model.Initializer("s", [1], 2L).Initializer("e", [1], 4L).Initializer("d", [1], 1L).Node("Slice", [value, "s", "e", "d"], ["y"]),
    };

    /// <summary>x + proj(attention(norm x)), then h + mlp(norm h), with two heads.</summary>
    private static ModelBuilder Layer()
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", OnnxDataType.Float, 1, Tokens, Features).Initializer("one", [Features], Enumerable.Repeat(1f, Features).ToArray());
        foreach (string name in new[] { "wq", "wk", "wv", "wo" })
        {
            model = Weights(model, name, Features, Features);
        }

        model = Weights(Weights(model, "w1", Features, 2 * Features), "w2", 2 * Features, Features)
            .Initializer("split", [4], 1L, Tokens, 2, Features / 2)
            .Initializer("merged", [3], 1L, Tokens, Features)
            .Initializer("scale", [], 0.5f)
            .Node("LayerNormalization", ["x", "one"], ["n"]);
        foreach (string part in new[] { "q", "k", "v" })
        {
            model = model.Node("MatMul", ["n", $"w{part}"], [$"{part}0"])
                .Node("Reshape", [$"{part}0", "split"], [$"{part}1"])
                .Node("Transpose", [$"{part}1"], [part], ("perm", part == "k" ? new long[] { 0, 2, 3, 1 } : [0, 2, 1, 3]));
        }

        return model
            .Node("MatMul", ["q", "k"], ["scores"])
            .Node("Mul", ["scores", "scale"], ["scaled"])
            .Node("Softmax", ["scaled"], ["p"], ("axis", -1))
            .Node("MatMul", ["p", "v"], ["heads"])
            .Node("Transpose", ["heads"], ["together"], ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("Reshape", ["together", "merged"], ["flat"])
            .Node("MatMul", ["flat", "wo"], ["attended"])
            .Node("Add", ["x", "attended"], ["h"])
            .Node("LayerNormalization", ["h", "one"], ["m"])
            .Node("MatMul", ["m", "w1"], ["up"])
            .Node("Relu", ["up"], ["act"])
            .Node("MatMul", ["act", "w2"], ["down"])
            .Node("Add", ["h", "down"], ["out"]);
    }

    private static ModelBuilder Weights(ModelBuilder model, string name, int rows, int columns) =>
        model.Initializer(name, [rows, columns], Support.Weights.Random(rows * columns, name[1]));
}
