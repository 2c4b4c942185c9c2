using System;
using System.IO;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Tests.Support;

namespace AotCompiler.Tests.Snapshots;

/// <summary>All code that is generated for models of the project's own, but the weights.</summary>
public class FileSnapshotTests
{
    [Fact]
    public void Mlp_256() => Check("mlp", "x86-64-v3");

    [Fact]
    public void Residual_network_512() => Check("cnn-residual", "x86-64-v4");

    [Fact]
    public void Mobile_block_128() => Check("mobile-block", "baseline");

    private static void Check(string name, string isa)
    {
        CompilationResult result = Snapshot.Compile(File.ReadAllBytes(SmallModels.PathOf(name)), name, isa);
        string.Join('\n', result.Sources.Where(static s => !s.HintName.Contains(".Weights.", StringComparison.Ordinal)).Select(static s => $"// ===== {s.HintName}\n{s.Text}"))
            .ShouldBeApproved($"{name}.{isa}");
    }
}
