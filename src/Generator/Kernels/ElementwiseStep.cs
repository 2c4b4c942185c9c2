using System;
using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;

namespace AotCompiler.Kernels;

/// <summary>Applies an element-wise program to operands that broadcast to the output, in one pass over memory.</summary>
internal sealed class ElementwiseStep : Step, IRowStep
{
    /// <summary>Rows shorter than half a vector of 512 bits, and loops of several vectors.</summary>
    private const int ShortRow = 8;
    private const int LongLoop = 64;

    private readonly ElementProgram _program;
    private readonly IReadOnlyList<TensorView> _operands;
    private readonly TensorView _output;
    private readonly LoopNest _nest;
    private readonly IReadOnlyList<IReadOnlyList<IterationDimension>> _dimensions;
    private readonly IReadOnlyList<IterationDimension> _outputDimensions;
    private readonly bool _byRows;
    private readonly TensorView? _table;

    /// <param name="node">The node it belongs to; null for conversions that the compiler adds.</param>
    /// <param name="name">Name for people.</param>
    /// <param name="program">What is computed.</param>
    /// <param name="operands">Operands, each with its iteration dimensions, which have the extents of the output's (stride 0 where it broadcasts).</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="outputDimensions">Its iteration dimensions, if they are others than those of its layout.</param>
    /// <param name="table">The program's values as bytes for each byte of its only operand, to look them up instead; else null.</param>
    public ElementwiseStep(
        Node? node,
        string name,
        ElementProgram program,
        IReadOnlyList<(TensorView View, IReadOnlyList<IterationDimension> Dimensions)> operands,
        TensorView output,
        IReadOnlyList<IterationDimension>? outputDimensions = null,
        TensorView? table = null)
        : base(node, name)
    {
        _program = program;
        _table = table;
        _operands = operands.Select(static o => o.View).ToArray();
        _output = output;
        _dimensions = operands.Select(static o => o.Dimensions).ToArray();
        _outputDimensions = outputDimensions ?? output.Layout.Dimensions();
        _nest = Loops(program, _dimensions.Append(_outputDimensions).ToArray());
    }

    /// <summary>
    /// The loops in the order of memory; where that leaves rows shorter than a vector to costly functions, as of the two coordinates of
    /// boxes, the longest loop is the innermost one: bringing lanes together costs less than functions of single elements.
    /// </summary>
    private static LoopNest Loops(ElementProgram program, IReadOnlyList<IterationDimension>[] operands)
    {
        LoopNest nest = LoopNest.Build(operands);
        IReadOnlyList<IterationDimension> output = operands[operands.Length - 1];
        if (program.IsCheap || !program.SupportsLanes || nest.InnerExtent >= ShortRow || output.Any(static d => d.Trip.IsDynamic))
        {
            return nest;
        }

        int longest = Enumerable.Range(0, output.Count).OrderByDescending(d => output[d].Extent).FirstOrDefault();
        return output.Count > 0 && output[longest].Extent >= LongLoop
            ? LoopNest.Build(operands, Enumerable.Range(0, output.Count).Where(d => d != longest).Append(longest).ToArray())
            : nest;
    }

    private ElementwiseStep(ElementwiseStep step)
        : base(step.Node, step.Name)
    {
        _program = step._program;
        _table = step._table;
        _operands = step._operands;
        _output = step._output;
        _dimensions = step._dimensions;
        _outputDimensions = step._outputDimensions;
        _nest = RowLoops.Build(_dimensions.Append(_outputDimensions).ToArray());
        _byRows = true;
    }

    public override bool TakesRunTimeSizes => true;

    public override IReadOnlyList<TensorView> Reads => _table is null ? _operands : _operands.Append(_table).ToArray();

    public override IReadOnlyList<TensorView> Writes => new[] { _output };

    public override IEnumerable<(TensorView Read, TensorView Write)> InPlace
    {
        get
        {
            for (int i = 0; i < _operands.Count; i++)
            {
                TensorView operand = _operands[i];
                if (operand.Storage.Bytes == _output.Storage.Bytes
                    && operand.Type.Size() == _output.Type.Size()
                    && operand.Layout.Offset == _output.Layout.Offset
                    && _dimensions[i].SequenceEqual(_outputDimensions))
                {
                    yield return (operand, _output);
                }
            }
        }
    }

    public override string Kernel => $"element-wise, {_program.Instructions.Count} {(_program.Instructions.Count == 1 ? "function" : "functions")}{(_table is not null ? " by a table of bytes" : IsVector || IsDoubles || IsNative ? string.Empty : ", scalar")}";

    public override string Summary => $"{Node?.Operator.Name ?? (_output.Zero is null ? "Widen" : "Narrow")}, y = {_program.Formula(OperandNames)}";

