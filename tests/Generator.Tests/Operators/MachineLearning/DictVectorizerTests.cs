using System.Linq;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.MachineLearning;

public sealed class DictVectorizerTests
{
    [Fact]
    public void TakesAMapAsTheVectorOfItsKeys()
    {
        ModelBuilder model = Model(("string_vocabulary", new[] { "height", "weight", "age" }));
        Graph graph = OperatorCheck.Import(model.ToBytes());
        graph.Inputs[0].Shape.ShouldBe(new Shape(3));
        graph.Keys[graph.Inputs[0]].ShouldBe(["height", "weight", "age"]);
        OperatorCheck.Run(model);
        ScheduleCheck.Evaluate(model, ScheduleCheck.Counting(3)).Shape.ShouldBe(new Shape(1, 3));
    }

    [Fact]
    public void RefusesUnknownKeys() => OperatorCheck.Fails(Model()).Code.ShouldBe(DiagnosticCodes.TypeUnsupported);

    private static ModelBuilder Model(params (string, object)[] attributes)
    {
        ModelBuilder model = new ModelBuilder().Import("ai.onnx.ml", 1).Node("ai.onnx.ml", "DictVectorizer", ["m"], ["y"], attributes).Output("y");
        model.Graph.Input.Add(Protos.MapValue("m", OnnxDataType.String, OnnxDataType.Float));
        return model;
    }
}
