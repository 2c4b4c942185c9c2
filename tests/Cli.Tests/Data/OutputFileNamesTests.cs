using AotCompiler.Cli.Data;
using Shouldly;

namespace AotCompiler.Cli.Tests.Data;

public sealed class OutputFileNamesTests
{
    [Fact]
    public void NamesBecomeSafeAndDistinctFileNames() =>
        OutputFileNames.For(["logits", "a/b:0", "../../etc", "", "Logits", "a_b_0", "ü\n"]).ShouldBe(
            ["logits.npy", "a_b_0.npy", "_.._.._etc.npy", "_.npy", "Logits_4.npy", "a_b_0_5.npy", "__.npy"]);
}
