using System;

namespace AotCompiler.Diagnostics;

/// <summary>Ends a compilation because of what the model contains; the compiler's entry point turns it into its <see cref="Diagnostic"/>.</summary>
internal class ModelException : Exception
{
    public ModelException(string code, string message)
        : this(ModelDiagnostic.Error(code, message))
    {
    }

    public ModelException(ModelDiagnostic diagnostic)
        : base(diagnostic.ToString())
    {
        Diagnostic = diagnostic;
    }

    /// <summary>What the user is told.</summary>
    public ModelDiagnostic Diagnostic { get; }

    /// <summary>True if the model is refused at some sizes of a range, and others may do.</summary>
    public bool DependsOnSizes { get; init; }
}
