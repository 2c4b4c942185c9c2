using System.Linq;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class AttentionFusionTests
{
    [Theory]
    [InlineData("MatMul q k s; Softmax s p; MatMul p v y")]
    [InlineData("MatMul q k s; Div s eight d; Softmax d p; MatMul p v y")]
    [InlineData("MatMul q k s; Mul eight s d; Softmax d p; MatMul p v y")]
    [InlineData("MatMul q k s; Div s eight d; Add d mask m; Softmax m p; MatMul p v y")]
    [InlineData("MatMul q k s; Add mask s m; Softmax m p; MatMul p v y")]
    [InlineData("MatMul q k s; Where keep s low m; Softmax m p; MatMul p v y")]
    [InlineData("MatMul q k s; Mul s eight d; Where keep low d m; Softmax m p; MatMul p v y")]
    [InlineData("MatMul q k s; Where given s low m; Softmax m p; MatMul p v y")]
    public void Recognises(string formula)
    {
        ModelBuilder model = Model(formula);
        PassCheck.Operators(PassCheck.Run(model, new AttentionFusion(), new DeadCode())).Replace("Not, ", string.Empty).Replace("Cast, ", string.Empty)
            .ShouldBe("ScaledDotProductAttention");
        OperatorCheck.Run(model, absolute: 1e-5);
        ScheduleCheck.Steps(model).OfType<AttentionStep>().Count().ShouldBe(1);
    }

    /// <summary>A mask that is scaled, weights that are used twice, constant keys, other axes, a product with the weights on the right.</summary>
    [Theory]
    [InlineData("MatMul q k s; Add s mask m; Div m eight d; Softmax d p; MatMul p v y")]
    [InlineData("MatMul q k s; Softmax s p; MatMul p v o; ReduceSum p r; Add o r y")]
    [InlineData("MatMul q constant s; Softmax s p; MatMul p v y")]
    [InlineData("MatMul q k s; SoftmaxOfRows s p; MatMul p v y")]
    [InlineData("MatMul q k s; Softmax s p; MatMul q2 p y")]
    [InlineData("MatMul q k s; Add s mask m; Add m mask n; Softmax n p; MatMul p v y")]
    public void KeepsOtherFormulas(string formula) =>
        PassCheck.Operators(PassCheck.Run(Model(formula), new AttentionFusion(), new DeadCode())).ShouldContain("Softmax");

    /// <summary>Heads that are joined again are written side by side: nothing is copied behind the attention.</summary>
    [Fact]
    public void HeadsAreJoinedWithoutACopy()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("q", OnnxDataType.Float, 1, 3, 5, 16).Input("k", OnnxDataType.Float, 1, 3, 16, 9).Input("v", OnnxDataType.Float, 1, 3, 9, 16)
            .Node("MatMul", ["q", "k"], ["s"]).Node("Softmax", ["s"], ["p"]).Node("MatMul", ["p", "v"], ["h"])
            .Node("Transpose", ["h"], ["t"], ("perm", new long[] { 0, 2, 1, 3 }))
            .Initializer("shape", [3], 1L, 5L, 48L)
            .Node("Reshape", ["t", "shape"], ["y"])
            .Output("y");
        OperatorCheck.Run(model, absolute: 1e-5);
        ScheduleCheck.Steps(model)[^1].ShouldBeOfType<AttentionStep>();
    }

    /// <summary>Steps "operator inputs… output".</summary>
    private static ModelBuilder Model(string formula)
    {
        ModelBuilder model = new ModelBuilder()
            .Input("q", OnnxDataType.Float, 2, 5, 8)
            .Input("k", OnnxDataType.Float, 2, 8, 7)
            .Input("v", OnnxDataType.Float, 2, 7, 4)
            .Input("q2", OnnxDataType.Float, 2, 3, 5)
            .Input("mask", OnnxDataType.Float, 5, 7)
            .Input("given", OnnxDataType.Bool, 2, 1, 7)
            .Initializer("constant", [8, 7], Weights.Random(56, 2))
            .Initializer("eight", [], 8f)
            .Initializer("low", [], -1e9f)
            .Initializer("last", [1], -1L)
            .Initializer("keep", [1, 7], true, true, false, true, false, false, true);
        foreach (string[] words in formula.Split("; ").Select(static step => step.Split(' ')))
        {
            model = words[0] switch
            {
                "ReduceSum" => model.Node(words[0], [words[1], "last"], [words[2]]),
                "SoftmaxOfRows" => model.Node("Softmax", words[1..^1], [words[^1]], ("axis", 1L)),
                _ => model.Node(words[0], words[1..^1], [words[^1]]),
            };
        }

        return model.Output("y");
    }
}
