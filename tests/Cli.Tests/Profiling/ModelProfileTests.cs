using AotCompiler.Cli.Profiling;
using Shouldly;

namespace AotCompiler.Cli.Tests.Profiling;

public sealed class ModelProfileTests
{
    [Theory]
    [InlineData("contraction, 27 terms, tile 14×16 at 512 bits", "Conv 3×3")]
    [InlineData("pool 3x3 s2x2, 16 channels", "pool")]
    [InlineData("softmax over 128, rows", "softmax")]
    [InlineData("reduce 3136, columns", "reduce")]
    [InlineData("element-wise, 1 function", "element-wise")]
    [InlineData("copy dense → strides [4, 1]", "copy dense")]
    [InlineData("zero halo", "zero halo")]
    [InlineData("normalize groups of 256", "normalize groups")]
    [InlineData("banded chain, 3 steps in 7 bands of 6 rows: contraction, 27 terms", "banded chain")]
    [InlineData("1 thing", "1 thing")]
    [InlineData("Conv 1×1, Depthwise Conv 3×3 in strips of 7 × 16 channels", "Conv chain")]
    public void KindIsTheKernelsNameWithoutItsNumbersOrWhatItComputes(string kernel, string kind) => ModelProfile.KindOf(kernel, "Conv 3×3, y = W·x").ShouldBe(kind);
}
