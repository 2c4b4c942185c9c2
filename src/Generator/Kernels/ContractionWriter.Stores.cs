using System.Collections.Generic;
using System.Linq;
using AotCompiler.Emission;
using AotCompiler.Ir;
using AotCompiler.Lowering;
using AotCompiler.Operators.Reduction;

namespace AotCompiler.Kernels;

/// <content>From a tile's sums to memory: the epilogue, and lanes that are not real.</content>
internal sealed partial class ContractionWriter
{
    private void Store(int positions, TileRow row)
    {
        if (_work.Codes is CodeForm.Pairs && _work.Output.Type == ElementType.Int32)
        {
            StoreIntegers(positions, row);
            return;
        }

        if (_work.Above is { } above)
        {
            StorePairs(positions, row, above);
            return;
        }

        for (int p = 0; p < positions; p++)
        {
            for (int register = 0; register < row.Count; register++)
            {
                Simd width = row.WidthOf(register);
                int q = register / _simd.RegistersPerBlock;
                int lane = register % _simd.RegistersPerBlock * _simd.Lanes;
                string[] operands = FinishOperands(width, RealSum(p, register), p, q, lane);
                string target = Target(p, q, lane);
                if (width.Bits == _simd.Bits)
                {
                    StoredLanes.EmitStore(_work.Epilogue, _writer, _simd, operands, $"t{p}_{register}_", _work.Output, target);
                    continue;
                }

                _writer.Line(_simd.Store(target, Widened(width, Finish(width, operands, $"t{p}_{register}_"))));
            }

            foreach (int lane in ZeroLanes(row))
            {
                _writer.Line(_simd.Store(Target(p, row.Blocks - 1, lane), _simd.Zero));
            }
        }
    }

    /// <summary>The maxima of pairs of positions and of those above them.</summary>
    private void StorePairs(int positions, TileRow row, EpilogueOperand above)
    {
        for (int p = 0; p < positions; p += 2)
        {
            for (int register = 0; register < row.Count; register++)
            {
                Simd width = row.WidthOf(register);
                int q = register / _simd.RegistersPerBlock;
                int lane = register % _simd.RegistersPerBlock * _simd.Lanes;
                string[] maxima = new[] { p, p + 1 }.Select(position => JoinAbove(width, above, position, register, q, lane)).ToArray();
                _writer.Line(_simd.Store(Target(p, q, lane), Widened(width, Larger(width, maxima[0], maxima[1]))));
            }

            foreach (int lane in ZeroLanes(row))
            {
                _writer.Line(_simd.Store(Target(p, row.Blocks - 1, lane), _simd.Zero));
            }
        }
    }

    /// <summary>Declares the maximum of a finished sum and the cell above it.</summary>
    private string JoinAbove(Simd width, EpilogueOperand above, int position, int register, int block, int lane)
    {
        string value = Finish(width, FinishOperands(width, RealSum(position, register), position, block, lane), $"t{position}_{register}_");
        string address = Add(
            $"aboveRow{Offset(("p", TiledPositions, above.Strides.Position))}",
            (position * above.Strides.Position) + (block * above.Strides.Block) + lane);
        string name = $"m{position}_{register}";
        _writer.Line($"{width.Type} {name} = {Larger(width, OperandValue(width, above, address), value)};");
        return name;
    }

    /// <summary>A sum and the epilogue's operands beside it.</summary>
    private string[] FinishOperands(Simd width, string sum, int position, int block, int lane, int row = 0) => new[] { sum }
        .Concat(_work.EpilogueOperands.Select((o, i) => LoadOperand(width, o, i, position, block, lane, row)))
        .ToArray();

    /// <summary>What the epilogue makes of a sum; the sum itself without one.</summary>
    private string Finish(Simd width, string[] operands, string prefix) => _work.Epilogue?.Emit(_writer.Code, width, operands, prefix) ?? operands[0];

    /// <summary>A register of half a block with zeros behind it; others as they are.</summary>
    private string Widened(Simd width, string value) => width.Bits < _simd.Bits ? $"({value}).ToVector{_simd.Bits}()" : value;

    private static string Larger(Simd width, string a, string b) => ReductionFunction.MaxNumber.Step(width, ElementType.Float32, a, b);

    /// <summary>Sums of integers as they are, for a step that works on.</summary>
    private void StoreIntegers(int positions, TileRow row)
    {
        VectorType type = VectorType.OfSums(_simd);
        for (int p = 0; p < positions; p++)
        {
            for (int register = 0; register < row.Count; register++)
            {
                int lane = register % _simd.RegistersPerBlock * _simd.Lanes;
                _writer.Line(type.Store(Target(p, register / _simd.RegistersPerBlock, lane), Sum(p, register)));
            }
        }
    }

    private string Target(int position, int block, int lane, int row = 0) => Add(
        $"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}",
        (row * _work.OutputStrides.Row) + (position * _work.OutputStrides.Position) + (block * _work.OutputStrides.Block) + lane);

    /// <summary>First lanes of the registers of a half block that are not computed. A register that is half as wide is stored with zeros behind it instead.</summary>
    private IEnumerable<int> ZeroLanes(TileRow row)
    {
        for (int register = row.Count; register < row.Blocks * _simd.RegistersPerBlock; register++)
        {
            yield return register % _simd.RegistersPerBlock * _simd.Lanes;
        }
    }

