using System.Collections.Generic;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Emission;

/// <summary>Writes the body of one step's method for one vector width.</summary>
/// <remarks>
/// A body does not say where its operands lie: their addresses are parameters, so that steps which do the same with different
/// memory have the same body and share one method (<see cref="StepMethods"/>). In compact code, loops' trip counts and strides that
/// are written with <see cref="Number"/> can be parameters too.
/// </remarks>
internal sealed class StepWriter
{
    private readonly HashSet<string> _names;
    private readonly List<StepOperand> _operands;
    private readonly List<long> _numbers;
    private readonly SizeTable _sizes;
    private readonly int _depth;

    /// <param name="code">Where the lines go.</param>
    /// <param name="simd">The vector width.</param>
    /// <param name="sizes">Names of the sizes that are known only at run time; gets those that the step uses.</param>
    /// <param name="isShared">True if the method has the parameters <see cref="Begin"/> and <see cref="End"/>.</param>
    /// <param name="isCompact">True if few bytes of code matter more than time.</param>
    public StepWriter(CodeWriter code, Simd simd, SizeTable sizes, bool isShared = false, bool isCompact = false)
    {
        Code = code;
        Simd = simd;
        _names = new HashSet<string>(System.StringComparer.Ordinal) { Strings, Begin, End };
        _operands = new List<StepOperand>();
        _numbers = new List<long>();
        _sizes = sizes;
        _depth = code.Depth;
        IsShared = isShared;
        IsCompact = isCompact;
    }

    private StepWriter(StepWriter writer)
    {
        Code = writer.Code;
        Simd = writer.Simd;
        _names = writer._names;
        _operands = writer._operands;
        _numbers = writer._numbers;
        _sizes = writer._sizes;
        _depth = writer._depth;
        IsCompact = writer.IsCompact;
    }

    /// <summary>Stands in a body for the name of the method, which it gets later.</summary>
    public const char MethodMark = '\u0001';

    /// <summary>Name of the parameter that says which unit of the step's parallel extent is the first of this call.</summary>
    public const string Begin = "beginUnit";

    /// <summary>Name of the parameter that says which unit is the first that this call leaves out.</summary>
    public const string End = "endUnit";

    /// <summary>Working memory of a share that a thread's stack has room for.</summary>
    public const long MaxLocalBytes = 256 * 1024;

    /// <summary>How memory on the stack is declared. Methods that do are told to leave it as it is: nothing reads what it did not write.</summary>
    public const string StackAllocation = "stackalloc";

    /// <summary>Name of the parameter with the table of strings, for steps that use it.</summary>
    public const string Strings = "strings";

    public CodeWriter Code { get; }

    public Simd Simd { get; }

    /// <summary>How single elements are written: those behind the last vector, or all.</summary>
    public Simd Scalar => Simd.IsScalar ? Simd : Simd.Scalar;

    /// <summary>True if the method computes only the units <see cref="Begin"/> … <see cref="End"/> - 1 of the step's parallel extent.</summary>
    public bool IsShared { get; }

    /// <summary>True if few bytes of code matter more than time: one body for all tiles, no unrolling, no narrower widths for tails.</summary>
    public bool IsCompact { get; }

    /// <summary>The memory that the body works on, in order of declaration: the first parameters of its method.</summary>
    public IReadOnlyList<StepOperand> Operands => _operands;

    /// <summary>Values of the numbers that may become parameters, in order of writing.</summary>
    public IReadOnlyList<long> Numbers => _numbers;

    /// <summary>Names of the sizes known only at run time that the step uses so far: parameters of its method, and of its parts that compute a range.</summary>
    public IReadOnlyList<string> SizeNames => _sizes.Used;

    /// <summary>A writer of the same method for work that is inside a unit: it is done whole.</summary>
    public StepWriter Whole() => new(this);

    /// <summary>The operands of a part that computes a range of units, in the order of its parameters.</summary>
    public IReadOnlyList<StepOperand> OperandsOf(StepPart part)
    {
        var writer = new StepWriter(new CodeWriter(), Simd, _sizes, isShared: true);
        part.Emit(writer);
        return writer.Operands;
    }

    public void Line(string text = "") => Code.Line(text);

    public CodeWriter.Scope Block(string header = "") => Code.Block(header);

