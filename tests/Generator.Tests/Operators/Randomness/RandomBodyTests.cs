using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Operators.ControlFlow;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Randomness;

/// <summary>Random operators in bodies that stay bodies: their numbers differ from run to run and from iteration to iteration.</summary>
public sealed class RandomBodyTests
{
    private const int Length = 40;

    [Theory]
    [InlineData("RandomNormalLike")]
    [InlineData("RandomUniformLike")]
    [InlineData("Bernoulli")]
    [InlineData("Dropout")]
    public void EachIterationHasItsOwn(string op)
    {
        ModelBuilder model = new ModelBuilder()
            .Initializer("m", [], 70L).Input("x", OnnxDataType.Float, Length).Initializer("ratio", [], 0.5f).Initializer("train", [], true)
            .Node("Loop", ["m", "", "x"], ["last", "all"], ("body", new GraphBuilder()
                .Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float)
                .Node("Identity", ["s"], ["same"]).Node(op, op == "Dropout" ? ["x", "ratio", "train"] : ["x"], ["r"])
                .Output("go").Output("same").Output("r")))
            .Output("all");
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(Length), Enumerable.Repeat(0.5f, Length).ToArray());
        Rows(RandomCheck.Run(model, x).First).Select(static r => string.Join(" ", r)).Distinct().Count().ShouldBe(70);
    }

    [Fact]
    public void NestedLoopsHaveTheirOwn()
    {
        GraphBuilder Inner() => new GraphBuilder()
            .Input("k", OnnxDataType.Int64).Input("on", OnnxDataType.Bool).Input("t", OnnxDataType.Float)
            .Node("Identity", ["t"], ["kept"]).Node("RandomUniform", [], ["r"], ("shape", new long[] { Length }), ("seed", 3f))
            .Output("on").Output("kept").Output("r");
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1).Initializer("m", [], 30L).Initializer("trips", [], 70L)
            .Node("Loop", ["m", "", "x"], ["last", "all"], ("body", new GraphBuilder()
                .Input("i", OnnxDataType.Int64).Input("go", OnnxDataType.Bool).Input("s", OnnxDataType.Float)
                .Node("Identity", ["s"], ["same"]).Node("Loop", ["trips", "", "s"], ["end", "rows"], ("body", Inner()))
                .Output("go").Output("same").Output("rows")))
            .Output("all");
        double[] first = RandomCheck.Run(model, ControlFlowCheck.Floats(1)).First;
        Rows(first).Select(static r => r[0]).Distinct().Count().ShouldBe(30 * 70);
        first.ShouldHave(mean: 0.5, variance: 1 / 12.0);
    }

    [Fact]
    public void ScansHaveTheirOwn()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 6, Length)
            .Node("Scan", ["x"], ["y"], ("num_scan_inputs", 1), ("body", new GraphBuilder()
                .Input("part", OnnxDataType.Float).Node("RandomNormalLike", ["part"], ["r"]).Output("r")))
            .Output("y");
        Tensor x = Tensor.Create(ElementType.Float32, new Shape(6, Length), new float[6 * Length]);
        Rows(RandomCheck.Run(model, x).First).Select(static r => r[0]).Distinct().Count().ShouldBe(6);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ABranch(bool taken)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("c", OnnxDataType.Bool).Input("p", OnnxDataType.Float, 1, 3)
            .Node("If", ["c"], ["y"],
                ("then_branch", new GraphBuilder().Node("Multinomial", ["p"], ["a"], ("sample_size", 200)).Output("a")),
                ("else_branch", new GraphBuilder().Node("Multinomial", ["p"], ["b"], ("sample_size", 200), ("seed", 1f)).Output("b")))
            .Output("y");
        double[] first = RandomCheck.Run(model, ControlFlowCheck.Bool(taken), Tensor.Create(ElementType.Float32, new Shape(1, 3), [0f, 0f, 0f])).First;
        first.Distinct().Count().ShouldBe(3);
    }

    private static double[][] Rows(double[] numbers) => numbers.Chunk(Length).ToArray();
}
