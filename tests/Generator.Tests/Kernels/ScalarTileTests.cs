using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Ir;
using AotCompiler.Kernels;
using AotCompiler.Lowering;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using Shouldly;
using Xunit;

namespace AotCompiler.Tests.Kernels;

/// <summary>Tiles, layouts and plans for processors without vectors.</summary>
public sealed class ScalarTileTests
{
    [Theory]
    [InlineData(125, 16, false)]
    [InlineData(5, 16, false)]
    [InlineData(1, 10, false)]
    [InlineData(5, 16, true)]
    public void SumsFitTheRegisters(int positions, int lanes, bool codes)
    {
        TileChoice tile = ScalarTile.Choose(Work(positions, lanes, codes));
        (tile.Positions * tile.Lanes).ShouldBeLessThanOrEqualTo(codes ? 6 : 24);
        (tile.Positions * tile.Lanes).ShouldBeGreaterThanOrEqualTo(codes ? 4 : System.Math.Min(10, positions * lanes));
    }

    [Fact]
    public void ARowOfFivePositionsIsOneTile() => ScalarTile.Choose(Work(5, 16, codes: false)).Positions.ShouldBe(5);

    [Fact]
    public void CompactTilesLeaveNoRemainder()
    {
        TileChoice tile = ScalarTile.Compact(Work(14, 10, codes: false), mayRepeat: false);
        (14 % tile.Positions).ShouldBe(0);
        (10 % tile.Lanes).ShouldBe(0);
    }

    [Fact]
    public void ANarrowBlockHasAsManyLanesAsChannels()
    {
        Layout layout = Layout.Blocked(new Shape(1, 6, 3, 5), new Halo([1, 1], [1, 1]), isNarrow: true);
        layout.Extent.ShouldBe(6 * 5 * 7);
        layout.Dimensions()[^1].Extent.ShouldBe(6);
        layout.Slice(1, 0, 4).Dimensions()[^1].ShouldBe(new IterationDimension(4, 1));
        Layout.Blocked(new Shape(1, 20, 3, 5), Halo.None(2), isNarrow: true).Extent.ShouldBe(2 * 16 * 15);
    }

    /// <summary>Three convolutions of 8 channels: bands make the arena smaller than one map with what it is made of, and nothing is padded to 16.</summary>
    [Fact]
    public void BandsAreUsedUnasked()
    {
        long balanced = Arena(OptimizationGoal.Balanced);
        balanced.ShouldBeLessThan(Arena(OptimizationGoal.Speed) / 2);
        balanced.ShouldBeLessThan(8 * 64 * 64 * sizeof(float));
    }

    private static long Arena(OptimizationGoal goal)
    {
        ModelBuilder model = new ModelBuilder().Input("x", OnnxDataType.Float, 1, 8, 64, 64)
            .Initializer("w", [8, 8, 3, 3], Enumerable.Repeat(0.01f, 576).ToArray())
            .Node("Conv", ["x", "w"], ["a"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("Conv", ["a", "w"], ["b"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Node("MaxPool", ["b"], ["c"], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }))
            .Node("Conv", ["c", "w"], ["d"], ("strides", new long[] { 2, 2 }))
            .Output("d");
        CompilerOptions options = new() { Isa = TargetIsa.TryParse("armv7")!, Optimize = goal };
        return ModelCompiler.Compile(ModelFile.FromBytes(model.ToBytes()), NoExternalData.Instance, options).Plan!.Arena.ArenaBytes;
    }

    private static TileWork Work(int positions, int lanes, bool codes) => new(1, positions, 1, false, false, 64, 64)
    {
        Lanes = lanes,
        Codes = codes ? CodeForm.Single : null,
    };
}
