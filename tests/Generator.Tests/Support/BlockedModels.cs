using System;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Tests.Support;

/// <summary>Models with a value <c>b</c> in channel blocks: what a convolution makes.</summary>
internal static class BlockedModels
{
    /// <summary>Begins a model with an input <c>x</c> and the blocked value <c>b</c> of the given size.</summary>
    public static ModelBuilder Start(int channels, int height, int width, int batch = 1)
    {
        var random = new Random(7);
        float[] weights = Enumerable.Range(0, channels * channels).Select(_ => (float)((random.NextDouble() - 0.5) / 4)).ToArray();
        return new ModelBuilder()
            .Input("x", OnnxDataType.Float, batch, channels, height, width)
            .Initializer("w", [channels, channels, 1, 1], weights)
            .Node("Conv", ["x", "w"], ["b"]);
    }

    /// <summary>Compares the model with the interpreter and proves that the named values lie in channel blocks.</summary>
    public static void Run(ModelBuilder model, string blocked, double absolute = 1e-5)
    {
        OperatorCheck.Run(model, relative: 1e-4, absolute: absolute);
        Graph graph = OperatorCheck.Import(model.ToBytes());
        LayoutQuery layouts = LayoutQuery.Assign(graph);
        foreach (string name in blocked.Split(' '))
        {
            layouts.IsBlocked(graph.Nodes.SelectMany(static n => n.Outputs).Single(v => v.Name == name)).ShouldBeTrue(name);
        }
    }
}
