using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Cli.CommandLine;
using AotCompiler.Cli.Reports;

namespace AotCompiler.Cli.Conformance;

/// <summary>The cases of an ONNX backend suite below a folder.</summary>
/// <param name="Cases">Cases in name order.</param>
/// <param name="Skipped">What looks like a case but has no model.</param>
internal sealed record ConformanceSuite(IReadOnlyList<ConformanceCase> Cases, IReadOnlyList<ConformanceSkip> Skipped)
{
    private const string ModelName = "model.onnx";

    /// <summary>
    /// Finds them: every folder with <c>model.onnx</c>, and every <c>NAME.onnx</c> with <c>NAME_output_0.pb</c> beside it.
    /// </summary>
    /// <param name="root">The folder.</param>
    /// <param name="filter">Text that the names must contain, in any case; null for all.</param>
    /// <exception cref="CommandException">There is no such folder, or no case.</exception>
    public static ConformanceSuite Find(string root, string? filter)
    {
        if (!Directory.Exists(root))
        {
            throw new CommandException($"The folder {root} does not exist. Give a folder of the ONNX backend suite, such as onnx/backend/test/data/node.");
        }

        var cases = new List<ConformanceCase>();
        var skipped = new List<ConformanceSkip>();
        Collect(Path.GetFullPath(root), string.Empty, cases, skipped);
        bool Wanted(string name) => filter is null || name.Contains(filter, StringComparison.OrdinalIgnoreCase);
        var suite = new ConformanceSuite(cases.Where(c => Wanted(c.Name)).ToArray(), skipped.Where(s => Wanted(s.Name)).ToArray());
        return suite.Cases.Count > 0
            ? suite
            : throw new CommandException($"{root} holds no case{(filter is null ? string.Empty : $" whose name contains '{filter}'")}: no folder with {ModelName} and test_data_set_0, no NAME.onnx with NAME_output_0.pb.");
    }

    private static void Collect(string folder, string name, List<ConformanceCase> cases, List<ConformanceSkip> skipped)
    {
        string model = Path.Combine(folder, ModelName);
        if (File.Exists(model))
        {
            string own = name.Length == 0 ? Path.GetFileName(folder) : name;
            if (HasData(folder))
            {
                cases.Add(new ConformanceCase(own, model));
            }
            else
            {
                skipped.Add(new ConformanceSkip(own, "has no reference data: neither test_data_set_0 nor output_0.pb"));
            }

            return;
        }

        foreach (string file in Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.Ordinal))
        {
            string stem = Path.GetFileNameWithoutExtension(file);
            if (File.Exists(Path.Combine(folder, $"{stem}_output_0.pb")))
            {
                cases.Add(new ConformanceCase(Join(name, stem), file));
            }
        }

        foreach (string child in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            Collect(child, Join(name, Path.GetFileName(child)), cases, skipped);
        }

        if (Path.GetFileName(folder).StartsWith("test_", StringComparison.Ordinal) && !Path.GetFileName(folder).StartsWith("test_data_set", StringComparison.Ordinal))
        {
            skipped.Add(new ConformanceSkip(name, $"has no {ModelName}: the suite keeps it elsewhere"));
        }
    }

    private static bool HasData(string folder) => Directory.EnumerateDirectories(folder, "test_data_set_*").Any()
        || Directory.EnumerateFiles(folder, "output_*").Any();

    private static string Join(string parent, string name) => parent.Length == 0 ? name : $"{parent}/{name}";
}
