using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.InProcess;
using AotCompiler.Ir;

namespace AotCompiler.Cli.Compilation;

/// <summary>What a caller in the same process must know of a model that was compiled.</summary>
internal static class CompiledSignature
{
    /// <summary>How the generated class is called.</summary>
    public static ModelSignature Of(CompilationResult result)
    {
        Graph graph = result.Plan!.Schedule.Graph;
        return new ModelSignature(
            result.Code!.FullClassName,
            graph.Inputs.Select(static v => Slot(v.Name, v)).ToArray(),
            graph.Outputs.Select((o, i) => Slot(o.Name, o.Value) with { Dimensions = result.Code.OutputDimensions[i] }).ToArray(),
            result.Plan.Arena.ArenaBytes,
            result.Plan.StateBytes)
        {
            DimensionCount = graph.Sizes.Count(static v => !v.IsComputed),
            CountCount = graph.Sizes.Count(v => v.IsComputed && graph.Outputs.Any(o => o.Value.Shape.Extents.Any(e => e.Size?.Variables.Contains(v) ?? false))),
            ProfiledSteps = result.Code.ProfiledSteps,
        };
    }

    private static ModelSlot Slot(string name, Value value) => new(name, value.Type.PublicName(), value.Type.Size(), value.Shape.ElementCount) { IsDynamic = value.Shape.IsDynamic };
}
