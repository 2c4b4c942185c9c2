using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Composed;

public sealed class AdagradTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Steps(long updates)
    {
        ModelBuilder model = new ModelBuilder().Import("ai.onnx.preview.training", 1).Initializer("r", [], 0.1f).Initializer("t", [], updates);
        foreach (string name in new[] { "x", "g", "h" })
        {
            model.Input(name, OnnxDataType.Float, 7);
        }

        string[] outputs = ["nx", "nh"];
        model.Node("ai.onnx.preview.training", "Adagrad", ["r", "t", "x", "g", "h"], outputs, ("norm_coefficient", 0.01f));
        foreach (string name in outputs)
        {
            model.Output(name);
        }

        OperatorCheck.Run(model, low: 0.1f, high: 1, relative: 1e-4);
    }
}