    private IReadOnlyList<string> OperandNames => _program.OperandCount == 1 ? new[] { "x" } : Enumerable.Range(0, _program.OperandCount).Select(static i => $"x{i}").ToArray();

    private int OutputIndex => _operands.Count;

    /// <summary>
    /// Vectors want unit strides innermost, or one element for all lanes. Lanes that lie apart are brought together one by one,
    /// which pays where the functions cost more than that.
    /// </summary>
    private bool IsVector => _program.SupportsLanes
        && (!_program.IsCheap || Enumerable.Range(0, _operands.Count + 1).All(o => _nest.InnerStride(o) is 0 or 1));

    /// <summary>Vectors of f64 take unit strides and single elements only.</summary>
    private bool IsDoubles => _program.SupportsDoubles
        && _nest.InnerStride(OutputIndex) == 1
        && Enumerable.Range(0, _operands.Count).All(o => _nest.InnerStride(o) is 0 or 1);

    /// <summary>So do vectors of the elements' own types.</summary>
    private bool IsNative => _program.NativeBytes > 0
        && _nest.InnerStride(OutputIndex) == 1
        && Enumerable.Range(0, _operands.Count).All(o => _nest.InnerStride(o) is 0 or 1)
        && _operands.Append(_output).All(static v => v.Zero is null or 0);

    /// <summary>Loops for threads to share.</summary>
    private LoopNest Divided => _nest.Divided(least: LoopNest.LeastRow);

    public override bool SharesRunTimeSizes => true;

    public override Extent ParallelExtent(Simd simd) => _byRows ? _output.Shape[2] : Divided.Units;

    public Step? ByRows() => RowLoops.Apply(_output) && _outputDimensions.Count == _output.Layout.Dimensions().Count ? new ElementwiseStep(this) : null;

    public ShareCut? Cut => _byRows ? ShareCut.Rows : null;

    public IReadOnlyList<(TensorView View, RowAccess? Rows)> RowReads => _operands
        .Select((v, i) => (v, v.Shape.Rank == 4 && v.Shape[2] == _output.Shape[2] && _dimensions[i][2].Stride == v.Layout.Strides[2] ? RowAccess.Same : (RowAccess?)null))
        .Concat(Reads.Skip(_operands.Count).Select(static t => (t, (RowAccess?)null)))
        .ToArray();

    public override void Emit(StepWriter writer)
    {
        List<(string Name, string Type)> pointers = _operands
            .Select((view, i) => (writer.Pointer(view, OperandNames[i], view.Describe()), StepWriter.PointerType(view.Type)))
            .ToList();
        pointers.Add((writer.Pointer(_output, "y", _output.Describe()), StepWriter.PointerType(_output.Type)));
        if (_table is not null)
        {
            writer.Pointer(_table, "table", "the result for each byte");
        }

        if (_byRows)
        {
            long[] strides = _dimensions.Append(_outputDimensions).Select(static d => d[2].Stride).ToArray();
            RowLoops.Emit(writer, _output.Shape[2], pointers, strides, rows => _nest.EmitOuter(writer, rows, inner => EmitLoop(writer, _nest, inner)));
            return;
        }

        LoopNest nest = writer.IsShared ? Divided : _nest;
        nest.EmitShared(writer, pointers, rows => EmitLoop(writer, nest, rows));
    }

    private void EmitLoop(StepWriter writer, LoopNest nest, IReadOnlyList<string> rows)
    {
        if (_table is not null)
        {
            EmitLookUps(writer, nest, rows);
        }
        else if (IsVector)
        {
            EmitVectorLoop(writer, nest, rows);
        }
        else if (IsDoubles && !writer.Simd.IsScalar)
        {
            VectorLoop.Emit(
                writer,
                nest.InnerTrip,
                (simd, index) =>
                {
                    if (simd.IsScalar)
                    {
                        EmitElement(writer, rows, index);
                    }
                    else
                    {
                        EmitDoubles(writer, simd.Doubles, rows, index);
                    }
                },
                elementBytes: sizeof(double));
        }
        else if (IsNative && !writer.Simd.IsScalar)
        {
            EmitNativeLoop(writer, nest, rows);
        }
        else
        {
            using (writer.For("i", nest.InnerTrip))
            {
                EmitElement(writer, rows, "i");
            }
        }
    }

    private void EmitLookUps(StepWriter writer, LoopNest nest, IReadOnlyList<string> rows)
    {
        if (nest.InnerStride(0) == 1 && nest.InnerStride(1) == 1)
        {
            writer.Line($"ByteTable.Map(table, (byte*){rows[0]}, (byte*){rows[1]}, {writer.Value(nest.InnerTrip)});");
            return;
        }

        using (writer.For("i", nest.InnerTrip))
        {
            writer.Line($"((byte*){rows[1]})[{ElementIndex(1, "i")}] = table[((byte*){rows[0]})[{ElementIndex(0, "i")}]];");
        }
    }

