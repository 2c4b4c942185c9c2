using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Lowering;

namespace AotCompiler.Planning;

/// <summary>
/// What a typical processor of an instruction set does in a nanosecond: enough to estimate a model's time within a factor of two or so.
/// </summary>
/// <param name="Device">The processor, for messages.</param>
/// <param name="MultiplyAddsPerNanosecond">Multiply-adds of a kernel that keeps its sums in registers.</param>
/// <param name="WeightBytesPerNanosecond">Bytes read in order.</param>
/// <param name="BytesPerNanosecond">Bytes that are copied in less regular ways.</param>
/// <param name="CallNanoseconds">A call.</param>
internal sealed record DeviceSpeed(
    string Device, double MultiplyAddsPerNanosecond, double WeightBytesPerNanosecond, double BytesPerNanosecond, double CallNanoseconds)
{
    /// <summary>A current core with 512-bit vectors; bytes come from the second-level cache.</summary>
    public static readonly DeviceSpeed Server = new("a server core with 512-bit vectors", 55, 60, 16, 20);

    private static readonly DeviceSpeed _desktop = new("a desktop core at 3 GHz with AVX2", 40, 45, 14, 20);

    /// <summary>By the beginning of an instruction set's name, the demanding ones first. Without vectors a product takes several cycles.</summary>
    private static readonly (string Prefix, DeviceSpeed Speed)[] _byName =
    {
        ("x86-64-v4", Server),
        ("x86-64-v3", _desktop),
        ("x86-64-v2", new DeviceSpeed("a core at 3 GHz with SSE", 9, 25, 8, 25)),
        ("baseline", new DeviceSpeed("a core at 3 GHz with SSE", 9, 25, 8, 25)),
        ("armv7", new DeviceSpeed("a 32-bit Arm core at 1 GHz", 0.2, 1, 0.5, 60)),
        ("arm", new DeviceSpeed("an Arm core at 1.5 GHz", 6, 8, 3, 40)),
    };

    private static readonly DeviceSpeed _microcontroller = new("a Cortex-M4 at 168 MHz", 0.025, 0.15, 0.08, 300);

    /// <summary>The processor that estimates for an instruction set are made for.</summary>
    /// <param name="isa">Name of the instruction set; of several, joined by bars, the least demanding counts.</param>
    /// <param name="target">Operating system and processor, such as <c>none-armv7em</c>; null if it is not known.</param>
    public static DeviceSpeed Of(string isa, string? target = null) => target?.StartsWith("none-", StringComparison.Ordinal) ?? false
        ? _microcontroller
        : isa.Split('|').Select(ByName).OrderBy(static s => s.MultiplyAddsPerNanosecond).First();

    /// <summary>Estimated nanoseconds of a step on one thread.</summary>
    public double Nanoseconds(Step step) => CallNanoseconds + (step.MultiplyAdds > 0
        ? Math.Max(step.MultiplyAdds / MultiplyAddsPerNanosecond, step.BytesMoved / WeightBytesPerNanosecond)
        : step.BytesMoved / BytesPerNanosecond);

    /// <summary>Estimated nanoseconds of a run on one thread.</summary>
    public double Nanoseconds(IEnumerable<Step> steps) => steps.Sum(Nanoseconds);

    private static DeviceSpeed ByName(string isa) =>
        _byName.Where(n => isa.StartsWith(n.Prefix, StringComparison.Ordinal)).Select(static n => n.Speed).FirstOrDefault() ?? _desktop;
}
