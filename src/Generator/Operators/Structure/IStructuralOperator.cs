using System.Collections.Generic;
using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>An operator whose inputs, outputs or bodies are more than tensors: it is taken apart while the model is imported.</summary>
internal interface IStructuralOperator
{
    /// <summary>False if the node is an ordinary one for these inputs.</summary>
    bool IsStructural(IReadOnlyList<ModelValue?> inputs, AttributeMap attributes);

    /// <summary>Says what the outputs are, in terms of the inputs and of nodes that are added to the graph.</summary>
    void Import(StructureContext context);
}
