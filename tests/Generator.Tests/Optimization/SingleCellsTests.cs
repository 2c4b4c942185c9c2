using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class SingleCellsTests
{
    [Theory]
    [InlineData(1, new long[] { 4, 4 }, new long[] { 1, 1 }, true)]
    [InlineData(3, new long[] { 2, 3 }, new long[] { 2, 3 }, true)]
    [InlineData(2, new long[] { 5 }, new long[] { 1 }, true)]
    [InlineData(2, new long[] { 2, 3, 2 }, new long[] { 1, 2, 1 }, true)]
    [InlineData(1, new long[] { 4, 4 }, new long[] { 1, 1 }, false)]
    public void AProductOfMatrices(long batch, long[] kernel, long[] strides, bool isConstant)
    {
        ModelBuilder model = Model(batch, kernel.Select(static _ => 1L).ToArray(), kernel, strides, new long[2 * kernel.Length], 1, isConstant);
        Graph graph = PassCheck.Run(model, new SingleCells());
        graph.Nodes.Count(static n => n.Is("Gemm")).ShouldBe(1);
        graph.Nodes.Any(static n => n.Is("ConvTranspose")).ShouldBeFalse();
        OperatorCheck.Run(model, absolute: 1e-4);
    }

    /// <summary>Several cells, padding that cuts the kernel, groups.</summary>
    [Theory]
    [InlineData(new long[] { 1, 2 }, new long[] { 0, 0, 0, 0 }, 1)]
    [InlineData(new long[] { 1, 1 }, new long[] { 1, 1, 0, 0 }, 1)]
    [InlineData(new long[] { 1, 1 }, new long[] { 0, 0, 1, 0 }, 1)]
    [InlineData(new long[] { 1, 1 }, new long[] { 0, 0, 0, 0 }, 2)]
    public void OthersStay(long[] cells, long[] pads, long groups) =>
        PassCheck.Run(Model(1, cells, [4, 3], [1, 1], pads, groups, isConstant: true), new SingleCells()).Nodes.Single().Is("ConvTranspose").ShouldBeTrue();

    private static ModelBuilder Model(long batch, long[] cells, long[] kernel, long[] strides, long[] pads, long groups, bool isConstant)
    {
        const int Inputs = 20;
        const int Outputs = 6;
        long[] weights = [Inputs, Outputs, .. kernel];
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, (long[])[batch, Inputs, .. cells]);
        model = isConstant
            ? model.Initializer("w", weights, Weights.Random(weights.Aggregate(static (a, b) => a * b), 1)).Initializer("b", [Outputs * groups], Weights.Random(Outputs * groups, 2))
            : model.Input("w", OnnxDataType.Float, weights).Input("b", OnnxDataType.Float, (long[])[Outputs * groups]);
        return model.Node("ConvTranspose", ["x", "w", "b"], ["y"], ("strides", strides), ("pads", pads), ("group", groups)).Output("y");
    }
}
