using System.Linq;
using AotCompiler.Compiler;
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

    /// <summary>The same with a batch and a length that each run chooses, read from either end.</summary>
    [Theory]
    [InlineData("first")]
    [InlineData("last")]
    public void TokensOfTextsOfAnyLength(string read)
    {
        ModelBuilder model = Selected(Layer("batch", "seq"), "out", read).Output("y");
        RowsOfTheRun(model, "batch=1..3;seq=1..9").ShouldBe((2, 6));
        RunTimeSizesCheck.Run(model, "batch=1..3;seq=1..9", ["batch=1;seq=1", "batch=3;seq=9", "batch=2;seq=5"]);
    }

    /// <summary>The text's end is found in the tokens: one row of each text, as exporters write it, with sizes that are known and such that are not.</summary>
    [Theory]
    [InlineData("sums", "2", "6", "")]
    [InlineData("sums", "batch", "6", "batch=1..3")]
    [InlineData("sums", "batch", "seq", "batch=1..3;seq=2..9")]
    [InlineData("sums", "1", "seq", "seq=2..9")]
    [InlineData("pairs", "2", "6", "")]
    [InlineData("pairs", "batch", "seq", "batch=1..3;seq=2..9")]
    [InlineData("batched", "3", "6", "")]
    [InlineData("batched", "1", "6", "")]
    [InlineData("one", "1", "6", "")]
    [InlineData("one", "1", "seq", "seq=2..9")]
    public void TheRowThatEndsATextIsFoundInIt(string form, string batch, string tokens, string ranges)
    {
        object batchSize = int.TryParse(batch, out int b) ? b : batch;
        object length = int.TryParse(tokens, out int t) ? t : tokens;
        ModelBuilder model = AtTheEnd(Layer(batchSize, length).Input("ids", OnnxDataType.Int64, [batchSize, length]), form).Output("y");
        if (ranges.Length == 0)
        {
            Graph graph = PassCheck.Run(model, Passes());
            graph.Nodes.Where(static n => n.Operator.Name == "MatMul").Count(static p => p.Output.Shape[p.Output.Shape.Rank - 2] == Tokens).ShouldBe(2);
            OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
        }
        else
        {
            RowsOfTheRun(model, ranges).ShouldBe((2, 6));
            string[] sizes = ["batch=1;seq=2", "batch=3;seq=9", "batch=2;seq=5"];
            RunTimeSizesCheck.Run(model, ranges, sizes.Select(s => string.Join(";", s.Split(';').Where(d => ranges.Contains(d.Split('=')[0])))).ToArray());
        }
    }

    /// <summary>Rows of all texts whose numbers might be those of another text, more rows than half, and rows of a count that may be 0.</summary>
    [Theory]
    [InlineData("any row of all")]
    [InlineData("too many")]
    [InlineData("counted")]
    public void RowsThatMightBeAnyStay(string what)
    {
        ModelBuilder model = what == "counted"
            ? Layer().Input("marks", OnnxDataType.Bool, 2).Initializer("list", [1], -1L)
                .Node("NonZero", ["marks"], ["places"]).Node("Reshape", ["places", "list"], ["i"]).Node("Gather", ["out", "i"], ["y"], ("axis", 1))
            : what == "too many"
            ? Layer().Input("i", OnnxDataType.Int64, 4).Node("Gather", ["out", "i"], ["y"], ("axis", 1))
            : Layer(2, Tokens).Input("i", OnnxDataType.Int64, 2).Initializer("rows", [2], -1L, Features).Node("Reshape", ["out", "rows"], ["flat_out"]).Node("Gather", ["flat_out", "i"], ["y"]);
        model = model.Output("y");
        string before = PassCheck.Operators(PassCheck.Run(model, 0, 2, Passes()[..^1]));
        PassCheck.Operators(PassCheck.Run(model, 0, 2, Passes())).ShouldBe(before);
    }

    /// <summary>An index that is not there ends the run as before.</summary>
    [Fact]
    public void IndicesAreStillChecked()
    {
        ModelBuilder model = Layer().Input("i", OnnxDataType.Int64).Node("Gather", ["out", "i"], ["y"], ("axis", 1)).Output("y");
        CompiledModel compiled = CompiledModel.Compile(model.ToBytes(), "auto", new CompilerOptions());
        Tensor Token(long i) => Tensor.Create(ElementType.Int64, Shape.Scalar, [i]);
        Tensor x = OperatorCheck.RandomTensor(compiled.Graph.Inputs[0], new System.Random(1));
        compiled.Run([x, Token(-1)]).ShouldEqualBits(compiled.Run([x, Token(Tokens - 1)]), "the last token");
        Should.Throw<System.Exception>(() => compiled.Run([x, Token(Tokens)]));
    }

    /// <summary>A part of the columns needs a part of constant weights.</summary>
    [Fact]
    public void ColumnsOfConstantWeights() => PassCheck.Run(
        Weights(new ModelBuilder().Input("x", OnnxDataType.Float, 2, 5, 3), "w0", 3, 4)
            .Initializer("c", [4], 1f, 2f, 3f, 4f)
            .Node("MatMul", ["x", "w0"], ["a"])
            .Node("Add", ["a", "c"], ["b"])
            .Initializer("i", [2], 1L, 2L).Node("Gather", ["b", "i"], ["y"], ("axis", 2)).Output("y"),
        Passes()).Nodes.Single(static n => n.Operator.Name == "MatMul").Output.Shape.ShouldBe(new Shape(2, 5, 2));

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

    /// <summary>Columns of a product with weights that are known only at run time, a result that somebody reads as a whole, indices that are no neighbours, and parts without a product before them.</summary>
    [Theory]
    [InlineData("columns")]
    [InlineData("read twice")]
    [InlineData("apart")]
    [InlineData("steps")]
    [InlineData("no product")]
    [InlineData("softmax over it")]
    public void OthersStay(string what)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 2, 5, 3);
        model = (what == "columns" ? model.Input("w0", OnnxDataType.Float, 3, 4) : Weights(model, "w0", 3, 4))
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
        for (int i = 0; i < 200; i++)
        {
            model = model.Node("Sin", [$"v{i}"], [$"v{i + 1}"]);
        }

        PassCheck.Run(model.Initializer("i", [], 1L).Node("Gather", ["v200", "i"], ["y"]).Output("y"), new EarlySelection()).Nodes[0].Output.Shape.ShouldBe(new Shape(5, 4));
    }

    private static GraphPass[] Passes() =>
        [new DeadCode(), new OperatorSimplification(), new CommonSubexpressions(), new ReshapeCleaning(), new EarlySelection()];

    /// <summary>Products of all tokens, and of one.</summary>
    private static (int All, int One) RowsOfTheRun(ModelBuilder model, string ranges)
    {
        Graph graph = OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions(ranges) });
        Optimizer.RunToFixedPoint(graph, Passes(), default);
        GraphVerifier.Verify(graph, "the passes");
        Shape[] products = graph.Nodes.Where(static n => n.Operator.Name == "MatMul").Select(static n => n.Output.Shape).ToArray();
        return (products.Count(static s => s.Extent(s.Rank - 2) != 1), products.Count(static s => s.Extent(s.Rank - 2) == 1));
    }

    /// <summary>Of each text the row where the largest token is.</summary>
    private static ModelBuilder AtTheEnd(ModelBuilder model, string form)
    {
        model = model
            .Node("ArgMax", ["ids"], ["end"], ("axis", -1), ("keepdims", 0))
            .Initializer("zero", [], 0L).Initializer("step", [], 1L).Initializer("last", [1], -1L).Initializer("rows", [2], -1L, Features)
            .Node("Shape", ["out"], ["shape"])
            .Node("Gather", ["shape", "zero"], ["count"])
            .Node("Gather", ["shape", "step"], ["length"])
            .Node("Range", ["zero", "count", "step"], ["numbers"]);
        return form switch
        {
            "sums" => model.Node("Mul", ["numbers", "length"], ["starts"])
                .Node("Add", ["end", "starts"], ["row"])
                .Node("Reshape", ["out", "rows"], ["all"])
                .Node("Gather", ["all", "row"], ["y"], ("axis", 0)),
            "pairs" => model.Node("Unsqueeze", ["numbers", "last"], ["first"])
                .Node("Unsqueeze", ["end", "last"], ["second"])
                .Node("Concat", ["first", "second"], ["row"], ("axis", -1))
                .Node("GatherND", ["out", "row"], ["y"]),
            "batched" => model.Node("Unsqueeze", ["end", "last"], ["row"]).Node("GatherND", ["out", "row"], ["y"], ("batch_dims", 1)),
            _ => model.Node("Gather", ["out", "end"], ["y"], ("axis", 1)),
        };
    }

    private static ModelBuilder Selected(ModelBuilder model, string value, string read) => read switch
    {
        "first" => model.Initializer("i", [], 0L).Node("Gather", [value, "i"], ["y"], ("axis", 1)),
        "last" => model.Initializer("i", [1], -1L).Node("Gather", [value, "i"], ["y"], ("axis", 1)),
        _ => model.Initializer("s", [1], 2L).Initializer("e", [1], 4L).Initializer("d", [1], 1L).Node("Slice", [value, "s", "e", "d"], ["y"]),
    };

    /// <summary>x + proj(attention(norm x)), then h + mlp(norm h), with two heads.</summary>
    private static ModelBuilder Layer() => Layer(1, Tokens);

    private static ModelBuilder Layer(object batch, object tokens)
    {
        ModelBuilder model = new ModelBuilder(17).Input("x", OnnxDataType.Float, [batch, tokens, Features]).Initializer("one", [Features], Enumerable.Repeat(1f, Features).ToArray());
        foreach (string name in new[] { "wq", "wk", "wv", "wo" })
        {
            model = Weights(model, name, Features, Features);
        }

        model = Weights(Weights(model, "w1", Features, 2 * Features), "w2", 2 * Features, Features)
            .Initializer("split", [4], 0L, 0L, 2L, Features / 2)
            .Initializer("merged", [3], 0L, 0L, Features)
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
