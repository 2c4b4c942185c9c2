namespace AotCompiler.Operators.Microsoft;

/// <summary>
/// An operator that ONNX Runtime adds to the standard, most of them what its optimiser makes of several nodes. It is taken apart again
/// into the parts that this compiler fuses itself.
/// </summary>
internal abstract class MicrosoftOperator : ComposedOperator
{
    /// <summary>The operator domain of ONNX Runtime.</summary>
    public const string MicrosoftDomain = "com.microsoft";

    private readonly int _outputs;

    /// <param name="name">Operator type.</param>
    /// <param name="least">Fewest inputs.</param>
    /// <param name="most">Most inputs.</param>
    /// <param name="outputs">Most outputs.</param>
    /// <param name="domain">Operator domain.</param>
    protected MicrosoftOperator(string name, int least, int most, int outputs = 1, string domain = MicrosoftDomain)
        : base(name, domain)
    {
        InputCount = (least, most);
        _outputs = outputs;
    }

    public sealed override (int Min, int Max) InputCount { get; }

    public sealed override (int Min, int Max) OutputCount => (1, _outputs);
}
