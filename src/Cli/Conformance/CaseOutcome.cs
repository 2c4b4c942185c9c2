using System.Collections.Generic;

namespace AotCompiler.Cli.Conformance;

/// <summary>How a case ended.</summary>
internal enum CaseStatus
{
    Passed,

    /// <summary>The compiler refused the model because it needs what is not supported.</summary>
    Unsupported,

    /// <summary>A defect: another diagnostic, code that does not compile, another result.</summary>
    Wrong,
}

/// <summary>The result of a case.</summary>
/// <param name="Case">The case.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Reason">Why it did not pass; empty if it did.</param>
/// <param name="MaxUlp">Largest error of a floating-point output in units of its last place.</param>
/// <param name="Constants">Inputs that were compiled in.</param>
/// <param name="Operators">The operators it uses.</param>
/// <param name="FormOnly">True if only types and shapes were compared, since the values are random.</param>
internal sealed record CaseOutcome(
    ConformanceCase Case, CaseStatus Status, string Reason, long MaxUlp, ConstantInputs Constants, IReadOnlyList<OperatorUse> Operators, bool FormOnly);
