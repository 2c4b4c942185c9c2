using System;
using System.Globalization;
using System.Linq;

namespace AotCompiler.Runtime.Tests;

/// <summary>
/// Entry point of the child processes in which the tests measure errors with instruction sets switched off.
/// Arguments: stride, then function names (none: all). Prints one line per function: name, error, worst input.
/// </summary>
internal static class Program
{
    private static void Main(string[] args)
    {
        uint stride = uint.Parse(args[0], CultureInfo.InvariantCulture);
        foreach (FunctionCase function in FunctionTable.All.Where(f => args.Length == 1 || args.Contains(f.Name)))
        {
            UlpSurvey survey = UlpSurvey.Measure(function, function.Wide256, stride);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{function.Name} {survey.MaxUlp:F3} {survey.WorstInput:R} {survey.WorstOutput:R}"));
        }
    }
}
