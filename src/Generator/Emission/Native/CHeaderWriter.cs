using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotCompiler.Ir;

namespace AotCompiler.Emission;

/// <summary>Writes the header of a model's C library: C99 that C++ takes too, documented for Doxygen.</summary>
internal sealed class CHeaderWriter
{
    private readonly NativeInterface _native;
    private readonly NativeInformation _information;
    private readonly StringBuilder _text = new();

    private CHeaderWriter(NativeInterface native)
    {
        _native = native;
        _information = new NativeInformation(native);
    }

    private string Macro => _native.Macro;

    private string Name => _native.Name;

    private bool HasState => _native.StateBytes > 0;

    /// <summary>The text of <c>NAME.h</c>, with LF line ends.</summary>
    public static string Write(NativeInterface native)
    {
        var writer = new CHeaderWriter(native);
        writer.WriteFile();
        return writer._text.ToString();
    }

    private void WriteFile()
    {
        WriteIntroduction();
        Line($"#ifndef {Macro}_H");
        Line($"#define {Macro}_H");
        Line();
        Line("#include <stdint.h>");
        Line();
        WriteConstants();
        Line("#ifdef __cplusplus");
        Line("extern \"C\" {");
        Line("#endif");
        Line();
        WriteLinkage();
        WriteErrors();
        WriteTypes();
        WriteStructure("inputs", "What a run reads.", Inputs());
        WriteStructure("outputs", "Where a run writes.", Outputs());
        WriteInformation();
        WriteFunctions();
        Line("#ifdef __cplusplus");
        Line("}");
        Line("#endif");
        Line();
        Line($"#endif /* {Macro}_H */");
    }

    private void Line(string text = "") => _text.Append(text).Append('\n');

    private static string Comment(string text) => NameSanitizer.Comment(text).Replace('@', '_');

    private void WriteIntroduction()
    {
        Line("/**");
        Line($" * @file {Name}.h");
        Line($" * The ONNX model \"{Comment(_native.ModelName)}\" as a C library.");
        Line(" *");
        Line($" * Made by AotCompiler {ModelEmitter.CompilerVersion} for {_native.IsaName}; do not edit. SHA-256 of the model:");
        Line($" * {_native.Sha256}");
        Line(" *");
        Line(" * All memory is the caller's. Nothing is allocated, kept from call to call, or thrown. Any number of threads may run the");
        Line($" * model at the same time, each with its own arena{(HasState ? " and its own state" : string.Empty)}. Tensors are row-major, aligned to their elements,");
        Line(" * and outputs overlap neither inputs nor each other.");
        Line(" *");
        Line(" * @code");
        foreach (string line in Example())
        {
            Line($" * {line}".TrimEnd());
        }

        Line(" * @endcode");
        Line(" */");
    }

    private IEnumerable<string> Example()
    {
        yield return $"alignas({Macro}_ARENA_ALIGNMENT) static unsigned char arena[{Macro}_ARENA_SIZE{(_native.ArenaBytes > 0 ? string.Empty : " + 1")}];";
        if (HasState)
        {
            yield return $"alignas({Macro}_ARENA_ALIGNMENT) static unsigned char state[{Macro}_STATE_SIZE];   /* zeros begin a stream */";
        }

        foreach (NativeTensor tensor in _native.Inputs.Concat(_native.Outputs))
        {
            yield return $"static {tensor.CType} {tensor.Member}[{Macro}_{tensor.Macro}_LENGTH];";
        }

        yield return string.Empty;
        yield return $"{Name}_inputs inputs = {{ {Initializers(_native.Inputs.Select(static t => t.Member).Concat(_native.Sizes.Select(static s => s.Member)), _native.Sizes)} }};";
        yield return $"{Name}_outputs outputs = {{ {Initializers(_native.Outputs.Select(static t => t.Member), _native.Sizes)} }};";
        yield return $"int error = {Name}_run(&inputs, &outputs, arena{(HasState ? ", state" : string.Empty)}{(_native.TakesWeights ? ", weights" : string.Empty)});";
    }

    private static string Initializers(IEnumerable<string> members, IReadOnlyList<NativeSize> sizes)
    {
        string[] all = members.Select(m => $".{m} = {(sizes.FirstOrDefault(s => s.Member == m) is { } size ? $"{size.Maximum}" : m)}").ToArray();
        return all.Length == 0 ? "0" : string.Join(", ", all);
    }

