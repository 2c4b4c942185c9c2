using AotCompiler.Cli.CommandLine;
using AotCompiler.Onnx;
using System.IO;
using AotCompiler.Tests.Onnx;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.Tests.Support;
using Shouldly;

namespace AotCompiler.Cli.Tests.Commands;

/// <summary>The keys are a contract: a test that fails here means that programs which read the reports break.</summary>
public sealed class InspectCommandTests
{
    [Fact]
    public void OperatorsOfTheCompilersOwnAreNoModels()
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder["own.onnx"], new ModelBuilder().Import("aotcompiler.internal", 1)
            .Input("x", OnnxDataType.Float, 2, 3).Input("z", OnnxDataType.Float, 2).Node("aotcompiler.internal", "SampledPixels", ["x", "z"], ["y"]).Output("y").ToBytes());
        CliRun.Of("inspect", folder["own.onnx"], "--stage", "graph").Failed(ExitCode.Failure, "aotc: error AOTC0201: 'aotcompiler.internal");
    }

    private static readonly string Model = Repository.SmallModel("matrices");

    [Fact]
    public void Model_AsData()
    {
        JsonElement model = CliRun.Of("inspect", Model, "--json").Succeeded().Json;

        model.Keys().ShouldBe(
            ["graphName", "irVersion", "opsets", "producer", "inputs", "outputs", "operators", "nodeCount", "initializerCount", "parameterCount", "parameterBytes", "localFunctions"]);
        model.GetProperty("inputs").First().Keys().ShouldBe(["name", "type", "shape"]);
        model.GetProperty("operators").First().Keys().ShouldBe(["name", "count"]);
        model.GetProperty("inputs").EnumerateArray().Select(static i => i.GetProperty("name").GetString()).ShouldBe(["a", "b", "vector"]);
        model.GetProperty("opsets").Keys().ShouldBe(["ai.onnx"]);
    }

    [Fact]
    public void Graph_AsData()
    {
        JsonElement graph = CliRun.Of("inspect", Model, "--stage", "graph", "--json").Succeeded().Json;

        graph.Keys().ShouldBe(["name", "inputs", "outputs", "nodes", "constants"]);
        graph.GetProperty("nodes").First().Keys().ShouldBe(["name", "operator", "inputs", "outputs", "attributes", "epilogue"]);
        graph.GetProperty("constants").First().Keys().ShouldBe(["name", "type", "shape", "recipe"]);
        graph.GetProperty("outputs").First().GetProperty("type").GetString().ShouldBe("f32");
    }

    [Fact]
    public void Schedule_AsData()
    {
        JsonElement schedule = CliRun.Of("inspect", Model, "--stage", "schedule", "--json").Succeeded().Json;

        schedule.Keys().ShouldBe(["steps", "multiplyAdds"]);
        JsonElement step = schedule.GetProperty("steps").First();
        step.Keys().ShouldBe(["index", "name", "node", "operator", "kernel", "summary", "reads", "writes", "scratchBytes", "multiplyAdds"]);
        step.GetProperty("reads").First().Keys().ShouldBe(["storage", "kind", "type", "shape", "layout"]);
    }

    [Fact]
    public void Plan_AsData()
    {
        JsonElement plan = CliRun.Of("inspect", Model, "--stage", "plan", "--json").Succeeded().Json;

        plan.Keys().ShouldBe(
            ["arenaBytes", "arenaLowerBoundBytes", "peakStep", "peakStepName", "leastArenaBytes", "arenaWithoutReuseBytes", "strategy", "weightBytes", "stepCount", "multiplyAdds", "buffers", "inPlace", "weights"]);
        plan.GetProperty("buffers").First().Keys().ShouldBe(["name", "bytes", "offset", "firstStep", "lastStep"]);
        plan.GetProperty("weights").First().Keys().ShouldBe(["name", "type", "shape", "recipe", "bytes", "offset"]);
        plan.GetProperty("arenaBytes").GetInt64().ShouldBeGreaterThanOrEqualTo(plan.GetProperty("arenaLowerBoundBytes").GetInt64());
        plan.GetProperty("arenaWithoutReuseBytes").GetInt64().ShouldBeGreaterThan(plan.GetProperty("arenaBytes").GetInt64());
        plan.GetProperty("leastArenaBytes").GetInt64().ShouldBeInRange(1, plan.GetProperty("arenaBytes").GetInt64());
        plan.GetProperty("peakStepName").GetString().ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("model", "opset")]
    [InlineData("graph", "MatMul")]
    [InlineData("schedule", "multiply-adds")]
    [InlineData("plan", "Arena over time")]
    [InlineData("plan", "most live")]
    [InlineData("plan", "with a budget")]
    public void Tables_ForPeople(string stage, string content)
    {
        CliRun run = CliRun.Of("inspect", Model, "--stage", stage).Succeeded();
        run.Output.ShouldContain(content);
        run.Output.ShouldNotContain("\u001b", customMessage: "no colours in a file");
    }
}
