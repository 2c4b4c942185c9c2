using System.IO;
using System.Linq;
using System.Text.Json;
using AotCompiler.Cli.CommandLine;
using Shouldly;

namespace AotCompiler.Cli.Tests.Support;

/// <summary>A finished run of the command line.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>The report on standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>Runs the program in this process.</summary>
    public static CliRun Of(params string[] arguments)
    {
        Application.UseInvariantCulture();
        var output = new StringWriter();
        var error = new StringWriter();
        int exitCode = Application.Run(arguments, new Terminal(output, error));
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Fails the test unless the program succeeded.</summary>
    public CliRun Succeeded()
    {
        ExitCode.ShouldBe(0, Error + Output);
        return this;
    }

    /// <summary>Fails the test unless the program failed like this.</summary>
    public CliRun Failed(int exitCode, string message)
    {
        ExitCode.ShouldBe(exitCode, Error + Output);
        Error.ShouldContain(message);
        return this;
    }
}

/// <summary>Looks at JSON.</summary>
internal static class JsonElements
{
    /// <summary>Names of an object's properties, in order.</summary>
    public static string[] Keys(this JsonElement element) => element.EnumerateObject().Select(static p => p.Name).ToArray();

    public static JsonElement First(this JsonElement array) => array.EnumerateArray().First();
}