    private void EmitNativeLoop(StepWriter writer, LoopNest nest, IReadOnlyList<string> rows)
    {
        int bytes = _program.NativeBytes;
        VectorLoop.Emit(
            writer,
            nest.InnerTrip,
            (simd, index) =>
            {
                if (simd.IsScalar)
                {
                    EmitElement(writer, rows, index);
                    return;
                }

                var lanes = new NativeLanes(simd, bytes);
                string[] operands = Enumerable.Range(0, _operands.Count)
                    .Select(o => _nest.InnerStride(o) == 0
                        ? lanes.Broadcast($"{rows[o]}[0]", _operands[o].Type)
                        : lanes.Load(VectorLoop.At(rows[o], index), _operands[o].Type))
                    .ToArray();
                string result = _program.EmitNative(writer.Code, lanes, DeclareReused(writer, o => lanes.Type(_operands[o].Type), operands), "t");
                writer.Line(lanes.Store(VectorLoop.At(rows[OutputIndex], index), result, _output.Type));
            },
            bytes);
    }

    private void EmitDoubles(StepWriter writer, Simd simd, IReadOnlyList<string> rows, string index)
    {
        string[] operands = Enumerable.Range(0, _operands.Count)
            .Select(o => _nest.InnerStride(o) == 0
                ? simd.Broadcast(Simd.Scalar.Doubles.Load(rows[o], _operands[o].Type))
                : simd.Load(VectorLoop.At(rows[o], index), _operands[o].Type))
            .ToArray();
        string result = _program.Emit(writer.Code, simd, DeclareReused(writer, _ => simd.Type, operands), "t");
        writer.Line(simd.Store(VectorLoop.At(rows[OutputIndex], index), result, _output.Type));
    }

    private void EmitVectorLoop(StepWriter writer, LoopNest nest, IReadOnlyList<string> rows)
    {
        VectorLoop.Emit(writer, nest.InnerTrip, (simd, index) =>
        {
            string[] operands = Enumerable.Range(0, _operands.Count)
                .Select(o => _nest.InnerStride(o) == 0 && _nest.Depth > 0
                    ? StoredLanes.Broadcast(simd, _operands[o], rows[o])
                    : StoredLanes.Load(simd, _operands[o], rows[o], index, _nest.InnerStride(o)))
                .ToArray();
            string[] locals = DeclareReused(writer, _ => simd.Type, operands);
            if (_nest.InnerStride(OutputIndex) is 0 or 1)
            {
                StoredLanes.EmitStore(_program, writer, simd, locals, "t", _output, VectorLoop.At(rows[OutputIndex], index));
                return;
            }

            string result = StoredLanes.EmitResult(_program, writer, simd, locals, "t", _output);
            writer.Line($"{simd.Type} result = {result};");
            foreach (string line in simd.StoreStrided(rows[OutputIndex], index, _nest.InnerStride(OutputIndex), "result", _output.Type))
            {
                writer.Line(line);
            }
        });
    }

    /// <summary>Operands that the program reads more than once become locals.</summary>
    private string[] DeclareReused(StepWriter writer, Func<int, string> type, string[] operands)
    {
        var result = (string[])operands.Clone();
        for (int o = 0; o < operands.Length; o++)
        {
            if (_program.Instructions.Sum(i => i.Arguments.Count(a => a == o)) > 1 || _program.Instructions.Count > 1)
            {
                result[o] = $"v{o}";
                writer.Line($"{type(o)} v{o} = {operands[o]};");
            }
        }

        return result;
    }

    private void EmitElement(StepWriter writer, IReadOnlyList<string> rows, string index)
    {
        bool lanes = _program.SupportsLanes;
        var operands = new List<string>();
        for (int o = 0; o < _operands.Count; o++)
        {
            ElementType type = _operands[o].Type;
            string element = $"{rows[o]}[{ElementIndex(o, index)}]";
            writer.Line(lanes && type != ElementType.Float32
                ? $"float v{o} = {StoredLanes.Scalar(_operands[o], element)};"
                : $"{type.CSharpName()} v{o} = {(type == ElementType.Bool ? $"{element} != 0" : element)};");
            operands.Add($"v{o}");
        }

        string result = StoredLanes.EmitResult(_program, writer, writer.Scalar, operands, "t", _output);
        string stored = _output.Type == ElementType.Bool ? $"({result}) ? (byte)1 : (byte)0"
            : lanes && _output.Type != ElementType.Float32 ? $"({_output.Type.CSharpName()})({result})"
            : result;
        writer.Line($"{rows[OutputIndex]}[{ElementIndex(OutputIndex, index)}] = {stored};");
    }

    private string ElementIndex(int operand, string index) => _nest.InnerStride(operand) switch
    {
        0 => "0",
        1 => index,
        long stride => $"{index} * {stride}",
    };
}
