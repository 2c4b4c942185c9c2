using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class ImputerTests
{
    [Fact]
    public void ReplacesNaN() => ScheduleCheck.Evaluate(
        Model(OnnxDataType.Float, ("imputed_value_floats", new[] { 10f, 20 }), ("replaced_value_float", float.NaN)),
        Tensor.Create(ElementType.Float32, new Shape(2, 2), [float.NaN, 1, 2, float.NaN])).Floats().ToArray().ShouldBe([10f, 1, 2, 20]);

    [Fact]
    public void ReplacesANumber()
    {
        OperatorCheck.Run(Model(OnnxDataType.Int64, ("imputed_value_int64s", new long[] { 7 }), ("replaced_value_int64", 1)));
        OperatorCheck.Run(Model(OnnxDataType.Float, ("imputed_value_floats", new[] { 7f }), ("replaced_value_float", 1f)));
    }

    [Fact]
    public void RefusesWrongLengths() => OperatorCheck.Fails(Model(OnnxDataType.Float, ("imputed_value_floats", new[] { 1f, 2, 3 }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(OnnxDataType type, params (string, object)[] attributes) => new ModelBuilder()
        .Import("ai.onnx.ml", 1)
        .Input("x", type, 2, 2)
        .Node("ai.onnx.ml", "Imputer", ["x"], ["y"], attributes)
        .Output("y");
}
