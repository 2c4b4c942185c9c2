using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class ActivationFusionTests
{
    [Theory]
    [InlineData("Mul x half a; Div x sqrt2 d; Erf d e; Add e one f; Mul a f y")]
    [InlineData("Div x sqrt2 d; Erf d e; Add one e f; Mul x f a; Mul a half y")]
    [InlineData("Mul x rsqrt2 d; Erf d e; Mul e half f; Add f half g; Mul g x y")]
    [InlineData("Div x sqrt2 d; Erf d e; Add e one f; Mul half f g; Mul g x y")]
    public void RecognisesGelu(string formula) => Fuse(formula).ShouldBe("Gelu");

    [Theory]
    [InlineData("Pow x three a; Mul a c1 b; Add x b c; Mul c c2 d; Tanh d t; Add t one f; Mul x half h; Mul h f y")]
    [InlineData("Mul x x a; Mul a x b; Mul b c1 c; Add c x d; Mul d c2 e; Tanh e t; Add one t f; Mul f half g; Mul x g y")]
    public void RecognisesTanhGelu(string formula) => Fuse(formula).ShouldBe("GeluTanh");

    /// <summary>The half of Gelu may have gone into the next layer's weights already, where the rest of the factor then goes too.</summary>
    [Theory]
    [InlineData("Div x sqrt2 d; Erf d e; Add e one f; Mul x f y", "Gelu")]
    [InlineData("Div x sqrt2 d; Erf d e; Add e one f; Mul x f a; Mul a three y", "Gelu")]
    [InlineData("Mul x x a; Mul a x b; Mul b c1 c; Add c x d; Mul d c2 e; Tanh e t; Add one t f; Mul x f y", "GeluTanh")]
    public void RecognisesMultiplesOfGelu(string formula, string expected)
    {
        string[] nodes = Fuse(formula).Split(" · ");
        nodes.Length.ShouldBe(2);
        nodes[0].ShouldBe(expected);
        nodes[1].Split('(')[0].ShouldBe("Mul");
    }

    [Fact]
    public void RecognisesGeluBetweenConvolutions() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 8, 5, 5)
            .Initializer("sqrt2", [], 1.41421354f)
            .Initializer("one", [], 1f)
            .Initializer("half", [], 0.5f)
            .Initializer("w", [8, 8, 1, 1], new float[64])
            .Node("Conv", ["x", "w"], ["a"])
            .Node("Div", ["a", "sqrt2"], ["d"])
            .Node("Erf", ["d"], ["e"])
            .Node("Add", ["e", "one"], ["f"])
            .Node("Mul", ["a", "f"], ["g"])
            .Node("Mul", ["g", "half"], ["h"])
            .Node("Conv", ["h", "w"], ["y"])
            .Output("y"),
        new AffineFolding(),
        new ActivationFusion(),
        new AffineFolding(),
        new DeadCode())).ShouldBe("Conv, Gelu, Conv");

    [Theory]
    [InlineData("Sigmoid x s; Mul x s y", "Swish")]
    [InlineData("Mul x k a; Sigmoid a s; Mul s x y", "Swish")]
    [InlineData("Neg x a; Exp a b; Add b one c; Div x c y", "Swish")]
    [InlineData("Neg x a; Exp a b; Add b one c; Div one c y", "Sigmoid")]
    [InlineData("Neg x a; Exp a b; Add one b c; Reciprocal c y", "Sigmoid")]
    [InlineData("Add x three a; Clip a zero six b; Mul x b c; Div c six y", "HardSwish")]
    [InlineData("Add x three a; Clip a zero six b; Div b six c; Mul x c y", "HardSwish")]
    [InlineData("Add x three a; Clip a zero six b; Div b six y", "HardSigmoid")]
    [InlineData("Softplus x a; Tanh a b; Mul b x y", "Mish")]
    [InlineData("Exp x a; Add a one b; Log b c; Tanh c d; Mul x d y", "Mish")]
    [InlineData("Max x zero y", "Relu")]
    [InlineData("Mul x half a; Max a x y", "LeakyRelu")]
    [InlineData("Relu x a; Clip a  six y", "Clip")]
    public void RecognisesActivations(string formula, string expected)
    {
        string actual = Fuse(formula);

        actual.ShouldNotContain(" · ");
        actual.Split('(')[0].ShouldBe(expected);
    }

    [Theory]
    [InlineData("Mul x half a; Div x two d; Erf d e; Add e one f; Mul a f y")]
    [InlineData("Mul x half a; Div x sqrt2 d; Erf d e; Add e two f; Mul a f y")]
    [InlineData("Add x two a; Clip a zero six b; Mul x b c; Div c six y")]
    [InlineData("Mul x two a; Max a x y")]
    public void KeepsOtherFormulas(string formula) => Fuse(formula).ShouldContain(" · ");

    [Fact]
    public void KeepsAGateThatIsReadElsewhere() => PassCheck.Operators(PassCheck.Run(
        new ModelBuilder()
            .Input("x", OnnxDataType.Float, 2, 3)
            .Node("Sigmoid", ["x"], ["s"])
            .Node("Mul", ["x", "s"], ["y"])
            .Output("s")
            .Output("y"),
        new ActivationFusion(),
        new DeadCode())).ShouldBe("Sigmoid, Mul");

    /// <summary>Runs a formula of steps "operator inputs… output"; two spaces leave an input out.</summary>
    private static string Fuse(string formula)
    {
        var model = new ModelBuilder(opset: 24).Input("x", OnnxDataType.Float, 2, 3);
        foreach ((string name, float value) in new (string, float)[]
                 {
                     ("zero", 0), ("half", 0.5f), ("one", 1), ("two", 2), ("three", 3), ("six", 6), ("sqrt2", 1.41421354f),
                     ("rsqrt2", 0.707106769f), ("c1", 0.044715f), ("c2", 0.7978845834f), ("k", 1.702f),
                 })
        {
            model.Initializer(name, [], value);
        }

        foreach (string step in formula.Split("; "))
        {
            string[] words = step.Split(' ');
            model.Node(words[0], words[1..^1], [words[^1]]);
        }

        Graph graph = PassCheck.Run(model.Output("y"), -6, 6, new ActivationFusion(), new DeadCode());
        graph.Nodes[^1].Output.Name.ShouldBe("y");
        return string.Join(" · ", graph.Nodes.Select(static n => n.Operator is ElementwiseOperator e ? e.Function(n).Key : n.Operator.Name));
    }
}
