using System.Text.Json.Serialization;
using AotCompiler.Compiler.Printing;

namespace AotCompiler.Cli.Reports;

/// <summary>How reports are written as JSON. The keys are a contract with other programs: they are added, never renamed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    WriteIndented = true)]
[JsonSerializable(typeof(ModelDescription))]
[JsonSerializable(typeof(GraphDescription))]
[JsonSerializable(typeof(ScheduleDescription))]
[JsonSerializable(typeof(PlanDescription))]
[JsonSerializable(typeof(CompileReport))]
[JsonSerializable(typeof(BuildReport))]
[JsonSerializable(typeof(VerifyReport))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(ProfileReport))]
[JsonSerializable(typeof(SizeReport))]
[JsonSerializable(typeof(TuneReport))]
[JsonSerializable(typeof(TuningFileContent))]
[JsonSerializable(typeof(ConformanceReport))]
[JsonSerializable(typeof(FuzzReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
