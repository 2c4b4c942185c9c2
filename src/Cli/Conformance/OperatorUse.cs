using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Onnx;

namespace AotCompiler.Cli.Conformance;

/// <summary>An operator that a model uses.</summary>
/// <param name="Domain">Its domain; empty for <c>ai.onnx</c>.</param>
/// <param name="Name">Its type.</param>
/// <param name="Types">Element types, as ONNX spells them, of the model's inputs that its nodes read first.</param>
internal sealed record OperatorUse(string Domain, string Name, IReadOnlyList<string> Types)
{
    /// <summary>The operators of a model's nodes, each once. Bodies of functions and subgraphs are not looked into.</summary>
    public static IReadOnlyList<OperatorUse> Of(OnnxModel model)
    {
        Dictionary<string, string> inputs = model.Graph.Inputs
            .Where(static i => i.Type is OnnxTensorType)
            .ToDictionary(static i => i.Name, static i => ((OnnxTensorType)i.Type!).ElementType.DisplayName(), StringComparer.Ordinal);
        return model.Graph.Nodes
            .GroupBy(static n => (n.Domain, n.OpType))
            .Select(g => new OperatorUse(g.Key.Domain, g.Key.OpType, g
                .Where(n => n.Inputs.Length > 0 && inputs.ContainsKey(n.Inputs[0]))
                .Select(n => inputs[n.Inputs[0]])
                .Distinct()
                .Order(StringComparer.Ordinal)
                .ToArray()))
            .ToArray();
    }
}
