using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Emission;

/// <summary>Writes the body of one step's method for one vector width.</summary>
internal sealed class StepWriter
{
    private readonly HashSet<string> _names = new(System.StringComparer.Ordinal);

    public StepWriter(CodeWriter code, Simd simd)
    {
        Code = code;
        Simd = simd;
    }

    public CodeWriter Code { get; }

    public Simd Simd { get; }

    public void Line(string text = "") => Code.Line(text);

    public CodeWriter.Scope Block(string header = "") => Code.Block(header);

    public CodeWriter.Scope For(string variable, long count, long step = 1, long start = 0) => Code.For(variable, count, step, start);

    /// <summary>Declares a pointer to the first element of a view and returns its name, made unique in the method.</summary>
    public string Pointer(TensorView view, string wantedName, string? comment = null)
    {
        string name = Name(wantedName);
        string type = PointerType(view.Type);
        string text = $"{type} {name} = ({type}){Address(view)};";
        Line(comment is null ? text : $"{text}   // {comment}");
        return name;
    }

    /// <summary>A name that no other local of the method has.</summary>
    public string Name(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_names.Add(name); i++)
        {
            name = $"{wanted}{i}";
        }

        return name;
    }

    /// <summary>The address of a view's first element as a byte pointer expression that a cast can stand before.</summary>
    public static string Address(TensorView view)
    {
        long offset = view.ByteOffset + (view.Storage.Kind is StorageKind.Arena or StorageKind.Weights ? view.Storage.Offset : 0);
        string start = BaseName(view.Storage);
        return offset == 0 ? start : $"({start} + {offset})";
    }

    /// <summary>Name of the method parameter that points to the storage's memory.</summary>
    public static string BaseName(Storage storage) => storage.Kind switch
    {
        StorageKind.Arena => "arena",
        StorageKind.Weights => "weights",
        StorageKind.Input => $"input{storage.BoundaryIndex}",
        _ => $"output{storage.BoundaryIndex}",
    };

    /// <summary>C# pointer type for elements of a type; bool is handled as byte so that any stored value is valid.</summary>
    public static string PointerType(ElementType type) => type == ElementType.Bool ? "byte*" : $"{type.CSharpName()}*";
}
