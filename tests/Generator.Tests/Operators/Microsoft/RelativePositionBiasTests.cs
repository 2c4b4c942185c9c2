using AotCompiler.Diagnostics;
using AotCompiler.Onnx;
using AotCompiler.Tests.Onnx;
using AotCompiler.Tests.Support;
using Shouldly;

namespace AotCompiler.Tests.Operators.Microsoft;

public sealed class RelativePositionBiasTests
{
    [Fact]
    public void Near_distances_have_their_own_bucket() => ScheduleCheck.Evaluate(new ModelBuilder(24).Import("com.microsoft", 1)
        .Initializer("t", [4, 1], 10f, 11f, 12f, 13f).Initializer("n", [1], 4L)
        .Node("com.microsoft", "RelativePositionBias", ["t", "n", "n"], ["y"], ("max_distance", 4)).Output("y"))
        .Floats().ToArray().ShouldBe([10f, 10, 10, 10, 11, 10, 10, 10, 12, 11, 10, 10, 13, 12, 11, 10]);

    [Fact]
    public void Both_directions_have_half_of_the_buckets() => ScheduleCheck.Evaluate(new ModelBuilder(24).Import("com.microsoft", 1)
        .Initializer("t", [8, 1], 10f, 11f, 12f, 13f, 14f, 15f, 16f, 17f).Initializer("n", [1], 3L)
        .Node("com.microsoft", "RelativePositionBias", ["t", "n", "n"], ["y"], ("max_distance", 16), ("is_bidirectional", 1)).Output("y"))
        .Floats().ToArray().ShouldBe([10f, 15, 16, 11, 10, 15, 12, 11, 10]);
}
