using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
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

    [Fact]
    public void RefusesUnknownKeys() => OperatorCheck.Fails(Model()).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    private static ModelBuilder Model(params (string, object)[] attributes)
    {
        ModelBuilder model = new ModelBuilder().Import("ai.onnx.ml", 1).Node("ai.onnx.ml", "CastMap", ["m"], ["y"], attributes).Output("y");
        model.Graph.Input.Add(Protos.MapValue("m", OnnxDataType.Int64, OnnxDataType.Float));
        return model;
    }
}
