using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class LabelEncoderTests
{
    [Fact]
    public void MapsBetweenAllTypes()
    {
        OperatorCheck.Run(Model(OnnxDataType.String, 2, ("keys_strings", new[] { "b", "a", "Zoë" }), ("values_int64s", new long[] { 1, 2, 3 })));
        OperatorCheck.Run(Model(OnnxDataType.Int64, 2, ("keys_int64s", new long[] { 1, -2, 0 }), ("values_strings", new[] { "x", "y", "x" })));
        OperatorCheck.Run(Model(OnnxDataType.Float, 2, ("keys_floats", new[] { 1f, float.NaN }), ("values_floats", new[] { 0.5f, 7 })));
        OperatorCheck.Run(Model(OnnxDataType.Int16, 4, ("keys_tensor", Protos.Tensor("k", [2], (short)1, (short)-1)), ("values_tensor", Protos.Tensor("v", [2], 1.5, 2.5))));
    }

    [Fact]
    public void UnknownKeysGetTheDefault() => ScheduleCheck.Evaluate(
        Model(OnnxDataType.String, 2, ("keys_strings", new[] { "b", "a" }), ("values_int64s", new long[] { 1, 2 }), ("default_int64", -5)),
        Tensor.OfStrings(new Shape(4), ["a", "b", "", "a"])).ToInt64Array().ShouldBe([2, 1, -5, 2]);

    [Fact]
    public void FindsNaN() => CompiledModel.Compile(Model(OnnxDataType.Float, 4, ("keys_floats", new[] { 1f, float.NaN }), ("values_floats", new[] { 0.5f, 7 }), ("default_float", 9f)).ToBytes())
        .Run(Tensor.Create(ElementType.Float32, new Shape(4), [float.NaN, 1, 2, float.NaN]))[0].Floats().ToArray().ShouldBe([7f, 0.5f, 9, 7]);

    [Fact]
    public void BeforeVersion4NaNEqualsNothing() => CompiledModel.Compile(Model(OnnxDataType.Float, 2, ("keys_floats", new[] { 1f, float.NaN }), ("values_floats", new[] { 0.5f, 7 }), ("default_float", 9f)).ToBytes())
        .Run(Tensor.Create(ElementType.Float32, new Shape(4), [float.NaN, 1, 2, float.NaN]))[0].Floats().ToArray().ShouldBe([9f, 0.5f, 9, 9]);

    [Fact]
    public void TheFirstVersionNumbersStrings()
    {
        Tensor words = Tensor.OfStrings(new Shape(4), ["c", "a", "b", "?"]);
        ScheduleCheck.Evaluate(Model(OnnxDataType.String, 1, ("classes_strings", new[] { "a", "b", "c" })), words).ToInt64Array().ShouldBe([2, 0, 1, -1]);
        OperatorCheck.Run(Model(OnnxDataType.Int64, 1, ("classes_strings", new[] { "a", "b", "c" })));
    }

    [Fact]
    public void RefusesOtherCounts() => OperatorCheck.Fails(Model(OnnxDataType.Int64, 2, ("keys_int64s", new long[] { 1, 2 }), ("values_int64s", new long[] { 1 }))).Code.ShouldBe(DiagnosticCodes.GraphMalformed);

    private static ModelBuilder Model(OnnxDataType type, int version, params (string, object)[] attributes) => new ModelBuilder()
        .Import("ai.onnx.ml", version)
        .Input("x", type, 4)
        .Node("ai.onnx.ml", "LabelEncoder", ["x"], ["y"], attributes)
        .Output("y");
}
