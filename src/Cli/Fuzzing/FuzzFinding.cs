namespace AotCompiler.Cli.Fuzzing;

/// <summary>What a compilation must never do.</summary>
internal enum ProblemKind
{
    /// <summary>An exception that is no diagnostic, the end of the process, or a result without code and without an error.</summary>
    Crash,

    /// <summary>It did not end.</summary>
    Hang,

    /// <summary>More processor time than allowed.</summary>
    Time,

    /// <summary>More memory than allowed.</summary>
    Memory,

    /// <summary>Generated code that is no valid C#.</summary>
    Code,
}

/// <summary>What is wrong with a compilation.</summary>
/// <param name="Kind">What.</param>
/// <param name="Message">More about it.</param>
internal sealed record MutantProblem(ProblemKind Kind, string Message)
{
    /// <summary>Problems with equal texts so far are one.</summary>
    private const int SignatureLength = 200;

    /// <summary>The same for problems that probably have the same cause: figures, such as sizes, do not tell them apart.</summary>
    public string Signature
    {
        get
        {
            string text = string.Create(Message.Length, Message, static (span, message) =>
            {
                for (int i = 0; i < span.Length; i++)
                {
                    span[i] = char.IsAsciiDigit(message[i]) ? '#' : message[i];
                }
            });
            return $"{Kind}: {(text.Length > SignatureLength ? text[..SignatureLength] : text)}";
        }
    }
}

/// <summary>A problem that mutants show, with the smallest of them.</summary>
/// <param name="Problem">The problem.</param>
/// <param name="Smallest">The smallest mutant that shows it.</param>
/// <param name="Count">How many show it.</param>
internal sealed record FuzzFinding(MutantProblem Problem, Mutant Smallest, int Count);
