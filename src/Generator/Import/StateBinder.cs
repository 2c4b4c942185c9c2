using System.Collections.Generic;
using System.Linq;
using AotCompiler.Compiler;
using AotCompiler.Diagnostics;
using AotCompiler.Ir;

namespace AotCompiler.Import;

/// <summary>Takes outputs that feed inputs of the next run off both lists: they become the graph's states.</summary>
internal static class StateBinder
{
    /// <summary>Binds all pairs.</summary>
    /// <exception cref="ModelException">A pair names no output and input of this model, or two of different type or shape.</exception>
    public static void Bind(Graph graph, IEnumerable<StatePair> pairs)
    {
        foreach (StatePair pair in pairs)
        {
            Bind(graph, pair);
        }
    }

    private static void Bind(Graph graph, StatePair pair)
    {
        foreach ((string outputName, string inputName) in pair.Readings)
        {
            GraphOutput? output = graph.Outputs.FirstOrDefault(o => o.Name == outputName);
            Value? input = graph.Inputs.FirstOrDefault(i => i.Name == inputName);
            if (output is null || input is null)
            {
                continue;
            }

            if (output.Value.Type != input.Type || !output.Value.Shape.Equals(input.Shape))
            {
                throw new ModelException(
                    DiagnosticCodes.OptionInvalid,
                    $"State \"{pair.Text}\": the output is {output.Value.Shape} {output.Value.Type.ShortName()}, the input {input.Shape} {input.Type.ShortName()}. A state keeps its type and shape; bind the free dimensions so that they agree, or leave this pair out.");
            }

            graph.Outputs.Remove(output);
            graph.Inputs.Remove(input);
            graph.States.Add(new GraphState(input, output.Value));
            return;
        }

        throw new ModelException(
            DiagnosticCodes.OptionInvalid,
            $"State \"{pair.Text}\" names no output and input that are free. Outputs: {Names(graph.Outputs.Select(static o => o.Name))}. Inputs: {Names(graph.Inputs.Select(static i => i.Name))}. Write OUTPUT:INPUT.");
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(static n => $"'{n}'"));
}
