using System.Collections.Generic;
using System.Text;
using AotCompiler.Lowering;

namespace AotCompiler.Emission;

/// <summary>A generated C# file.</summary>
/// <param name="HintName">File name, made only of letters, digits, dots and underscores.</param>
/// <param name="Text">The code, with LF line ends.</param>
internal sealed record SourceFile(string HintName, string Text)
{
    /// <summary>How the text is stored wherever it is written to disk.</summary>
    public static Encoding Encoding { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
}

/// <summary>The Emit stage's output.</summary>
/// <param name="Sources">C# files.</param>
/// <param name="ClassName">Name of the generated class, without namespace.</param>
/// <param name="FullClassName">Name of the generated class with namespace.</param>
/// <param name="Hash">Hash of the plan.</param>
/// <param name="WeightTypeName">Full name of the type in the weights assembly that holds the blob; null if the weights are in the source.</param>
/// <param name="OutputDimensions">For each output the property that reports its shape in the last run; null where the shape is fixed.</param>
internal sealed record GeneratedCode(
    IReadOnlyList<SourceFile> Sources,
    string ClassName,
    string FullClassName,
    PlanHash Hash,
    string? WeightTypeName,
    IReadOnlyList<string?> OutputDimensions)
{
    /// <summary>Number of steps that <c>RunProfiled</c> times; null if the class does not have that method.</summary>
    public int? ProfiledSteps { get; init; }

    /// <summary>The methods of the steps, width by width, in the order of the first step of each.</summary>
    public IReadOnlyList<GeneratedMethod> Methods { get; init; } = System.Array.Empty<GeneratedMethod>();

    /// <summary>The model as a C library, whose functions are among the sources; null if none was asked for.</summary>
    public NativeInterface? Native { get; init; }
}

/// <summary>A method that one or more steps call.</summary>
/// <param name="VectorBits">Vector width that it is written for.</param>
/// <param name="Name">Its name; methods of its parts have names that go on with an underscore.</param>
/// <param name="Steps">Indices of the steps.</param>
/// <param name="Goal">What it is written for.</param>
internal sealed record GeneratedMethod(int VectorBits, string Name, IReadOnlyList<int> Steps, CodeGoal Goal);
