using System.Globalization;
using AotCompiler.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace AotCompiler.Roslyn;

/// <summary>Turns the compiler's messages into Roslyn's, at the first line of the model file.</summary>
internal static class RoslynDiagnostics
{
    private const string Category = "AotCompiler";

    public static Diagnostic Create(ModelDiagnostic message, string path)
    {
        Microsoft.CodeAnalysis.DiagnosticSeverity severity = message.Severity switch
        {
            Diagnostics.DiagnosticSeverity.Error => Microsoft.CodeAnalysis.DiagnosticSeverity.Error,
            Diagnostics.DiagnosticSeverity.Warning => Microsoft.CodeAnalysis.DiagnosticSeverity.Warning,
            _ => Microsoft.CodeAnalysis.DiagnosticSeverity.Info,
        };
        var descriptor = new DiagnosticDescriptor(message.Code, TitleOf(message.Code), "{0}", Category, severity, isEnabledByDefault: true);
        return Diagnostic.Create(descriptor, Location.Create(path, default, default), message.Message);
    }

    private static string TitleOf(string code) => string.Format(CultureInfo.InvariantCulture, "ONNX model ({0})", code);
}
