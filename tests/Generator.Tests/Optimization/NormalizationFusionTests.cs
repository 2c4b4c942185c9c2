using System;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class NormalizationFusionTests
{
    [Theory]
    [InlineData("ReduceMean x m; Sub x m d; Pow d two p; ReduceMean p v; Add v eps e; Sqrt e r; Div d r n; Mul n gamma s; Add s beta y")]
    [InlineData("ReduceMean x m; Sub x m d; Mul d d p; ReduceMean p v; Add eps v e; Sqrt e r; Reciprocal r i; Mul i d n; Mul gamma n s; Add beta s y")]
    [InlineData("ReduceMean x m; Sub x m d; Pow d two p; ReduceMean p v; Add v eps e; Pow e minushalf i; Mul d i n; Mul n gamma s; Add s beta y")]
    public void RecognisesLayerNormalization(string formula) => Fuse("LayerNormalization", formula).ShouldBe("LayerNormalization");

    [Theory]
    [InlineData("Pow x two p; ReduceMean p v; Add v eps e; Sqrt e r; Div x r n; Mul gamma n y")]
    [InlineData("Mul x x p; ReduceMean p v; Add v eps e; Sqrt e r; Div one r i; Mul x i n; Mul n gamma y")]
    public void RecognisesRootMeanSquareNormalization(string formula) => Fuse("RMSNormalization", formula).ShouldBe("RMSNormalization");

    [Theory]
    [InlineData("ReduceMax x m; Sub x m d; Exp d e; ReduceSum e s; Div e s y")]
    [InlineData("Exp x e; ReduceSum e s; Div e s y")]
    public void RecognisesSoftmax(string formula) => Fuse("Softmax", formula).ShouldBe("Softmax");

    [Theory]
    [InlineData("Pow x two p; ReduceMean p v; Sqrt v r; Div x r y")]
    [InlineData("Exp x e; ReduceMax e s; Div e s y")]
    [InlineData("ReduceMean x m; Sub x m d; Mul d x p; ReduceMean p v; Add v eps e; Sqrt e r; Div d r y")]
    public void KeepsOtherFormulas(string formula) => Fuse("Div", formula).ShouldContain(",");

    /// <summary>Runs a formula of steps "operator inputs… output"; reductions run over the last axis.</summary>
    private static string Fuse(string target, string formula)
    {
        var model = new ModelBuilder(opset: 17).Input("x", OnnxDataType.Float, 2, 3, 4);
        foreach ((string name, float value) in new[] { ("two", 2f), ("one", 1f), ("eps", 1e-3f), ("minushalf", -0.5f) })
        {
            model.Initializer(name, [], value);
        }

        model.Initializer("gamma", [4], 1f, 2f, -3f, 0.5f).Initializer("beta", [1, 4], 0f, 1f, 2f, 3f).Initializer("last", [1], -1L);
        foreach (string step in formula.Split("; "))
        {
            string[] words = step.Split(' ');
            if (words[0] == "ReduceSum")
            {
                model.Node(words[0], [words[1], "last"], [words[2]]);
            }
            else if (words[0].StartsWith("Reduce", StringComparison.Ordinal))
            {
                model.Node(words[0], [words[1]], [words[2]], ("axes", new long[] { -1 }));
            }
            else
            {
                model.Node(words[0], words[1..^1], [words[^1]]);
            }
        }

        Graph graph = PassCheck.Run(model.Output("y"), new NormalizationFusion(), new DeadCode());
        return OperatorRegistry.Find(string.Empty, target) is null ? target : PassCheck.Operators(graph);
    }
}
