using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Tests.Peer;
using AotCompiler.Cli.Tests.Support;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

public sealed class VerifyCommandTests
{
    [Fact]
    public void SmallModelPasses()
    {
        JsonElement report = CliRun.Of("verify", Repository.SmallModel("matrices"), "--json").Succeeded().Json;

        report.Keys().ShouldBe(["model", "passed", "isa", "absoluteTolerance", "relativeTolerance", "cases", "error"]);
        report.GetProperty("passed").GetBoolean().ShouldBeTrue();
        JsonElement first = report.GetProperty("cases").First();
        first.Keys().ShouldBe(["name", "passed", "outputs", "error"]);
        first.GetProperty("name").GetString().ShouldBe("test_data_set_0");
        first.GetProperty("outputs").First().Keys().ShouldBe(["name", "type", "rms", "maxAbs", "maxRel", "maxUlp", "mismatches", "elementwiseMismatches", "passed", "error", "codes", "noFarther", "random"]);
    }

    [Theory]
    [InlineData("x86-64-v4")]
    [InlineData("x86-64-v3")]
    [InlineData("baseline")]
    public void PackedWeightsAreUsedInEveryWidth(string isa) =>
        CliRun.Of("verify", Repository.SmallModel("mlp-large"), "--isa", isa).Succeeded().Output.ShouldContain($"passed, 1 of 1 cases; tolerance 1e-05 + 0.0001 x (|expected| + rms); isa {isa}");

    [Fact]
    public void MismatchExitsWith1AndShowsTheErrors()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        folder.Proto("test_data_set_0/input_0.pb", "a", [1, 2], 1, 2);
        folder.Proto("test_data_set_0/input_1.pb", "b", [2], 10, 20);
        folder.Proto("test_data_set_0/output_0.pb", "sum", [1, 2], 11, 22.5f);

        JsonElement output = CliRun.Of("verify", model, "--json").Failed(ExitCode.Failure, "").Json.GetProperty("cases").First().GetProperty("outputs").First();
        output.GetProperty("passed").GetBoolean().ShouldBeFalse();
        output.GetProperty("maxAbs").GetDouble().ShouldBe(0.5);
        output.GetProperty("maxRel").GetDouble().ShouldBe(0.5 / 22.5);
        output.GetProperty("mismatches").GetInt64().ShouldBe(1);

