using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotCompiler.Operators;
using Shouldly;

namespace AotCompiler.Conformance.Tests;

/// <summary>The page of supported operators is written by a run of the suite; what it lists must be what is registered.</summary>
public sealed class OperatorPageTests
{
    [Fact]
    public void ListsExactlyTheRegisteredOperators()
    {
        string[] rows = File.ReadAllLines(FindPage()).Where(static l => l.StartsWith("| ", StringComparison.Ordinal) && !l.StartsWith("| Operator", StringComparison.Ordinal)).ToArray();

        rows.Select(static l => Cells(l)[0]).ShouldBe(Standard.Select(static o => o.ToString()));
        rows.Select(static l => Cells(l)[1]).ShouldBe(Standard.Select(static o => $"{o.Since}"));
    }

    private static IEnumerable<Operator> Standard => OperatorRegistry.All.Where(static o => o.Domain != Operator.InternalDomain);

    private static string[] Cells(string row) => row.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries);

    private static string FindPage()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string page = Path.Combine(folder.FullName, "docs", "SUPPORTED-OPERATORS.md");
            if (File.Exists(page))
            {
                return page;
            }
        }

        throw new InvalidOperationException("docs/SUPPORTED-OPERATORS.md is missing");
    }
}
