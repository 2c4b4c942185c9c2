namespace AotCompiler.Diagnostics;

/// <summary>How much a diagnostic weighs: only an <see cref="Error"/> fails the build.</summary>
internal enum DiagnosticSeverity
{
    Info,
    Warning,
    Error,
}

/// <summary>One message about a model: what is wrong, where, and what to do next.</summary>
/// <param name="Code">Stable identifier, <c>AOTC</c> and four digits; see <see cref="DiagnosticCodes"/>.</param>
/// <param name="Severity">Weight of the message.</param>
/// <param name="Message">Full sentence(s): the node, operator, opset and shapes where they apply, the reason, the next step.</param>
internal sealed record ModelDiagnostic(string Code, DiagnosticSeverity Severity, string Message)
{
    /// <summary>Makes an error.</summary>
    public static ModelDiagnostic Error(string code, string message) => new(code, DiagnosticSeverity.Error, message);

    /// <summary>Makes a warning.</summary>
    public static ModelDiagnostic Warning(string code, string message) => new(code, DiagnosticSeverity.Warning, message);

    /// <summary>Makes an information message.</summary>
    public static ModelDiagnostic Info(string code, string message) => new(code, DiagnosticSeverity.Info, message);

    /// <inheritdoc/>
    public override string ToString() => $"{Code}: {Message}";
}