    public CodeWriter.Scope For(string variable, long count, long step = 1, long start = 0) => !IsCompact || count - start <= step
        ? Code.For(variable, count, step, start)
        : Block($"for (int {variable} = {start}; {variable} < {Number(count)}; {(step == 1 ? $"{variable}++" : $"{variable} += {step}")})");

    /// <summary>
    /// A trip count or stride that is at most an i32. In compact code, steps that differ in nothing but such numbers share a method, which gets them as parameters.
    /// </summary>
    public string Number(long value)
    {
        if (!IsCompact || value is < 0 or > int.MaxValue)
        {
            return $"{value}";
        }

        _numbers.Add(value);
        return $"{NumberText.Start}{_numbers.Count - 1}{NumberText.End}";
    }

    /// <summary>True if so many bytes of working memory are on the stack of each thread that computes a share, where no other core writes.</summary>
    public bool HasLocal(long bytes) => IsShared && bytes <= MaxLocalBytes;

    /// <summary>Declares working memory of this call on its thread's stack, aligned like the arena; its contents are undefined.</summary>
    /// <param name="hint">Name of the <c>byte*</c>, if it is free.</param>
    /// <param name="bytes">How much.</param>
    /// <param name="comment">What it is for.</param>
    /// <returns>The name.</returns>
    public string Local(string hint, long bytes, string comment)
    {
        string name = Name(hint);
        Line($"byte* {name} = {StackAllocation} byte[{bytes + 127}];");
        Line($"{name} = (byte*)(((long){name} + 63) & ~63L);   // {NameSanitizer.Comment(comment)}");
        return name;
    }

    /// <summary>The loop over the units of the step's parallel extent: those of this call, or all of them.</summary>
    public CodeWriter.Scope ForUnits(string variable, Extent extent) => IsShared
        ? Code.Block($"for (int {variable} = {Begin}; {variable} < {End}; {variable}++)")
        : For(variable, extent);

    /// <summary>The same for units that are one of several kinds: numbers <paramref name="first"/> … of all <paramref name="total"/> units.</summary>
    public CodeWriter.Scope ForUnits(string variable, Extent extent, int first, Extent total) => first == 0 && extent == total
        ? ForUnits(variable, extent)
        : ForTiles(variable, 0, extent.Maximum, 1, first);

    /// <summary>
    /// A loop over tiles, each of which is a unit of the step's parallel extent: <paramref name="variable"/> is the start of a tile.
    /// If the method is shared, only the tiles of this call.
    /// </summary>
    /// <param name="variable">The loop's variable.</param>
    /// <param name="start">Start of the first tile.</param>
    /// <param name="end">End of the last one.</param>
    /// <param name="size">From one tile to the next.</param>
    /// <param name="firstUnit">Number of the first tile among the units.</param>
    public CodeWriter.Scope ForTiles(string variable, int start, int end, int size, int firstUnit)
    {
        if (!IsShared)
        {
            return Code.For(variable, end, size, start);
        }

        if (end - start <= size)
        {
            CodeWriter.Scope scope = Code.Block($"if ({Begin} <= {firstUnit} && {firstUnit} < {End})");
            Line($"const int {variable} = {start};");
            return scope;
        }

        string from = Relative(Begin, firstUnit);
        string to = Relative(End, firstUnit);
        string first = start == 0 ? string.Empty : $"{start} + ";
        string scale = size == 1 ? string.Empty : $" * {size}";
        string lower = firstUnit == 0 ? $"({Begin}{scale})" : $"(global::System.Math.Max({from}, 0){scale})";
        return Code.Block($"for (int {variable} = {first}{lower}, {variable}End = global::System.Math.Min({first}({to}{scale}), {end}); {variable} < {variable}End; {variable} += {size})");
    }

    /// <summary>
    /// A loop whose iterations a few lanes share, each with scratch memory of its own: lane l of n does those from l·count/n to
    /// (l + 1)·count/n. If the method is shared, its units are the lanes, and only those of this call are done.
    /// </summary>
    /// <param name="variable">The loop's variable.</param>
    /// <param name="count">Iterations.</param>
    /// <param name="lanes">Lanes; the parallel extent.</param>
    /// <param name="step">From one value of the variable to the next.</param>
    /// <param name="end">Values of the variable end before this; null if the last iteration is as long as the others.</param>
    public CodeWriter.Scope ForLanes(string variable, int count, int lanes, int step = 1, int? end = null)
    {
        int bound = end ?? (count * step);
        if (!IsShared)
        {
            return For(variable, bound, step);
        }

        string First(string lane) => count == lanes
            ? $"{lane}{(step == 1 ? string.Empty : $" * {step}")}"
            : $"{lane} * {count} / {lanes}{(step == 1 ? string.Empty : $" * {step}")}";
        string last = bound >= count * step ? First(End) : $"global::System.Math.Min({First(End)}, {bound})";
        return Block($"for (int {variable} = {First(Begin)}, {variable}End = {last}; {variable} < {variable}End; {variable} += {step})");
    }

