using System.Collections.Generic;
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

/// <summary>An operator that reads a map whose possible keys it knows: the model takes the map as a vector of the keys' values, absent ones 0.</summary>
internal interface IMapReader
{
    /// <summary>The keys, as text, in the order of the vector; null if they are only known at run time.</summary>
    IReadOnlyList<string>? KeysOf(AttributeMap attributes);

    /// <summary>True if only the map's values matter, in the order of their keys: the model takes them as a vector of any length.</summary>
    bool TakesAnyKeys(AttributeMap attributes);
}
