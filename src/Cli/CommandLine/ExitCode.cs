namespace AotCompiler.Cli.CommandLine;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Everything that was asked for was done, and every check passed.</summary>
    public const int Success = 0;

    /// <summary>The work failed or a check did not pass.</summary>
    public const int Failure = 1;

    /// <summary>The command line itself is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>The user interrupted the work; 128 plus the number of SIGINT.</summary>
    public const int Cancelled = 130;
}
