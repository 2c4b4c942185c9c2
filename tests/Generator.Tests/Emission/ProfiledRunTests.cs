using System;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.InProcess;
using AotCompiler.Ir;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Emission;

/// <summary>Builds for the profiler: the same model, with timestamps between its steps.</summary>
public class ProfiledRunTests
{
    [Theory]
    [InlineData("auto")]
    [InlineData("x86-64-v3")]
    public void Timestamps_rise_and_results_stay(string isa)
    {
        CompilationResult plain = Compile(isa, profile: false);
        CompilationResult profiled = Compile(isa, profile: true);
        profiled.Code!.Hash.ShouldBe(plain.Code!.Hash);
        int steps = profiled.Plan!.Schedule.Steps.Count;
        profiled.Code.ProfiledSteps.ShouldBe(steps);
        plain.Code.ProfiledSteps.ShouldBeNull();

        using LoadedModel one = Load(plain), other = Load(profiled);
        foreach (LoadedModel model in new[] { one, other })
        {
            model.Input(0).Clear();
            model.Input(0)[3] = 0x3f;
            model.Run();
        }

        byte[] expected = one.Output(0).ToArray();
        other.Output(0).ToArray().ShouldBe(expected);
        other.Output(0).Clear();
        var timestamps = new long[steps + 1];
        other.RunProfiled(timestamps);
        other.Output(0).ToArray().ShouldBe(expected);
        timestamps.ShouldAllBe(static t => t > 0);
        timestamps.ShouldBe(timestamps.Order());
    }

    /// <summary>Threads note the end of their shares, of every step and in the steps' order.</summary>
    [Fact]
    public void Threads_note_their_steps()
    {
        CompilationResult profiled = Compile("auto", profile: true, size: 64);
        profiled.Plan!.Phases.ShouldContain(static p => p.Shares > 1);
        using LoadedModel one = Load(profiled), two = one.Copy(threads: 2);
        var timestamps = new long[profiled.Code!.ProfiledSteps!.Value + 1];
        one.Run();
        two.RunProfiled(timestamps);
        two.Output(0).ToArray().ShouldBe(one.Output(0).ToArray());
        timestamps.ShouldAllBe(static t => t > 0);
        timestamps[0].ShouldBe(timestamps.Min());
        timestamps[^1].ShouldBe(timestamps.Max());

        Array.Clear(timestamps);
        two.Run();
        timestamps.ShouldAllBe(static t => t == 0);
    }

    /// <summary>A copy has the inputs of the instance it is made of.</summary>
    [Fact]
    public void Copies_hold_the_same_inputs()
    {
        using LoadedModel model = Load(Compile("auto", profile: false));
        model.Input(0)[5] = 77;
        using LoadedModel copy = model.Copy(threads: 1);
        copy.Input(0).ToArray().ShouldBe(model.Input(0).ToArray());
        copy.Input(0)[5] = 1;
        model.Input(0)[5].ShouldBe((byte)77);
    }

    [Fact]
    public void Builds_that_are_not_profiled_know_nothing_of_it()
    {
        Compile("auto", profile: false).Sources.ShouldAllBe(static s => !s.Text.Contains("long* timestamp", StringComparison.Ordinal) && !s.Text.Contains("RunProfiled", StringComparison.Ordinal));
        using LoadedModel model = Load(Compile("auto", profile: false));
        Should.Throw<NotSupportedException>(() => model.RunProfiled(new long[100]));
    }

    private static CompilationResult Compile(string isa, bool profile, int size = 8)
    {
        byte[] model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 3, size, size)
            .Initializer("w", [17, 3, 3, 3], Weights.Random(17 * 27, 1))
            .Node("Conv", ["x", "w"], ["timestamps"])
            .Node("Softmax", ["timestamps"], ["s"])
            .Node("MaxPool", ["s"], ["y"], ("kernel_shape", new long[] { 2, 2 }))
            .Output("y")
            .ToBytes();
        CompilationResult result = ModelCompiler.Compile(
            ModelFile.FromBytes(model), NoExternalData.Instance, new CompilerOptions { ModelName = $"Profiled{profile}", Isa = TargetIsa.TryParse(isa)!, Profile = profile });
        result.Success.ShouldBeTrue(string.Join('\n', result.Diagnostics));
        return result;
    }

    private static LoadedModel Load(CompilationResult result)
    {
        Graph graph = result.Graph!;
        return LoadedModel.Load(
            new ModelSignature(
                result.Code!.FullClassName,
                graph.Inputs.Select(static v => new ModelSlot(v.Name, "float", 4, v.Shape.ElementCount)).ToArray(),
                graph.Outputs.Select(static o => new ModelSlot(o.Name, "float", 4, o.Value.Shape.ElementCount)).ToArray(),
                result.Plan!.Arena.ArenaBytes) { ProfiledSteps = result.Code.ProfiledSteps },
            result.Sources.Select(static s => (s.HintName, s.Text)));
    }
}
