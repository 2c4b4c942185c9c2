using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using AotCompiler.Cli.Reports;
using AotCompiler.Operators;
using AotCompiler.Operators.Quantization;

namespace AotCompiler.Cli.Conformance;

/// <summary>The page of supported operators: every operator that is registered, with its results in the suite.</summary>
internal static class OperatorPage
{
    /// <summary>Writes the page as Markdown, with LF line ends.</summary>
    public static string Write(ConformanceReport report)
    {
        var text = new StringBuilder();
        text.Append("# Supported operators\n\n");
        text.Append("Written by `aotc conformance DIR --write-docs docs/SUPPORTED-OPERATORS.md`, where DIR holds the ONNX backend suite; do not edit.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Standard().Count()} operators are compiled. Of the suite's {report.Total} cases, which also cover operators that are not listed here, {report.Passed} pass on compiled code ({report.Isa}), {report.Unsupported} need something that is not supported, and {report.Wrong} give a wrong result. ");
        text.Append(CultureInfo.InvariantCulture, $"In {report.Constants.Count} of the passed cases shapes depend on inputs; those inputs were compiled in.\n\n");
        text.Append("*Since* is the first version of the operator set that has the operator; all later versions up to the newest are supported. *Types* are element types of the first input in cases that pass. *Cases* are those that use the operator, together with others in some of them.\n\n");
        text.Append("| Operator | Since | Types | Cases passed |\n|---|---:|---|---:|\n");
        foreach (Operator op in Standard())
        {
            ConformanceOperator? row = report.Operators.FirstOrDefault(o => o.Domain == op.Domain && o.Operator == op.Name);
            string types = row is null ? string.Empty : string.Join(", ", row.Types);
            text.Append(CultureInfo.InvariantCulture, $"| {op} | {op.Since} | {types} | {row?.Passed ?? 0} / {row?.Cases ?? 0} |\n");
        }

        return text.ToString();
    }

    /// <summary>All operators that models can have.</summary>
    private static IEnumerable<Operator> Standard() => OperatorRegistry.All.Where(static op => op.Domain != Operator.InternalDomain);
}
