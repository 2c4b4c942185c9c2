namespace AotCompiler.Diagnostics;

/// <summary>Every diagnostic identifier; each has a page <c>docs/diagnostics/CODE.md</c>.</summary>
internal static class DiagnosticCodes
{
    // 00xx: the model file.

    /// <summary>The file cannot be opened or read.</summary>
    public const string FileUnreadable = "AOTC0001";

    /// <summary>The file is not a well-formed ONNX protobuf message.</summary>
    public const string FileMalformed = "AOTC0002";

    /// <summary>The IR version or an opset version is outside the supported range.</summary>
    public const string VersionUnsupported = "AOTC0003";

    /// <summary>A limit of the reader is exceeded (size, count, depth).</summary>
    public const string LimitExceeded = "AOTC0004";

    /// <summary>A tensor's stored data does not fit its declared type and shape.</summary>
    public const string TensorMalformed = "AOTC0005";

    /// <summary>External data is missing, out of range or refused for safety.</summary>
    public const string ExternalDataRefused = "AOTC0006";

    // 01xx: the graph.

    /// <summary>The graph is malformed: cycle, missing input, duplicate name, bad attribute.</summary>
    public const string GraphMalformed = "AOTC0101";

    /// <summary>A free dimension has no value.</summary>
    public const string DimensionUnbound = "AOTC0102";

    /// <summary>A batch-like free dimension defaulted to 1.</summary>
    public const string DimensionDefaulted = "AOTC0103";

    /// <summary>A dimension was given a value but the model has no such dimension.</summary>
    public const string DimensionUnknown = "AOTC0104";

    /// <summary>Input shapes or types of a node do not fit its operator.</summary>
    public const string ShapeMismatch = "AOTC0105";

    /// <summary>A shape depends on data that is not known at compile time.</summary>
    public const string ShapeNotConstant = "AOTC0106";

    /// <summary>One branch of an If does not fit the shapes, and is left out.</summary>
    public const string BranchLeftOut = "AOTC0107";

    // 02xx: operators.

    /// <summary>The operator is not implemented.</summary>
    public const string OperatorUnsupported = "AOTC0201";

    /// <summary>The operator is implemented but not for these element types.</summary>
    public const string TypeUnsupported = "AOTC0202";

    /// <summary>The operator is implemented but not for these attributes or inputs.</summary>
    public const string FeatureUnsupported = "AOTC0203";

    // 03xx: planning and emission.

    /// <summary>A tensor, the arena or the weights exceed what one build can address.</summary>
    public const string TooLarge = "AOTC0301";

    /// <summary>No plan within the memory budget was found.</summary>
    public const string BudgetExceeded = "AOTC0302";

    // 04xx: the build.

    /// <summary>An option on the project item or the command line is malformed.</summary>
    public const string OptionInvalid = "AOTC0401";

    /// <summary>The packed weights are missing or belong to another plan.</summary>
    public const string WeightsStale = "AOTC0402";

    /// <summary>NativeAOT would drop the vector kernels the model was compiled for.</summary>
    public const string InstructionSetMismatch = "AOTC0403";

    /// <summary>Two models in one project ask for the same class name.</summary>
    public const string NameCollision = "AOTC0404";

    /// <summary>A tuning file, or some of its choices, cannot be used.</summary>
    public const string TuningUnused = "AOTC0405";

    /// <summary>The model has no C interface.</summary>
    public const string NativeUnsupported = "AOTC0406";

    /// <summary>A step has no code on a target without the .NET runtime.</summary>
    public const string FreestandingUnsupported = "AOTC0407";

    /// <summary>A model takes more time or space than its budget.</summary>
    public const string BuildBudgetExceeded = "AOTC0408";

    /// <summary>A native library that a project asks for cannot be built.</summary>
    public const string LibraryNotBuilt = "AOTC0409";

    /// <summary>The project's language or framework cannot use the generated code; reported by the package's targets.</summary>
    public const string ProjectUnsupported = "AOTC0410";

    // 09xx: the compiler itself.

    /// <summary>A defect of the compiler.</summary>
    public const string InternalError = "AOTC0901";

    /// <summary>True if a model is refused because of what it needs, not because it or the compiler is wrong.</summary>
    public static bool IsRefusal(string code) => code
        is VersionUnsupported or OperatorUnsupported or TypeUnsupported or FeatureUnsupported or DimensionUnbound or ShapeNotConstant;
}
