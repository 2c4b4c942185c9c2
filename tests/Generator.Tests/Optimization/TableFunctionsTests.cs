using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class TableFunctionsTests
{
    private const int Words = 20;
    private const int Features = 24;

    /// <summary>A scale, a shift for each column on either side, parameters and functions of one operand, through new shapes and orders.</summary>
    [Theory]
    [InlineData("Mul", new[] { 1 }, false)]
    [InlineData("Div", new[] { Features }, true)]
    [InlineData("Sub", new[] { 1, 1, Features }, true)]
    [InlineData("Pow", new int[] { }, false)]
    [InlineData("Tanh", null, false)]
    [InlineData("Elu", null, false)]
    public void FunctionsOfRows(string op, int[]? shape, bool constantFirst)
    {
        ModelBuilder model = LookUp().Initializer("shape", [3], 2L, 3, Features)
            .Node("Reshape", ["rows", "shape"], ["shaped"])
            .Node("Transpose", ["shaped"], ["moved"], ("perm", new long[] { 1, 0, 2 }));
        string[] inputs = ["moved"];
        if (shape is not null)
        {
            model.Initializer("c", [.. shape.Select(static d => (long)d)], [.. Enumerable.Range(0, shape.Aggregate(1, static (a, b) => a * b)).Select(static i => 2f + i)]);
            inputs = constantFirst ? ["c", "moved"] : ["moved", "c"];
        }

        model.Node(op, inputs, ["y"]).Output("y");
        Graph graph = PassCheck.Run(model, new DeadCode(), new TableFunctions());
        PassCheck.Operators(graph).ShouldBe("Gather, Reshape, Transpose");
        OperatorCheck.Run(model, relative: 1e-4);
    }

    /// <summary>Rows and tables that others read, constants that differ from row to row, and two operands of the run.</summary>
    [Theory]
    [InlineData("rows")]
    [InlineData("table")]
    [InlineData("constant")]
    [InlineData("operand")]
    [InlineData("wider")]
    public void OthersStay(string what)
    {
        ModelBuilder model = LookUp(what == "table" ? 100 : Words);
        model = what switch
        {
            "rows" => model.Output("rows"),
            "table" => model.Input("x", OnnxDataType.Float, Features).Node("Mul", ["table", "x"], ["z"]).Output("z"),
            _ => model,
        };
        model = what switch
        {
            "constant" => model.Initializer("c", [6, 1], 1f, 2f, 3f, 4f, 5f, 6f),
            "operand" => model.Input("c", OnnxDataType.Float, Features),
            "wider" => model.Initializer("c", [2, 1, 1], 1f, 2f),
            _ => model.Initializer("c", [Features], Weights.Random(Features, 2)),
        };
        Graph graph = PassCheck.Run(model.Node("Add", ["rows", "c"], ["y"]).Output("y"), new DeadCode(), new TableFunctions());
        PassCheck.Operators(graph).ShouldContain("Add");
    }

    private static ModelBuilder LookUp(int words = Words) => new ModelBuilder()
        .Input("i", OnnxDataType.Int64, 6)
        .Initializer("table", [words, Features], Weights.Random(words * Features, 1))
        .Node("Gather", ["table", "i"], ["rows"]);
}
