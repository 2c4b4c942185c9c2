namespace AotCompiler.Cli.Conformance;

/// <summary>
/// The inputs of a case that are compiled in with the values of its first data set, because shapes depend on them. Where all
/// are, the case checks constant folding only.
/// </summary>
internal enum ConstantInputs
{
    None,

    /// <summary>Those of type i64 and i32, which is what shapes, axes and sizes are.</summary>
    Integers,

    All,
}