    private void Define(string name, string value, string meaning) => Line($"#define {Macro}_{name} {value} /**< {meaning} */");

    private void WriteConstants()
    {
        Define("ABI_VERSION", $"{NativeInterface.AbiVersion}", "Version of the conventions of this header.");
        Define("MODEL_SHA256", $"\"{_native.Sha256}\"", "Hash of the ONNX file.");
        Define("ARENA_SIZE", $"{_native.ArenaBytes}", "Bytes of working memory of a run; its contents need not be kept or cleared.");
        Define("ARENA_ALIGNMENT", "64", $"Alignment in bytes of working memory{(HasState ? ", of the state" : string.Empty)} and of weights.");
        if (HasState)
        {
            Define("STATE_SIZE", $"{_native.StateBytes}", "Bytes that a stream keeps from run to run; all zero at its start.");
        }

        Define("WEIGHTS_SIZE", $"{_native.WeightBytes}", _native.TakesWeights ? $"Bytes of weights, which the caller passes: the contents of {_native.WeightsFile}." : "Bytes of weights, read-only data of the library.");
        Define("INPUT_COUNT", $"{_native.Inputs.Count}", "Inputs of the model.");
        Define("OUTPUT_COUNT", $"{_native.Outputs.Count}", "Outputs of the model.");
        Define("RANK_LIMIT", $"{_native.RankLimit}", "Length of shapes in the information about the model.");
        Define("NAME_ROOM", $"{_information.NameRoom}", "Length of names in the information about the model.");
        foreach (NativeTensor tensor in _native.Inputs.Concat(_native.Outputs))
        {
            Shape shape = tensor.Boundary.Shape;
            Define($"{tensor.Macro}_LENGTH", $"{shape.ElementCount}", $"Elements of {tensor.Member}{(shape.IsDynamic ? ", at most" : string.Empty)}: {Describe(tensor)}.");
        }

        Line();
    }

    private static string Describe(NativeTensor tensor) =>
        $"{tensor.Boundary.Type.ShortName()} [{string.Join(", ", tensor.Boundary.Shape.Extents.Select(static e => e.IsDynamic ? $"{Comment(e.Expression.ToString())} up to {e.Maximum}" : $"{e.Maximum}"))}]";

    private void WriteLinkage()
    {
        Line($"/* Define {Macro}_SHARED on Windows where the library is a DLL. */");
        Line($"#if defined(_WIN32) && defined({Macro}_SHARED)");
        Line($"#define {Macro}_API __declspec(dllimport)");
        Line("#else");
        Line($"#define {Macro}_API");
        Line("#endif");
        Line();
    }

