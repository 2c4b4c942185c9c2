using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>An operator that can do without knowing what decides the shapes of its outputs, since its other inputs bound them.</summary>
internal interface ITakesData
{
    /// <summary>Writes the node as an expression of operators that take data; false if it cannot be one.</summary>
    /// <param name="node">The node, which stands in no graph; its inputs are inferred.</param>
    /// <param name="compose">Adds the parts, and is told what the outputs are.</param>
    bool TryCompose(Node node, Composer compose);
}
