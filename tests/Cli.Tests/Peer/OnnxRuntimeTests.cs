using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Cli.Numerics;
using AotCompiler.Cli.Peer;
using AotCompiler.Cli.Tests.Numerics;
using AotCompiler.Onnx;
using AotCompiler.Onnx.Proto;
using Google.Protobuf;
using Shouldly;

namespace AotCompiler.Cli.Tests.Peer;

public sealed class OnnxRuntimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void MissingLibrary_SaysSo()
    {
        var path = Path.Combine(_folder, "libonnxruntime.so.1");

        Should.Throw<OnnxRuntimeException>(() => OnnxRuntimeLibrary.Load(path)).Message
            .ShouldStartWith($"ONNX Runtime could not be loaded from {path}. There is no such file.");
    }

    [Fact]
    public void FileThatIsNoLibrary_SaysSo()
    {
        var path = Path.Combine(_folder, "libonnxruntime.so.1");
        File.WriteAllText(path, "not a library");

        Should.Throw<OnnxRuntimeException>(() => OnnxRuntimeLibrary.Load(path)).Message.ShouldContain(path);
    }

    [OnnxRuntimeFact]
    public void Session_DescribesItsModel()
    {
        using var library = Load();
        using var session = library.OpenSession(AddModel(), new OnnxRuntimeOptions(OnnxRuntimeOptimization.None));

        library.Version.ShouldStartWith("1.");
        session.Inputs.Select(input => input.Name).ShouldBe(["a", "b"]);
        session.Inputs[0].Type.ShouldBe(OnnxDataType.Float);
        session.Inputs[0].Shape.ShouldBe([-1, 2]);
        session.Inputs[0].DimensionNames.ShouldBe(["N", ""]);
        session.Outputs.Single().Name.ShouldBe("sum");
    }

    [OnnxRuntimeFact]
    public void Run_ComputesTheModel()
    {
        using var library = Load();
        foreach (var optimization in new[] { OnnxRuntimeOptimization.None, OnnxRuntimeOptimization.All })
        {
            using var session = library.OpenSession(AddModel(), new OnnxRuntimeOptions(optimization, Threads: 2));

            var sum = session.Run(Inputs(3)).Single().Data;

            sum.Shape.ShouldBe([3, 2]);
            sum.Elements<float>().ShouldBe([10f, 11f, 12f, 13f, 14f, 15f]);
            session.Run(Inputs(0)).Single().Data.Shape.ShouldBe([0, 2]);
        }
    }

    [OnnxRuntimeFact]
    public void PreparedRun_CanBeRepeatedAndOutlivesItsOwners()
    {
        OnnxRuntimeRun run;
        using (var library = Load())
        using (var session = library.OpenSession(AddModel(), new OnnxRuntimeOptions(OnnxRuntimeOptimization.All)))
        {
            session.Time(Inputs(4), warmUps: 2, repetitions: 5).ShouldAllBe(milliseconds => milliseconds > 0);
            run = session.Prepare(Inputs(2));
        }

        using (run)
        {
            run.Run();
            run.Run();
            run.ReadOutputs().Single().Data.Elements<float>().ShouldBe([10f, 11f, 12f, 13f]);
        }
    }

    [OnnxRuntimeFact]
    public void FreeDimensions_CanBeFixed()
    {
        using var library = Load();
        var options = new OnnxRuntimeOptions(OnnxRuntimeOptimization.All) { Dimensions = new Dictionary<string, long> { ["N"] = 7 } };

        using var session = library.OpenSession(AddModel(), options);

        session.Inputs[0].Shape.ShouldBe([7, 2]);
    }

    [OnnxRuntimeFact]
    public void Errors_CarryOnnxRuntimesMessage()
    {
        using var library = Load();
        var options = new OnnxRuntimeOptions(OnnxRuntimeOptimization.None);
        using var session = library.OpenSession(AddModel(), options);

        Should.Throw<OnnxRuntimeException>(() => library.OpenSession(Path.Combine(_folder, "none.onnx"), options)).Message.ShouldContain("none.onnx");
        Should.Throw<OnnxRuntimeException>(() => session.Run(new Dictionary<string, TensorData>())).Message.ShouldStartWith("ONNX Runtime 1.");
        var wrongType = new Dictionary<string, TensorData>(Inputs(1)) { ["b"] = Tensors.Of(OnnxDataType.Double, [2], 1d, 2d) };
        Should.Throw<OnnxRuntimeException>(() => session.Run(wrongType)).Message.ShouldContain("b");
        var wrongName = new Dictionary<string, TensorData>(Inputs(1)) { ["c"] = Tensors.Floats(1) };
        Should.Throw<ArgumentException>(() => session.Run(wrongName)).Message.ShouldContain("'c'");
        using var run = session.Prepare(Inputs(1));
        Should.Throw<OnnxRuntimeException>(() => run.ReadOutputs()).Message.ShouldContain("sum");
    }

    private static OnnxRuntimeLibrary Load() => OnnxRuntimeLibrary.Load(OnnxRuntimeFactAttribute.LibraryPath!);

    /// <summary>a = 0, 1, 2 … of shape [rows, 2], b = [10, 10].</summary>
    private static Dictionary<string, TensorData> Inputs(int rows) => new()
    {
        ["a"] = Tensors.Of(OnnxDataType.Float, [rows, 2], Enumerable.Range(0, rows * 2).Select(i => (float)i).ToArray()),
        ["b"] = Tensors.Floats(10, 10),
    };

    /// <summary>Writes the model sum = Add(a: float[N, 2], b: float[2]).</summary>
    private string AddModel()
    {
        var node = new NodeProto { OpType = "Add" };
        node.Input.Add(["a", "b"]);
        node.Output.Add("sum");
        var graph = new GraphProto { Name = "add" };
        graph.Node.Add(node);
        graph.Input.Add(Value("a", new() { DimParam = "N" }, new() { DimValue = 2 }));
        graph.Input.Add(Value("b", new TensorShapeProto.Types.Dimension { DimValue = 2 }));
        graph.Output.Add(Value("sum", new() { DimParam = "N" }, new() { DimValue = 2 }));
        var model = new ModelProto { IrVersion = 7, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        var path = Path.Combine(_folder, "größe.onnx");
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private static ValueInfoProto Value(string name, params TensorShapeProto.Types.Dimension[] dimensions)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(dimensions);
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)OnnxDataType.Float, Shape = shape } },
        };
    }
}