    /// <summary>A finished sum as f32 lanes: a local of its own where that is a conversion.</summary>
    private string RealSum(int position, int register)
    {
        string sum = Sum(position, register);
        string real = _terms.Real(sum);
        if (real == sum)
        {
            return sum;
        }

        _writer.Line($"{_simd.Type} f{position}_{register} = {real};");
        return $"f{position}_{register}";
    }

    /// <summary>Sums go through scratch memory to an epilogue that is a loop over the tile's positions and blocks.</summary>
    private void StoreStaged(int positions, TileRow row)
    {
        int parts = _simd.RegistersPerBlock;
        int blocks = row.Blocks;
        for (int p = 0; p < positions; p++)
        {
            string Stage(int q, int lane) => Add("s", (((q * positions) + p) * Layout.BlockSize) + lane);
            for (int r = 0; r < row.Count; r++)
            {
                string sum = _terms.Real(Sum(p, r));
                _writer.Line(_simd.Store(Stage(r / parts, r % parts * _simd.Lanes), Widened(row.WidthOf(r), sum)));
            }

            foreach (int lane in ZeroLanes(row))
            {
                _writer.Line(_simd.Store(Stage(blocks - 1, lane), _simd.Zero));
            }
        }

        using (_writer.For("q", blocks))
        using (_writer.For("i", positions))
        {
            string Walk(long blockStride, long positionStride) => Offset(("q", blocks, blockStride), ("i", positions, positionStride));
            for (int h = 0; h < parts; h++)
            {
                int lane = h * _simd.Lanes;
                string[] operands = new[] { $"sum{h}" }
                    .Concat(_work.EpilogueOperands.Select((o, i) => OperandValue(_simd, o, Add(
                        $"r{i + 1}Row{Offset(("p", TiledPositions, o.Strides.Position))}{Walk(o.Strides.Block, o.Strides.Position)}",
                        lane * o.LaneStride))))
                    .ToArray();
                _writer.Line($"{_simd.Type} sum{h} = {_simd.Load(Add($"s{Walk(positions * Layout.BlockSize, Layout.BlockSize)}", lane))};");
                string target = Add(
                    $"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}{Walk(_work.OutputStrides.Block, _work.OutputStrides.Position)}",
                    lane);
                StoredLanes.EmitStore(_work.Epilogue, _writer, _simd, operands, $"t{h}_", _work.Output, target);
            }
        }
    }

    /// <summary>An operand of an epilogue at an address as lanes.</summary>
    public static string OperandValue(Simd simd, EpilogueOperand operand, string address) =>
        operand.LaneStride != 0 ? StoredLanes.Load(simd, operand.View, address)
        : operand.View.Zero is null ? simd.Broadcast($"*({address})")
        : StoredLanes.Broadcast(simd, operand.View, address);

    private string LoadOperand(Simd width, EpilogueOperand operand, int index, int position, int block, int lane, int row = 0)
    {
        string address = Add(
            $"r{index + 1}Row{Offset(("p", TiledPositions, operand.Strides.Position))}",
            (row * operand.Strides.Row) + (position * operand.Strides.Position) + (block * operand.Strides.Block) + (lane * operand.LaneStride));
        return OperandValue(width, operand, address);
    }

    /// <summary>Sums go through scratch memory, so that only real lanes reach the output and its epilogue reads no foreign memory.</summary>
    private void StorePartial(int positions, TileRow row)
    {
        for (int p = 0; p < positions; p++)
        {
            for (int h = 0; h < row.Count; h++)
            {
                _writer.Line(row.WidthOf(h).Store(Add("s", (p * Layout.BlockSize) + (h * _simd.Lanes)), _terms.Real(Sum(p, h))));
            }
        }

        if ((_writer.IsCompact || _work.IsStaged) && positions > 1)
        {
            using (_writer.For("q", positions))
            {
                StorePartialPosition("q");
            }

            return;
        }

        for (int p = 0; p < positions; p++)
        {
            StorePartialPosition(null, p);
        }
    }

    /// <summary>Stores the real lanes of one position: of a loop's, or of a number.</summary>
    private void StorePartialPosition(string? loop, int position = 0)
    {
        string Walk(string pointer, long stride) => loop is null ? Add(pointer, position * stride) : $"{pointer} + ({Walked(loop, stride)})";
        VectorLoop.Emit(_writer, LastLanes, StoreLanes, _work.Type.Size());

        void StoreLanes(Simd floats, string index)
        {
            Simd simd = floats.Of(_work.Type);
            string sum = simd.Load(VectorLoop.At(Walk("s", Layout.BlockSize), index));
            if (_work.Epilogue is not null)
            {
                _writer.Line($"{simd.Type} sum = {sum};");
                sum = "sum";
            }

            string[] operands = new[] { sum }
                .Concat(_work.EpilogueOperands.Select((o, i) => LoadPartialOperand(simd, o, Walk(OperandRow(o, i), o.Strides.Position), index)))
                .ToArray();
            string target = Walk($"yRow{Offset(("p", TiledPositions, _work.OutputStrides.Position))}", _work.OutputStrides.Position);
            StoredLanes.EmitStore(_work.Epilogue, _writer, simd, operands, "t", _work.Output, VectorLoop.At(target, index));
        }
    }

    private string OperandRow(EpilogueOperand operand, int index) => $"r{index + 1}Row{Offset(("p", TiledPositions, operand.Strides.Position))}";

    private static string LoadPartialOperand(Simd simd, EpilogueOperand operand, string address, string lane) =>
        OperandValue(simd, operand, operand.LaneStride == 0 ? address : VectorLoop.At(address, lane));
}
