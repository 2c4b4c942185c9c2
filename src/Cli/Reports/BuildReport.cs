namespace AotCompiler.Cli.Reports;

/// <summary>Result of <c>aotc build</c>.</summary>
/// <param name="Model">File name of the model.</param>
/// <param name="Path">The executable.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Framework">Framework whose NativeAOT compiler built it.</param>
/// <param name="RuntimeIdentifier">Operating system and processor it runs on.</param>
/// <param name="Isa">Instruction set it needs.</param>
/// <param name="ArenaBytes">Working memory of a run.</param>
/// <param name="WeightBytes">Weights in the executable.</param>
internal sealed record BuildReport(
    string Model, string Path, long Bytes, string Framework, string RuntimeIdentifier, string Isa, long ArenaBytes, long WeightBytes);
