using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators.Recurrent;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class TableProductsTests
{
    private const int Words = 20;
    private const int Features = 24;
    private const int Hidden = 5;
    private const int Batch = 3;
    private const int Steps = 4;

    /// <summary>The step reads the rows of the product where they lie, each direction its own columns; biases are in them unless a gate multiplies one.</summary>
    [Theory]
    [InlineData("LSTM", 4, "forward", 0, 0, false)]
    [InlineData("LSTM", 4, "bidirectional", 0, 0, false)]
    [InlineData("LSTM", 4, "bidirectional", 1, 0, false)]
    [InlineData("GRU", 3, "reverse", 0, 0, false)]
    [InlineData("GRU", 3, "bidirectional", 0, 1, true)]
    [InlineData("GRU", 3, "forward", 1, 1, true)]
    [InlineData("RNN", 1, "bidirectional", 0, 0, false)]
    public void RecurrentInputs(string op, int gates, string direction, int layout, int resetsBehind, bool keepsBias)
    {
        ModelBuilder model = Layer(Rows(Batch, Steps), op, gates, direction, layout, resetsBehind).Output("all").Output("yh");
        Graph graph = PassCheck.Run(model, Passes());
        PassCheck.Operators(graph).ShouldBe(layout == 1 ? $"Gather, {op}" : $"Gather, Transpose, {op}");
        Node layer = graph.Nodes[graph.Nodes.Count - 1];
        layer.Input(1).ShouldBeNull();
        (layer.Input(3) is not null).ShouldBe(keepsBias);
        graph.Nodes[0].Required(0).Shape.ShouldBe(new Shape(Words, (direction == "bidirectional" ? 2 : 1) * gates * Hidden));
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    /// <summary>The reversed direction walks one step, whose rows are a part of what was looked up; each direction has its own columns.</summary>
    [Fact]
    public void TheEndOfABidirectionalLayer()
    {
        ModelBuilder model = Layer(Rows(Batch, Steps), "LSTM", 4, "bidirectional", 0, 0)
            .Initializer("step", [], -1L)
            .Node("Gather", ["all", "step"], ["y"], ("axis", 0))
            .Output("y");
        Graph graph = PassCheck.Run(model);
        Node[] layers = graph.Nodes.Where(static n => n.Operator is RecurrentOperator).ToArray();
        layers.Length.ShouldBe(2);
        layers.ShouldAllBe(static n => n.Input(1) == null);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    [Fact]
    public void LayersOfOnePart()
    {
        GraphPass[] late = [.. Passes(), new EarlySelection(), new RecurrentEnds()];
        ModelBuilder model = Layer(Rows(Batch, Steps), "GRU", 3, "bidirectional", 0, 1)
            .Initializer("step", [], 0L)
            .Node("Gather", ["all", "step"], ["y"], ("axis", 0))
            .Output("y");
        Graph graph = PassCheck.Run(model, late);
        graph.Nodes.Count(static n => n.Operator is RecurrentOperator && n.Input(1) is null).ShouldBe(2);
    }

    [Fact]
    public void SequencesOfAnyLength()
    {
        ModelBuilder model = Layer(Rows("b", "t"), "LSTM", 4, "bidirectional", 0, 0).Output("all").Output("yh");
        Graph graph = OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions("b=1..3,t=1..9") });
        Optimizer.RunToFixedPoint(graph, Passes(), default);
        graph.Nodes.Single(static n => n.Operator is RecurrentOperator).Input(1).ShouldBeNull();
        RunTimeSizesCheck.Run(model, "b=1..3,t=1..9", ["b=1,t=9", "b=3,t=1", "b=2,t=4", "b=3,t=9"], relative: 1e-4);
    }

    /// <summary>Two products of one table with the rows in other shapes and orders; a third one reads a part of the rows.</summary>
    [Fact]
    public void Products()
    {
        ModelBuilder model = Rows(Batch, Steps)
            .Initializer("w1", [Features, 10], Weights.Random(Features * 10, 2))
            .Initializer("w2", [7, Features], Weights.Random(7 * Features, 3))
            .Initializer("c", [1, 7], Weights.Random(7, 4))
            .Initializer("flat", [2], -1L, Features)
            .Initializer("axes", [1], 1L)
            .Initializer("step", [1], 2L)
            .Node("Unsqueeze", ["rows", "axes"], ["unsqueezed"])
            .Node("Transpose", ["unsqueezed"], ["moved"], ("perm", new long[] { 2, 1, 0, 3 }))
            .Node("MatMul", ["moved", "w1"], ["y1"])
            .Node("Reshape", ["rows", "flat"], ["flattened"])
            .Node("Gemm", ["flattened", "w2", "c"], ["y2"], ("transB", 1), ("alpha", 0.5f), ("beta", 3f))
            .Node("Gather", ["rows", "step"], ["part"], ("axis", 1))
            .Node("MatMul", ["part", "w1"], ["y3"])
            .Output("y1").Output("y2").Output("y3");
        Graph graph = PassCheck.Run(model);
        PassCheck.Operators(graph).ShouldNotContain("MatMul");
        PassCheck.Operators(graph).ShouldNotContain("Gemm");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    /// <summary>What surrounds the product is done to the table too, before and behind it.</summary>
    [Fact]
    public void BiasesAndFunctionsAroundIt()
    {
        ModelBuilder model = Rows(Batch, Steps)
            .Initializer("s", [], 3f)
            .Initializer("b1", [1, 1, Features], Weights.Random(Features, 2))
            .Initializer("w", [Features, 10], Weights.Random(Features * 10, 3))
            .Initializer("b2", [10], Weights.Random(10, 4))
            .Node("Mul", ["s", "rows"], ["scaled"])
            .Node("Sub", ["b1", "scaled"], ["shifted"])
            .Node("MatMul", ["shifted", "w"], ["product"])
            .Node("Add", ["product", "b2"], ["biased"])
            .Node("Relu", ["biased"], ["y"])
            .Output("y");
        PassCheck.Operators(PassCheck.Run(model)).ShouldBe("Gather");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    /// <summary>A table of 16-bit floats is widened, multiplied, and not rounded again.</summary>
    [Fact]
    public void TablesOfHalves()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("i", OnnxDataType.Int64, Batch)
            .Initializer("table", [Words, Features], Weights.Random(Words * Features, 1))
            .Initializer("w", [Features, 10], Weights.Random(Features * 10, 3))
            .Node("Cast", ["table"], ["halves"], ("to", (long)OnnxDataType.Float16))
            .Node("Gather", ["halves", "i"], ["rows"])
            .Node("Cast", ["rows"], ["wide"], ("to", (long)OnnxDataType.Float))
            .Node("MatMul", ["wide", "w"], ["y"])
            .Output("y");
        PassCheck.Operators(PassCheck.Run(model)).ShouldBe("Gather");
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    /// <summary>Indices count from the end, or end the run, as the table's did.</summary>
    [Fact]
    public void IndicesOfTheTable()
    {
        ModelBuilder model = Product(Words, Features, 10).Output("y");
        CompiledModel compiled = CompiledModel.Compile(model.ToBytes());
        var first = compiled.Run(Tensor.Vector(0, Words - 1, -1))[0].Floats().ToArray();
        first.Skip(10).Take(10).ShouldBe(first.Skip(20));
        compiled.Run(Tensor.Vector(-Words, 0, 0))[0].Floats().ToArray().Take(10).ShouldBe(first.Take(10));
        Should.Throw<System.Exception>(() => compiled.Run(Tensor.Vector(0, Words, 0)));
        Should.Throw<System.Exception>(() => compiled.Run(Tensor.Vector(0, -Words - 1, 0)));
    }

    /// <summary>The sums are those of doubles: no product of a run could be closer to them.</summary>
    [Fact]
    public void SumsAreRoundedOnce()
    {
        float[] table = Weights.Random(Words * Features, 1);
        float[] weights = Weights.Random(Features * 10, 2);
        Tensor product = PassCheck.Run(Product(Words, Features, 10).Output("y"), new TableProducts(), new DeadCode()).Nodes.Single().Required(0).Constant!;
        float[] expected = Enumerable.Range(0, Words * 10)
            .Select(i => (float)Enumerable.Range(0, Features).Sum(k => (double)table[(i / 10 * Features) + k] * weights[(k * 10) + (i % 10)]))
            .ToArray();
        product.Floats().ToArray().ShouldBe(expected);
    }

    /// <summary>Longer rows of many words would make the weights grow; where they are a small part of the model they may.</summary>
    [Theory]
    [InlineData(400, 16, 64, 0, false)]
    [InlineData(400, 64, 16, 0, true)]
    [InlineData(20, 16, 64, 0, true)]
    [InlineData(400, 16, 64, 1000, false)]
    [InlineData(400, 16, 64, 3000, true)]
    [InlineData(20, 4, 4, 0, false)]
    public void WeightsDoNotGrow(int words, int features, int columns, int others, bool multiplied)
    {
        ModelBuilder model = Product(words, features, columns).Node("Tanh", ["y"], ["t"]);
        if (others > 0)
        {
            model.Initializer("v", [columns, others], Weights.Random(columns * others, 5)).Node("MatMul", ["t", "v"], ["z"]);
        }

        Graph graph = PassCheck.Run(model.Output(others > 0 ? "z" : "t"), new TableProducts(), new DeadCode());
        graph.Nodes[0].Required(0).Shape.ShouldBe(new Shape(words, multiplied ? columns : features));
    }

    /// <summary>Rows and tables that others read as they are and weights that others read, where all are large; weights of the run, a bias for each row, products along another axis, and too much work at compile time.</summary>
    [Theory]
    [InlineData("rows")]
    [InlineData("table")]
    [InlineData("weights")]
    [InlineData("input")]
    [InlineData("bias")]
    [InlineData("columns")]
    [InlineData("work")]
    public void OthersStay(string what)
    {
        (int words, int features, int columns) = what switch
        {
            "weights" => (60, 64, 100),
            "work" => (1 << 14, 256, 128),
            _ => (200, Features, 20),
        };
        ModelBuilder model = LookUp(words, features);
        float[] weights = Weights.Random(features * columns, 2);
        model = what switch
        {
            "input" => model.Input("w", OnnxDataType.Float, features, columns).Node("MatMul", ["rows", "w"], ["y"]),
            "bias" => model.Initializer("w", [features, columns], weights).Initializer("c", [3, 1], 1f, 2f, 3f).Node("Gemm", ["rows", "w", "c"], ["y"]),
            "columns" => model.Initializer("w", [3, 8], Weights.Random(24, 2)).Node("Transpose", ["rows"], ["turned"]).Node("MatMul", ["turned", "w"], ["y"]),
            _ => model.Initializer("w", [features, columns], weights).Node("MatMul", ["rows", "w"], ["y"]),
        };
        model = what switch
        {
            "rows" => model.Output("rows"),
            "table" => model.Input("x", OnnxDataType.Float, features).Node("Mul", ["table", "x"], ["z"]).Output("z"),
            "weights" => model.Input("x", OnnxDataType.Float, 1, features).Node("MatMul", ["x", "w"], ["z"]).Output("z"),
            _ => model,
        };
        Graph graph = OperatorCheck.Import(model.Output("y").ToBytes());
        Optimizer.RunToFixedPoint(graph, Passes(), default);
        graph.Outputs.Single(static o => o.Name == "y").Value.Producer!.Operator.Name.ShouldBe(what == "bias" ? "Gemm" : "MatMul");
    }

    /// <summary>Rows beside others: their part of the sums is looked up, and added to the others' product.</summary>
    [Theory]
    [InlineData("Gemm", 0)]
    [InlineData("Gemm", 1)]
    [InlineData("MatMul", 1)]
    [InlineData("MatMul", 2)]
    [InlineData("GRU", 0)]
    [InlineData("GRU", 2)]
    public void RowsBesideOthers(string op, int position)
    {
        ModelBuilder model = Beside(op, position, features: 64).Output("y1").Output("y2");
        Graph graph = PassCheck.Run(model, Passes());
        graph.Nodes.Where(static n => n.Is("Gather")).ShouldAllBe(static n => n.Required(0).Shape[1] != 64);
        string sums = op == "Gemm" ? "Gemm" : "MatMul";
        graph.Nodes.Count(static n => n.Is("Add")).ShouldBe(2);
        graph.Nodes.Where(n => n.Is(sums)).ShouldAllBe(static n => n.Required(0).Shape[n.Required(0).Shape.Rank - 1] == 14);
        OperatorCheck.Run(model, relative: 1e-4, absolute: 1e-5);
    }

    /// <summary>Few columns, and columns that something else reads side by side.</summary>
    [Theory]
    [InlineData(32, false)]
    [InlineData(64, true)]
    public void OthersStayBeside(int features, bool read)
    {
        ModelBuilder model = Beside("Gemm", 0, features).Output("y1").Output("y2");
        model = read ? model.Node("Tanh", ["joined"], ["t"]).Output("t") : model;
        PassCheck.Operators(PassCheck.Run(model, Passes())).ShouldContain("Concat");
    }

    private static GraphPass[] Passes() =>
        [new DeadCode(), new ConstantFolding(), new OperatorSimplification(), new CommonSubexpressions(), new ReshapeCleaning(), new TableFunctions(), new TableProducts()];

    private static ModelBuilder LookUp(int words, int features) => new ModelBuilder()
        .Input("i", OnnxDataType.Int64, 3)
        .Initializer("table", [words, features], Weights.Random(words * features, 1))
        .Node("Gather", ["table", "i"], ["rows"]);

    private static ModelBuilder Product(int words, int features, int columns) => LookUp(words, features)
        .Initializer("w", [features, columns], Weights.Random(features * columns, 2))
        .Node("MatMul", ["rows", "w"], ["y"]);

    /// <summary>Two layers of rows beside 9 and 5 other columns.</summary>
    private static ModelBuilder Beside(string op, int position, int features)
    {
        int columns = features + 14;
        long[] rows = op == "GRU" ? [4, 2] : [4];
        ModelBuilder model = new ModelBuilder(17).Input("i", OnnxDataType.Int64, rows)
            .Initializer("table", [10, features], Weights.Random(10 * features, 1))
            .Node("Gather", ["table", "i"], ["rows"])
            .Input("p", OnnxDataType.Float, [.. rows, 9])
            .Input("q", OnnxDataType.Float, [.. rows, 5]);
        List<string> parts = ["p", "q"];
        parts.Insert(position, "rows");
        model.Node("Concat", [.. parts], ["joined"], ("axis", -1));
        foreach (int k in new[] { 1, 2 })
        {
            _ = op switch
            {
                "GRU" => model.Initializer($"w{k}", [1, 12, columns], Weights.Random(12 * columns, 2 + k)).Initializer($"r{k}", [1, 12, 4], Weights.Random(48, 4 + k))
                    .Initializer($"b{k}", [1, 24], Weights.Random(24, 6 + k)).Node("GRU", ["joined", $"w{k}", $"r{k}", $"b{k}"], [$"y{k}"], ("hidden_size", 4), ("linear_before_reset", k - 1)),
                "MatMul" => model.Initializer($"w{k}", [columns, 20], Weights.Random(columns * 20, 2 + k)).Node("MatMul", ["joined", $"w{k}"], [$"y{k}"]),
                _ => model.Initializer($"w{k}", [20, columns], Weights.Random(columns * 20, 2 + k)).Initializer($"c{k}", [20], Weights.Random(20, 4 + k))
                    .Node("Gemm", ["joined", $"w{k}", $"c{k}"], [$"y{k}"], ("transB", 1), ("alpha", 0.5f), ("beta", 2f)),
            };
        }

        return model;
    }

    private static ModelBuilder Rows(object batch, object steps) => new ModelBuilder(17)
        .Input("i", OnnxDataType.Int64, [batch, steps])
        .Initializer("table", [Words, Features], Weights.Random(Words * Features, 1))
        .Node("Gather", ["table", "i"], ["rows"]);

    private static ModelBuilder Layer(ModelBuilder model, string op, int gates, string direction, int layout, int resetsBehind)
    {
        int directions = direction == "bidirectional" ? 2 : 1;
        string x = "rows";
        if (layout == 0)
        {
            model.Node("Transpose", ["rows"], ["turned"], ("perm", new long[] { 1, 0, 2 }));
            x = "turned";
        }

        model.Initializer("w", [directions, gates * Hidden, Features], Weights.Random(directions * gates * Hidden * Features, 2))
            .Initializer("r", [directions, gates * Hidden, Hidden], Weights.Random(directions * gates * Hidden * Hidden, 3))
            .Initializer("b", [directions, 2 * gates * Hidden], Weights.Random(directions * 2 * gates * Hidden, 4));
        return op == "GRU"
            ? model.Node(op, [x, "w", "r", "b"], ["all", "yh"], ("hidden_size", Hidden), ("direction", direction), ("layout", layout), ("linear_before_reset", resetsBehind))
            : model.Node(op, [x, "w", "r", "b"], ["all", "yh"], ("hidden_size", Hidden), ("direction", direction), ("layout", layout));
    }
}