    private void WriteErrors()
    {
        Line("/** What the functions return. */");
        Line($"typedef enum {Name}_status {{");
        foreach (NativeError error in NativeErrors.All)
        {
            Line($"    {Macro}_{NativeErrors.Suffix(error)} = {(int)error}, /**< {Sentence(NativeErrors.Text(error))} */");
        }

        Line($"    {Macro}_STATUS_COUNT /**< Number of the values above. */");
        Line($"}} {Name}_status;");
        Line();
    }

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text.Substring(1)}.";

    private void WriteTypes()
    {
        Line("/** Element types of this model's inputs and outputs; the numbers are those of ONNX's TensorProto.DataType. */");
        Line($"typedef enum {Name}_type {{");
        foreach (ElementType type in _native.Inputs.Concat(_native.Outputs).Select(static t => t.Boundary.Type).Distinct().OrderBy(static t => t))
        {
            Line($"    {Macro}_TYPE_{type.ToString().ToUpperInvariant()} = {(int)type},");
        }

        Line($"    {Macro}_TYPE_NONE = 0");
        Line($"}} {Name}_type;");
        Line();
    }

    private IEnumerable<(string Declaration, string Meaning)> Inputs() => _native.Inputs
        .Select(static t => ($"const {t.CType}* {t.Member}", Meaning(t)))
        .Concat(_native.Sizes.Select(static s => (
            $"int32_t {s.Member}",
            $"Dimension \"{Comment(s.Variable.Name)}\" of this run: {s.Minimum} to {s.Maximum}{(s.Variable.Step == 1 ? string.Empty : $", a multiple of {s.Variable.Step}")}.")));

    private IEnumerable<(string Declaration, string Meaning)> Outputs() => _native.Outputs
        .Select(static t => ($"{t.CType}* {t.Member}", Meaning(t)))
        .Concat(_native.Outputs.Where(static t => t.ShapeMember is not null)
            .Select(static t => ($"int32_t {t.ShapeMember}[{t.Boundary.Shape.Rank}]", $"Receives the shape of {t.Member} in this run.")));

    private static string Meaning(NativeTensor tensor)
    {
        string note = tensor.Note.Length > 0 ? $"; {tensor.Note}" : string.Empty;
        string empty = tensor.IsEmpty ? "; has no elements, may be null" : string.Empty;
        return $"{Describe(tensor)}, \"{Comment(tensor.Boundary.Original)}\"{note}{empty}.";
    }

    private void WriteStructure(string kind, string meaning, IEnumerable<(string Declaration, string Meaning)> members)
    {
        Line($"/** {meaning} */");
        Line($"typedef struct {Name}_{kind} {{");
        (string Declaration, string Meaning)[] all = members.ToArray();
        foreach ((string declaration, string about) in all)
        {
            Line($"    {declaration}; /**< {about} */");
        }

        if (all.Length == 0)
        {
            Line("    char none; /**< There are none. */");
        }

        Line($"}} {Name}_{kind};");
        Line();
    }

    private void WriteInformation()
    {
        Line("/** What the model says of an input or output. */");
        Line($"typedef struct {Name}_tensor_t {{");
        WriteFields(_information.Tensor(null));
        Line($"}} {Name}_tensor_t;");
        Line();
        Line("/** What is known of the library. Libraries of other models have the same fields; lengths of arrays differ and are given. */");
        Line($"typedef struct {Name}_info_t {{");
        WriteFields(_information.Head);
        Line($"    {Name}_tensor_t inputs[{(_native.Inputs.Count == 0 ? "1" : $"{Macro}_INPUT_COUNT")}]; /**< The inputs. */");
        Line($"    {Name}_tensor_t outputs[{(_native.Outputs.Count == 0 ? "1" : $"{Macro}_OUTPUT_COUNT")}]; /**< The outputs. */");
        Line($"}} {Name}_info_t;");
        Line();
    }

    private void WriteFields(IEnumerable<NativeField> fields)
    {
        foreach (NativeField field in fields)
        {
            Line($"    {field.Declaration}; /**< {Sentence(field.Meaning)} */");
        }
    }

    private void WriteFunctions()
    {
        Line("/**");
        Line(" * Runs the model once.");
        Line(_native.HasInputs ? " * @param inputs   What the run reads." : " * @param inputs   May be null: the model has no inputs.");
        Line(" * @param outputs  Where the run writes.");
        Line($" * @param arena    {Macro}_ARENA_SIZE bytes, aligned to {Macro}_ARENA_ALIGNMENT{(_native.ArenaBytes == 0 ? "; may be null" : string.Empty)}.");
        if (HasState)
        {
            Line($" * @param state    {Macro}_STATE_SIZE bytes, aligned alike: what the last run of the stream left, zeros before the first.");
            Line(" *                 After an index error its contents are not valid: reset it.");
        }

        if (_native.TakesWeights)
        {
            Line($" * @param weights  {Macro}_WEIGHTS_SIZE bytes, aligned alike: the contents of {_native.WeightsFile}.");
        }

        Line($" * @return {Macro}_OK or an error.");
        Line(" */");
        Line($"{Macro}_API int {Name}_run(const {Name}_inputs* inputs, {Name}_outputs* outputs, void* arena{(HasState ? ", void* state" : string.Empty)}{(_native.TakesWeights ? ", const void* weights" : string.Empty)});");
        Line();
        if (HasState)
        {
            Line("/**");
            Line(" * Begins a new stream: fills the state with zeros.");
            Line($" * @return {Macro}_OK or an error.");
            Line(" */");
            Line($"{Macro}_API int {Name}_reset(void* state);");
            Line();
        }

        Line("/** Name, hash, sizes, inputs and outputs of the model: read-only, valid as long as the library is loaded. */");
        Line($"{Macro}_API const {Name}_info_t* {Name}_info(void);");
        Line();
        Line("/** What an error means, in ASCII; never null. */");
        Line($"{Macro}_API const char* {Name}_error(int error);");
        Line();
    }
}
