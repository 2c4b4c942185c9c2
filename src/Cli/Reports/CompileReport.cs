using System.Collections.Generic;

namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc compile</c>.</summary>
/// <param name="Model">File name of the model.</param>
/// <param name="ClassName">Full name of the generated class.</param>
/// <param name="PlanHash">Hash that ties code and weights together, 32 hexadecimal digits.</param>
/// <param name="Files">What was written.</param>
internal sealed record CompileReport(string Model, string ClassName, string PlanHash, IReadOnlyList<CompiledFile> Files);

/// <summary>A file that was written.</summary>
/// <param name="Path">Where.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Kind"><c>source</c> or <c>weights</c>.</param>
internal sealed record CompiledFile(string Path, long Bytes, string Kind);
