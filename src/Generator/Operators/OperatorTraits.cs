using AotCompiler.Ir;

namespace AotCompiler.Operators;

/// <summary>An operator whose output is its inputs side by side, so that they may be computed in place inside it.</summary>
internal interface IJoiningOperator
{
    /// <summary>The axis the inputs are joined along, or null if this node's inputs cannot be placed.</summary>
    int? JoinAxis(Node node);
}

/// <summary>An operator whose output 0 is input 0, element by element in row-major order, under another shape.</summary>
internal interface IReshapingOperator
{
}
