using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Operators;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class CastMapTests
{
    [Fact]
    public void TakesAMapAsTheVectorOfItsKeys()
    {
        ModelBuilder model = Model(("map_form", "SPARSE"), ("max_map", 3));
        Graph graph = OperatorCheck.Import(model.ToBytes());
        graph.Inputs[0].Shape.ShouldBe(new Shape(3));
        graph.Keys[graph.Inputs[0]].ShouldBe(["0", "1", "2"]);
        OperatorCheck.Run(model);
        ScheduleCheck.Evaluate(model, ScheduleCheck.Counting(3)).Shape.ShouldBe(new Shape(1, 3));
    }

    [Theory]
    [InlineData("TO_FLOAT")]
    [InlineData("TO_INT64")]
    public void A_dense_form_takes_the_values_that_the_map_has(string target)
    {
        ModelBuilder model = Model(("map_form", "DENSE"), ("cast_to", target));
        Graph graph = OperatorCheck.Import(model.ToBytes(), new CompilerOptions { Dimensions = OptionParser.Dimensions("m.length=3") });
        graph.Inputs[0].Shape.ShouldBe(new Shape(3));
        graph.Keys.ShouldBeEmpty();
        Tensor y = GraphInterpreter.Run(graph, [Tensor.Create(ElementType.Float32, new Shape(3), [-1.5f, 0, 7.9f])])[0];
        y.Shape.ShouldBe(new Shape(1, 3));
        Enumerable.Range(0, 3).Select(i => ElementEvaluation.Read(y, i)).ShouldBe(target == "TO_INT64" ? [-1, 0, 7] : [-1.5, 0, 7.9f]);
        RunTimeSizesCheck.Run(model, "m.length=1..9", ["m.length=1", "m.length=4", "m.length=9"]);
    }

    [Fact]
    public void A_dense_form_needs_a_length() => OperatorCheck.Fails(Model()).Code.ShouldBe(DiagnosticCodes.DimensionUnbound);

    [Fact]
    public void RefusesUnknownKeys() => OperatorCheck.Fails(Model(("map_form", "SPARSE"), ("max_map", 0))).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    private static ModelBuilder Model(params (string, object)[] attributes)
    {
        ModelBuilder model = new ModelBuilder().Import("ai.onnx.ml", 1).Node("ai.onnx.ml", "CastMap", ["m"], ["y"], attributes).Output("y");
        model.Graph.Input.Add(Protos.MapValue("m", OnnxDataType.Int64, OnnxDataType.Float));
        return model;
    }
}
