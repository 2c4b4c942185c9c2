using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotCompiler.Cli.CommandLine;
using Spectre.Console;

namespace AotCompiler.Cli.Reports;

/// <summary>The look that all tables share.</summary>
internal static class Tables
{
    /// <summary>A table; a column whose header begins with <c>&gt;</c> is aligned to the right.</summary>
    public static Table New(params string[] columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            var made = new TableColumn(new Text(column.TrimStart('>')));
            table.AddColumn(column.StartsWith('>') ? made.RightAligned().NoWrap() : made);
        }

        return table;
    }

    /// <summary>Adds a row of plain text: names from a model are never markup.</summary>
    public static void Row(Table table, params string[] cells) => table.AddRow(cells.Select(static cell => new Text(Printable(cell))));

    /// <summary>Named facts, one a line; those without a value are left out.</summary>
    public static void Facts(Terminal terminal, params (string Name, string Value)[] facts)
    {
        int width = facts.Max(static f => f.Name.Length);
        foreach ((string name, string value) in facts.Where(static f => f.Value.Length > 0))
        {
            terminal.WriteLine($"{name.PadRight(width)}  {Printable(value)}");
        }
    }

    /// <summary>With thousands separators.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>2 threads</c>.</summary>
    public static string Threads(int count) => count == 1 ? "1 thread" : $"{count.ToString(CultureInfo.InvariantCulture)} threads";

    /// <summary>Six significant digits; a dash for null.</summary>
    public static string Real(double? value) => value?.ToString("g6", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>Such as <c>[1, 3, 224, 224]</c>.</summary>
    public static string Shape(IEnumerable<int> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>A model's names can hold anything; control characters would let them write to the terminal.</summary>
    private static string Printable(string text) => text.Any(static c => char.IsControl(c) && c != '\n')
        ? string.Concat(text.Select(static c => char.IsControl(c) && c != '\n' ? '?' : c))
        : text;
}
