using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>What a node of the file looks like.</summary>
/// <param name="Opset">Version that it is written for.</param>
/// <param name="Inputs">The inputs; null where an optional one is absent.</param>
/// <param name="Outputs">How many outputs it names.</param>
/// <param name="Attributes">The attributes.</param>
internal sealed record NodeForm(int Opset, IReadOnlyList<ModelValue?> Inputs, int Outputs, AttributeMap Attributes);

/// <summary>An operator whose inputs, outputs or bodies are more than tensors: it is taken apart while the model is imported.</summary>
internal interface IStructuralOperator
{
    /// <summary>False if the node is an ordinary one.</summary>
    bool IsStructural(NodeForm node);

    /// <summary>Says what the outputs are, in terms of the inputs and of nodes that are added to the graph.</summary>
    void Import(StructureContext context);
}