        CliRun.Of("verify", model).Failed(ExitCode.Failure, "").Output.ShouldContain("FAILED, 0 of 1 cases");
        CliRun.Of("verify", model, "--atol", "0.5").Succeeded();
        CliRun.Of("verify", model, "--rtol", "0.03").Succeeded();
    }

    [Fact]
    public void ElementsNearerToTheExactValueThanTheReferencePassAndAreCounted()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        folder.Proto("test_data_set_0/input_0.pb", "a", [1, 2], 1, 2);
        folder.Proto("test_data_set_0/input_1.pb", "b", [2], 10, 20);
        folder.Proto("test_data_set_0/output_0.pb", "sum", [1, 2], 11, 22.1f);

        CliRun.Of("verify", model).Succeeded().Output.ShouldContain("1 elements differ from the reference but are nearer to the exact value, or as near");
        JsonElement output = CliRun.Of("verify", model, "--json").Succeeded().Json.GetProperty("cases").First().GetProperty("outputs").First();
        output.GetProperty("mismatches").GetInt64().ShouldBe(1);
        output.GetProperty("noFarther").GetInt64().ShouldBe(1);
    }

    [Fact]
    public void ElementsThatPassByTheScaleOfTheOutputAloneAreCounted()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        folder.Proto("test_data_set_0/input_0.pb", "a", [1, 2], 0, 1000);
        folder.Proto("test_data_set_0/input_1.pb", "b", [2], 0.01f, 0);
        folder.Proto("test_data_set_0/output_0.pb", "sum", [1, 2], 0.02f, 1000);

        CliRun.Of("verify", model).Succeeded().Output.ShouldContain("1 elements pass by the rms term alone");
        JsonElement output = CliRun.Of("verify", model, "--json").Succeeded().Json.GetProperty("cases").First().GetProperty("outputs").First();
        output.GetProperty("mismatches").GetInt64().ShouldBe(0);
        output.GetProperty("elementwiseMismatches").GetInt64().ShouldBe(1);
    }

    [Fact]
    public void FreeDimensionsAreThoseOfEachDataSet_UnlessGiven()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        foreach (int rows in new[] { 1, 3 })
        {
            float[] a = Enumerable.Range(0, rows * 2).Select(static i => (float)i).ToArray();
            folder.Array($"data/test_data_set_{rows}/input_0.npy", [rows, 2], a);
            folder.Array($"data/test_data_set_{rows}/input_1.npy", [2], 0, 100);
            folder.Array($"data/test_data_set_{rows}/output_0.npy", [rows, 2], a.Select(static (v, i) => v + (100 * (i % 2))).ToArray());
        }

        CliRun bound = CliRun.Of("verify", model, "--data", folder["data"]).Succeeded();
        bound.Error.ShouldContain("aotc: note: free dimensions are those of the data: --dim N=3");
        bound.Output.ShouldContain("passed, 2 of 2 cases");
        CliRun.Of("verify", model, "--data", folder["data/test_data_set_3"]).Succeeded().Output.ShouldContain("passed, 1 of 1 cases");
        CliRun.Of("verify", model, "--data", folder["data"], "--dim", "N=1").Failed(ExitCode.Failure, "Input 'a' is float [1, 2], the data are float [3, 2].");
    }

    [Fact]
    public void TensorsAreMatchedByNameBeforePosition()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        folder.Proto("test_data_set_0/input_0.pb", "b", [2], 10, 20);
        folder.Proto("test_data_set_0/input_1.pb", "", [1, 2], 1, 2);
        folder.Proto("test_data_set_0/output_0.pb", "other", [1, 2], 11, 22);
        CliRun.Of("verify", model).Succeeded();
    }

    [Fact]
    public void OutputsWithoutInputsMeanARamp()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel("light_add.onnx");

        // a = [[0, 1/2]] with N = 1, b = [0, 1/2].
        folder.Proto("light_add_output_0.pb", "sum", [1, 2], 0, 1);
        CliRun.Of("verify", model).Succeeded().Output.ShouldContain("light_add");
    }

    /// <summary>As numpy.savez writes it: inputs by name; what is no input is an output, by name or by position.</summary>
    [Theory]
    [InlineData("sum", 22f, true)]
    [InlineData("old_name", 22f, true)]
    [InlineData("sum", 23f, false)]
    public void ArchivesOfArraysAreDataSets(string output, float expected, bool passes)
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        string archive = folder.Archive("io.npz", ("b", [2], [10, 20]), ("a", [1, 2], [1, 2]), (output, [1, 2], [11, expected]));
        CliRun beside = CliRun.Of("verify", model);
        (passes ? beside.Succeeded() : beside.Failed(ExitCode.Failure, "")).Output.ShouldContain("io.npz");
        CliRun given = CliRun.Of("verify", model, "--data", archive);
        (passes ? given.Succeeded() : given.Failed(ExitCode.Failure, "")).Output.ShouldContain(passes ? "passed, 1 of 1" : "FAILED, 0 of 1");
    }

    [Fact]
    public void ArchiveWithoutOutputsSaysWhatIsMissing()
    {
        using var folder = new TestFolder();
        string archive = folder.Archive("inputs.npz", ("a", [1, 2], [1, 2]), ("b", [2], [10, 20]));
        CliRun.Of("verify", folder.AddModel(), "--data", archive).Failed(ExitCode.Failure, "has inputs only. Save the expected outputs too, each under its name: 'sum'.");
    }

    /// <summary>Without data the inputs are generated; expected outputs of data sets give way to the library's.</summary>
    [OnnxRuntimeFact]
    public void PeerGivesTheReference()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        CliRun.Of("verify", model, "--dim", "N=3", "--against-onnxruntime", OnnxRuntimeFactAttribute.LibraryPath!).Succeeded().Output.ShouldContain("generated");
        folder.Proto("test_data_set_0/input_0.pb", "a", [1, 2], 1, 2);
        folder.Proto("test_data_set_0/input_1.pb", "b", [2], 10, 20);
        folder.Proto("test_data_set_0/output_0.pb", "sum", [1, 2], 0, 0);
        CliRun.Of("verify", model).Failed(ExitCode.Failure, "");
        CliRun.Of("verify", model, "--against-onnxruntime", OnnxRuntimeFactAttribute.LibraryPath!).Succeeded().Output.ShouldContain("test_data_set_0");
    }

    [OnnxRuntimeFact]
    public void PeersMapsAndSequencesAreCompared()
    {
        using var folder = new TestFolder();
        foreach ((string name, object labels) in new (string, object)[] { ("classlabels_strings", new[] { "no", "maybe", "yes" }), ("classlabels_int64s", new long[] { 3, -4, 11 }) })
        {
            File.WriteAllBytes(folder["maps.onnx"], new ModelBuilder(13).Import("ai.onnx.ml", 1)
                .Input("x", OnnxDataType.Float, 2, 3)
                .Node("ai.onnx.ml", "ZipMap", ["x"], ["y"], (name, labels))
                .Output("y").ToBytes());
            JsonElement maps = CliRun.Of("verify", folder["maps.onnx"], "--against-onnxruntime", OnnxRuntimeFactAttribute.LibraryPath!, "--json").Succeeded().Json;
            maps.GetProperty("cases").First().GetProperty("outputs").First().GetProperty("rms").GetDouble().ShouldBeGreaterThan(0);
        }

        File.WriteAllBytes(folder["parts.onnx"], new ModelBuilder(13)
            .Input("x", OnnxDataType.Float, 4, 3)
            .Node("SplitToSequence", ["x"], ["parts"])
            .Output("parts").ToBytes());
        JsonElement parts = CliRun.Of("verify", folder["parts.onnx"], "--against-onnxruntime", OnnxRuntimeFactAttribute.LibraryPath!, "--json").Succeeded().Json;
        parts.GetProperty("cases").First().GetProperty("outputs").GetArrayLength().ShouldBe(4);
    }

    /// <summary>A map that goes into the model is a map for the peer too, by its names or numbers.</summary>
    [OnnxRuntimeFact]
    public void PeerTakesMaps()
    {
        using var folder = new TestFolder();
        foreach ((OnnxDataType key, string name, object vocabulary) in new (OnnxDataType, string, object)[]
            { (OnnxDataType.String, "string_vocabulary", new[] { "no", "maybe", "7" }), (OnnxDataType.Int64, "int64_vocabulary", new long[] { 3, -4, 11 }) })
        {
            ModelBuilder model = new ModelBuilder(13).Import("ai.onnx.ml", 1).Node("ai.onnx.ml", "DictVectorizer", ["m"], ["y"], (name, vocabulary)).Output("y");
            model.Graph.Input.Add(Protos.MapValue("m", key, OnnxDataType.Float));
            File.WriteAllBytes(folder["map.onnx"], model.ToBytes());
            JsonElement run = CliRun.Of("verify", folder["map.onnx"], "--against-onnxruntime", OnnxRuntimeFactAttribute.LibraryPath!, "--json").Succeeded().Json;
            run.GetProperty("cases").First().GetProperty("outputs").First().GetProperty("rms").GetDouble().ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void GraphThatIsNotEvaluatedInDoublePrecisionIsNoted()
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder["positive.onnx"], new ModelBuilder(13)
            .Input("x", OnnxDataType.Float, 3)
            .Initializer("zero", [1], 0f)
            .Node("Greater", ["x", "zero"], ["is"])
            .Node("Compress", ["x", "is"], ["y"])
            .Output("y").ToBytes());
        folder.Proto("test_data_set_0/input_0.pb", "x", [3], 1, -2, 3);
        folder.Proto("test_data_set_0/output_0.pb", "y", [2], 1, 3);
        CliRun.Of("verify", folder["positive.onnx"]).Succeeded().Error.ShouldNotContain("double precision");
        folder.Proto("test_data_set_0/output_0.pb", "y", [2], 1, 4);
        CliRun.Of("verify", folder["positive.onnx"]).Failed(ExitCode.Failure, "are not evaluated in double precision");
    }

    /// <summary>Noise is another one in every program; what it does not reach is compared.</summary>
    [Fact]
    public void OutputsOfRandomNumbersAreComparedByTypeAndShape()
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder["noise.onnx"], new ModelBuilder(13)
            .Input("x", OnnxDataType.Float, 3)
            .Node("RandomNormalLike", ["x"], ["noise"])
            .Node("Add", ["x", "noise"], ["noisy"])
            .Node("Mul", ["x", "x"], ["square"])
            .Output("noisy")
            .Output("square").ToBytes());
        folder.Proto("test_data_set_0/input_0.pb", "x", [3], 1, 2, 3);
        folder.Proto("test_data_set_0/output_0.pb", "noisy", [3], 0, 0, 0);
        folder.Proto("test_data_set_0/output_1.pb", "square", [3], 1, 4, 9);
        JsonElement[] outputs = CliRun.Of("verify", folder["noise.onnx"], "--json").Succeeded().Json.GetProperty("cases").First().GetProperty("outputs").EnumerateArray().ToArray();
        outputs.Select(static o => o.GetProperty("random").GetBoolean()).ShouldBe([true, false]);
        folder.Proto("test_data_set_0/output_1.pb", "square", [3], 1, 4, 8);
        CliRun.Of("verify", folder["noise.onnx"]).Failed(ExitCode.Failure, "");
        folder.Proto("test_data_set_0/output_1.pb", "square", [3], 1, 4, 9);
        folder.Proto("test_data_set_0/output_0.pb", "noisy", [4], 0, 0, 0, 0);
        CliRun.Of("verify", folder["noise.onnx"]).Failed(ExitCode.Failure, "");
    }

    [Fact]
    public void LibraryThatIsNotThereIsAFailure()
    {
        using var folder = new TestFolder();
        CliRun.Of("verify", folder.AddModel(), "--against-onnxruntime", folder["missing.so"], "--json").Failed(ExitCode.Failure, "ONNX Runtime could not be loaded from");
    }

    [Fact]
    public void ModelWithoutDataIsAFailureThatSaysWhereDataAreSought()
    {
        using var folder = new TestFolder();
        CliRun run = CliRun.Of("verify", folder.AddModel(), "--json").Failed(ExitCode.Failure, "test_data_set_0/input_0.pb");
        run.Json.GetProperty("passed").GetBoolean().ShouldBeFalse();
        run.Json.GetProperty("cases").GetArrayLength().ShouldBe(0);
        run.Json.GetProperty("error").GetString().ShouldNotBeNull();
    }

    [Fact]
    public void DamagedDataFailTheCaseAlone()
    {
        using var folder = new TestFolder();
        string model = folder.AddModel();
        folder.Proto("test_data_set_0/input_0.pb", "a", [1, 2], 1, 2);
        folder.Proto("test_data_set_0/output_0.pb", "sum", [1, 2], 11, 22);
        folder.Proto("test_data_set_1/input_0.pb", "a", [1, 2], 1, 2);
        folder.Proto("test_data_set_1/input_1.pb", "b", [2], 10, 20);
        folder.Proto("test_data_set_1/output_0.pb", "sum", [1, 2], 11, 22);

        CliRun run = CliRun.Of("verify", model, "--json").Failed(ExitCode.Failure, "Data set test_data_set_0 lacks 'b' float [2].");
        run.Json.GetProperty("cases").EnumerateArray().Select(static c => c.GetProperty("passed").GetBoolean()).ShouldBe([false, true]);
    }
}
