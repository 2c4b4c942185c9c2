using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class ZipMapTests
{
    [Fact]
    public void KeepsTheMatrixAndNamesItsColumns()
    {
        ModelBuilder model = Model(("classlabels_strings", new[] { "no", "yes" }));
        OperatorCheck.Run(model);
        OperatorCheck.Import(model.ToBytes()).Outputs[0].Keys.ShouldBe(["no", "yes"]);
        CompiledModel.Compile(model.ToBytes()).Result.Sources.Any(static s => s.Text.Contains("YKeys", System.StringComparison.Ordinal)).ShouldBeTrue();
    }

    [Fact]
    public void IntegerKeysAreText() => OperatorCheck.Import(Model(("classlabels_int64s", new long[] { 3, -4 })).ToBytes()).Outputs[0].Keys.ShouldBe(["3", "-4"]);

    [Fact]
    public void RefusesWrongCounts() => OperatorCheck.Fails(Model(("classlabels_int64s", new long[] { 1 }))).Code.ShouldBe(DiagnosticCodes.ShapeMismatch);

    private static ModelBuilder Model((string, object) labels) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", OnnxDataType.Float, 3, 2)
        .Node("ai.onnx.ml", "ZipMap", ["x"], ["y"], labels)
        .Output("y");
}