    private static string Relative(string unit, int first) => first == 0 ? unit : $"({unit} - {first})";

    /// <summary>A counting loop whose trip count is a number or known only at run time.</summary>
    public CodeWriter.Scope For(string variable, Extent count) => count.IsDynamic
        ? Block($"for (int {variable} = 0; {variable} < {Value(count)}; {variable}++)")
        : For(variable, (long)count.Maximum);

    /// <summary>An extent in code: a number, or the parameter of the step's method that holds it in this run.</summary>
    public string Value(Extent extent) => extent.Size is { } size ? Value(size) : $"{extent.Maximum}";

    /// <summary>A size in code: a number, or the parameter of the step's method that holds it in this run.</summary>
    public string Value(Size size) => size.Constant is { } constant ? $"{constant}" : _sizes.Use(size);

    /// <summary>Declares a pointer to the first element of a view and returns its name, made unique in the method.</summary>
    /// <param name="view">The view.</param>
    /// <param name="wantedName">Name, if no other local has it.</param>
    /// <param name="comment">What it points to; null for the view's description.</param>
    /// <param name="type">C# pointer type; null for that of the view's elements.</param>
    public string Pointer(TensorView view, string wantedName, string? comment = null, string? type = null)
    {
        string name = Name(wantedName);
        bool isNested = Code.Depth > _depth;
        var operand = new StepOperand(isNested ? Name($"{name}Start") : name, type ?? PointerType(view.Type), view, comment ?? view.Describe());
        _operands.Add(operand);
        if (isNested)
        {
            Line($"{operand.Type} {name} = {operand.Name};");
        }

        return name;
    }

    /// <summary>Name of the method of one of the step's parts.</summary>
    public static string PartName(StepPart part) => $"{MethodMark}_{part.Name}";

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

    /// <summary>Declares a local with a value, under a name that no other local of the method has.</summary>
    /// <returns>Its name.</returns>
    public string Declare(string type, string wanted, string value)
    {
        string name = Name(wanted);
        Line($"{type} {name} = {value};");
        return name;
    }

    /// <summary>The address of a view's first element as a byte pointer expression that a cast can stand before.</summary>
    public static string Address(TensorView view)
    {
        long offset = view.ByteOffset + (HasOffset(view.Storage) ? view.Storage.Owner.Offset : 0);
        string start = BaseName(view.Storage);
        return offset == 0 ? start : $"({start} + {offset})";
    }

    /// <summary>Name of the method parameter that points to the storage's memory; a window's is also the local that moves.</summary>
    public static string BaseName(Storage storage) => storage.Owner.Kind switch
    {
        StorageKind.Arena => "arena",
        StorageKind.Weights => "weights",
        StorageKind.State => "state",
        StorageKind.Input => $"input{storage.BoundaryIndex}",
        StorageKind.Window => $"window{storage.Id}",
        _ => $"output{storage.BoundaryIndex}",
    };

    /// <summary>True if the storage is a part of larger memory.</summary>
    public static bool HasOffset(Storage storage) => storage.Owner.Kind is StorageKind.Arena or StorageKind.Weights or StorageKind.State;

    /// <summary>C# pointer type for elements of a type; bool is handled as byte so that any stored value is valid.</summary>
    public static string PointerType(ElementType type) => type == ElementType.Bool ? "byte*" : $"{type.CSharpName()}*";
}

/// <summary>A parameter of a step's method: a pointer to an operand.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Type">Its C# type.</param>
/// <param name="View">What it points to.</param>
/// <param name="Comment">The same in words.</param>
internal sealed record StepOperand(string Name, string Type, TensorView View, string Comment)
{
    /// <summary>The argument of a call, in terms of the memory that is passed to all steps.</summary>
    public string Argument => Type == "byte*" ? StepWriter.Address(View) : $"({Type}){StepWriter.Address(View)}";
}
