using System.Collections.Generic;
using System.Linq;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Compiler.Printing;

/// <summary>The lowered model as data: what runs, in order.</summary>
internal sealed record ScheduleDescription
{
    public required IReadOnlyList<StepDescription> Steps { get; init; }

    /// <summary>Multiply-adds of one run.</summary>
    public required long MultiplyAdds { get; init; }

    /// <summary>Describes a schedule.</summary>
    public static ScheduleDescription Of(Schedule schedule) => new()
    {
        Steps = schedule.Steps.Select(StepDescription.Of).ToArray(),
        MultiplyAdds = schedule.MultiplyAdds,
    };
}

/// <summary>One step: a method of the generated code.</summary>
internal sealed record StepDescription
{
    public required int Index { get; init; }

    public required string Name { get; init; }

    /// <summary>Name of the node it belongs to; null for a step the compiler added.</summary>
    public required string? Node { get; init; }

    /// <summary>Operator of that node.</summary>
    public required string? Operator { get; init; }

    /// <summary>The kernel and its parameters.</summary>
    public required string Kernel { get; init; }

    public required string Summary { get; init; }

    public required IReadOnlyList<ViewDescription> Reads { get; init; }

    public required IReadOnlyList<ViewDescription> Writes { get; init; }

    /// <summary>Bytes of working memory that only this step uses.</summary>
    public required long ScratchBytes { get; init; }

    public required long MultiplyAdds { get; init; }

    public static StepDescription Of(Step step) => new()
    {
        Index = step.Index,
        Name = step.Name,
        Node = step.Node?.Name,
        Operator = step.Node?.Operator.Name,
        Kernel = step.Kernel,
        Summary = step.Summary,
        Reads = step.Reads.Select(ViewDescription.Of).ToArray(),
        Writes = step.Writes.Select(ViewDescription.Of).ToArray(),
        ScratchBytes = step.Scratch.Sum(static s => s.Bytes),
        MultiplyAdds = step.MultiplyAdds,
    };
}

/// <summary>A tensor in memory.</summary>
/// <param name="Storage">Name of the memory it lies in.</param>
/// <param name="Kind">Whose memory that is: arena, weights, input or output.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Layout">How it differs from dense row-major; empty if it does not.</param>
internal sealed record ViewDescription(string Storage, string Kind, string Type, IReadOnlyList<int> Shape, string Layout)
{
    public static ViewDescription Of(TensorView view) => new(
        view.Storage.Name,
        view.Storage.Kind.ToString().ToLowerInvariant(),
        view.Type.ShortName(),
        view.Shape.Dimensions,
        view.Layout.Describe());
}
