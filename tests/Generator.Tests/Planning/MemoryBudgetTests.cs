using System.Linq;
using AotCompiler.Collections;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Kernels;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Planning;

/// <summary>Models within a memory budget: chains in bands of rows, with the bits of the plainest build.</summary>
public sealed class MemoryBudgetTests
{
    public static TheoryData<int> Seeds => new(Enumerable.Range(1, 6));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomChainsKeepTheirBits(int seed) => BandCheck.Run(RandomChain.Make(seed, 4 + (seed % 7)), seed);

    [Fact]
    public void AChainTakesTheRowsThatItsWindowsSpan()
    {
        // Of the bordered input and of what is between the convolutions three rows are enough, and one or two more to move less often.
        ModelBuilder model = Convolutions(channels: 16, height: 64, width: 30, count: 3);
        CompilationResult result = BandCheck.Run(model);
        BandStep chain = BandCheck.Chains(result).ShouldHaveSingleItem();
        chain.Scratch.ShouldAllBe(static s => s.Bytes <= 5 * 32 * 16 * sizeof(float));
        result.Plan!.Arena.ArenaBytes.ShouldBeLessThan(((64 * 30) + (3 * 5 * 32)) * 16 * sizeof(float));
    }

    [Fact]
    public void ResidualsAreWrittenOverTheirOperand()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 32, 20, 20)
            .Initializer("w0", [32, 32, 1, 1], Weights.Random(1024, 4))
            .Node("Conv", ["x", "w0"], ["x0"])
            .Initializer("w1", [96, 32, 1, 1], Weights.Random(3072, 1))
            .Node("Conv", ["x0", "w1"], ["a"])
            .Initializer("w2", [96, 1, 3, 3], Weights.Random(864, 2))
            .Node("Conv", ["a", "w2"], ["b"], ("group", 96), ("pads", new long[] { 1, 1, 1, 1 }))
            .Initializer("w3", [32, 96, 1, 1], Weights.Random(3072, 3))
            .Node("Conv", ["b", "w3"], ["c"])
            .Node("Add", ["c", "x0"], ["d"])
            .Node("GlobalAveragePool", ["d"], ["y"])
            .Output("y");
        CompilationResult result = BandCheck.Run(model);
        result.Plan!.Arena.ArenaBytes.ShouldBeLessThan((32 * 20 * 20 + (96 * 22 * 4) + (96 * 20 * 3)) * sizeof(float));
    }

    [Fact]
    public void ABudgetThatIsMetChangesNothing()
    {
        byte[] model = Convolutions(channels: 16, height: 40, width: 30, count: 3).ToBytes();
        CompilationResult free = BandCheck.Compile(model, new CompilerOptions());
        CompilationResult within = BandCheck.Compile(model, new CompilerOptions { MemoryBudget = (int)(free.Plan!.Arena.ArenaBytes + 1023) / 1024 });
        within.Sources.Select(static s => s.Text).ShouldBe(free.Sources.Select(static s => s.Text));
        BandCheck.Chains(within).ShouldBeEmpty();
    }

    [Fact]
    public void StatesAreHandedOnWithinABudget()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 500).Input("s", OnnxDataType.Float, 500)
            .Node("Softmax", ["x"], ["a"]).Node("Softmax", ["s"], ["b"]).Node("Add", ["a", "b"], ["next"]).Node("Sub", ["s", "a"], ["y"])
            .Output("y").Output("next");
        var options = new CompilerOptions { MemoryBudget = 1, States = new EquatableArray<StatePair>(new StatePair("next:s")) };
        ModelDiagnostic failure = ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, options).Diagnostics.ShouldHaveSingleItem();
        failure.Code.ShouldBe(DiagnosticCodes.BudgetExceeded);
        options = options with { MemoryBudget = 6 };
        ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, options).Diagnostics.ShouldBeEmpty();
    }

    [Fact]
    public void ValuesThatAreNeededWholeStayWhole()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 1, 16, 30, 30)
            .Initializer("w1", [16, 16, 3, 3], Weights.Random(2304, 1))
            .Node("Conv", ["x", "w1"], ["a"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Initializer("w2", [16, 16, 3, 3], Weights.Random(2304, 2))
            .Node("Conv", ["a", "w2"], ["b"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("ReduceMean", ["a"], ["m"], ("keepdims", 1))
            .Node("Mul", ["b", "m"], ["y"])
            .Output("y").Output("a");
        CompilationResult result = BandCheck.Run(model);
        BandCheck.Chains(result).SelectMany(static c => c.Scratch).ShouldAllBe(static s => !s.Name.StartsWith("a,"));
    }

    [Fact]
    public void WinogradGoesFirst()
    {
        byte[] model = Convolutions(channels: 64, height: 32, width: 32, count: 3).ToBytes();
        long fast = BandCheck.Compile(model, new CompilerOptions()).Plan!.Arena.ArenaBytes;
        long plain = BandCheck.Compile(model, new CompilerOptions { Winograd = false }).Plan!.Arena.ArenaBytes;
        fast.ShouldBeGreaterThan(plain);
        CompilationResult result = BandCheck.Compile(model, new CompilerOptions { MemoryBudget = (int)(plain + 1023) / 1024 });
        BandCheck.Chains(result).ShouldBeEmpty();
        result.Plan!.Arena.ArenaBytes.ShouldBe(plain);
    }

    [Fact]
    public void TheSmallestArenaIsSaid()
    {
        byte[] model = Convolutions(channels: 16, height: 40, width: 30, count: 3).ToBytes();
        CompilationResult result = ModelCompiler.Compile(ModelFile.FromBytes(model), NoExternalData.Instance, new CompilerOptions { MemoryBudget = 1 });
        ModelDiagnostic error = result.Diagnostics.Single(static d => d.Severity == DiagnosticSeverity.Error);
        error.Code.ShouldBe(DiagnosticCodes.BudgetExceeded);
        error.Message.ShouldContain("The smallest arena found has");
        error.Message.ShouldContain("bands");
    }

    [Fact]
    public void ModelsWithoutRowsKeepTheirPlan()
    {
        ModelBuilder model = new ModelBuilder()
            .Input("x", OnnxDataType.Float, 4, 64)
            .Initializer("w1", [64, 64], Weights.Random(4096, 1))
            .Node("MatMul", ["x", "w1"], ["a"])
            .Node("Softmax", ["a"], ["b"])
            .Node("MatMul", ["b", "w1"], ["y"])
            .Output("y");
        BandCheck.LeastBudget(model.ToBytes(), new CompilerOptions()).ShouldBe((int)(BandCheck.Compile(model.ToBytes(), new CompilerOptions()).Plan!.Arena.ArenaBytes + 1023) / 1024);
    }

    private static ModelBuilder Convolutions(int channels, int height, int width, int count)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, channels, height, width);
        string value = "x";
        for (int i = 0; i < count; i++)
        {
            model.Initializer($"w{i}", [channels, channels, 3, 3], Weights.Random(channels * channels * 9, i).Select(static v => v / 8).ToArray())
                .Node("Conv", [value, $"w{i}"], [$"v{i}"], ("pads", new long[] { 1, 1, 1, 1 }));
            value = $"v{i}";
        }

        return model.Node("GlobalMaxPool", [value], ["y"]).Output("y");
    }
}
