using System.Linq;
using System.Threading;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Optimization;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Optimization;

public sealed class MergedBatchesTests
{
    private const string Ranges = "n=1..3;p=1..5";

    private static readonly string[] _sizes = ["n=1;p=1", "n=3;p=5", "n=2;p=3"];

    [Fact]
    public void ABatchBehindABatch()
    {
        ModelBuilder model = Model(["n", "p", 7, 16], ["n", "p", 16, 9]);
        Rewritten(model).ShouldBe("Reshape, Reshape, MatMul, Reshape");
        RunTimeSizesCheck.Run(model, Ranges, _sizes, relative: 1e-4);
    }

    /// <summary>The matrices of the left side are repeated for each of the first batch, or there is one for all.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheLeftSideIsBroadcast(bool perWindow) =>
        RunTimeSizesCheck.Run(Model(perWindow ? ["p", 7, 16] : [7, 16], ["n", "p", 16, 9]), Ranges, _sizes, relative: 1e-4);

    /// <summary>One dimension of the run in front leaves no gaps.</summary>
    [Fact]
    public void KeepsBatchesWithoutGaps() => Rewritten(Model(["n", 4, "p", 16], ["n", 4, 16, "p"])).ShouldBe("MatMul");

    private static ModelBuilder Model(object[] a, object[] b) =>
        new ModelBuilder().Input("a", OnnxDataType.Float, a).Input("b", OnnxDataType.Float, b).Node("MatMul", ["a", "b"], ["y"]).Output("y");

    private static string Rewritten(ModelBuilder model)
    {
        Graph graph = OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions(Ranges) });
        Optimizer.RunToFixedPoint(graph, [new MergedBatches()], CancellationToken.None);
        GraphVerifier.Verify(graph, "the pass");
        graph.Sort();
        return string.Join(", ", graph.Nodes.Select(static n => n.Operator.Name));
    }
}
